import { basename } from "node:path/posix";
import type { ChannelDownload } from "../../model/channel.ts";
import { Problem } from "../../model/problem.ts";
import { rubyString } from "./ruby.ts";

/** The lines of `def install`: programs, man pages and completions that the archives hold. */
export function installLines(downloads: readonly ChannelDownload[]): readonly string[] {
  const prefix = commonStart(downloads.flatMap(barePaths));
  const mac = linesOf("darwin", downloads, prefix);
  const linux = linesOf("linux", downloads, prefix);
  if (mac === undefined || linux === undefined || same(mac, linux)) return mac ?? linux ?? [];
  const inside = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  return ["if OS.mac?", ...inside(mac), "else", ...inside(linux), "end"];
}

/** Throws a `Problem` where the architectures of one system differ in what they hold. */
function linesOf(
  os: string,
  downloads: readonly ChannelDownload[],
  prefix: string,
): readonly string[] | undefined {
  const [first, ...others] = downloads.filter((download) => download.os === os);
  if (first === undefined) return undefined;
  const lines = linesFor(first, prefix);
  const other = others.find((download) => !same(linesFor(download, prefix), lines));
  if (other === undefined) return lines;
  throw new Problem(
    "channel-differs",
    `homebrew: ${first.file} and ${other.file} hold other files`,
    {
      hint: "let the archives of one operating system hold the same programs, man pages and completions",
    },
  );
}

function linesFor({ packed, programs, files }: ChannelDownload, prefix: string): string[] {
  const named = programs.map(({ path, name }) => {
    if (!packed) return `bin.install Dir[${rubyString(`${prefix}*`)}].first => ${rubyString(name)}`;
    return `bin.install ${rubyString(path)}`;
  });
  const names = programs.map(({ name }) => name);
  return [...named, ...files.flatMap((path) => lineFor(path, names)).sort(byText)];
}

/** What a file that lies beside the programs is to a shell or a reader; undefined for what is only read where it lies. */
export type FileRole = "manpage" | "bash_completion" | "zsh_completion" | "fish_completion";

export function roleOf(path: string, programs: readonly string[]): FileRole | undefined {
  const name = basename(path);
  const isPage =
    PAGE.test(name) &&
    (/(^|\/)man\d?\//u.test(path) || programs.some((program) => name.startsWith(program)));
  if (isPage) return "manpage";
  if (name.endsWith(".bash")) return "bash_completion";
  if (name.endsWith(".zsh") || programs.some((program) => name === `_${program}`))
    return "zsh_completion";
  return name.endsWith(".fish") ? "fish_completion" : undefined;
}

const PAGE = /^.+\.([1-8])(?:\.gz)?$/u;

/** How it is installed. */
function lineFor(path: string, programs: readonly string[]): readonly string[] {
  const name = basename(path);
  const given = rubyString(path);
  const renamed = (to: string): string => (to === name ? given : `${given} => ${rubyString(to)}`);
  const plain = name.replace(/\.(bash|zsh)$/u, "");
  const role = roleOf(path, programs);
  switch (role) {
    case "manpage":
      return [`man${PAGE.exec(name)?.[1]}.install ${given}`];
    case "bash_completion":
      return [`bash_completion.install ${renamed(plain)}`];
    case "zsh_completion":
      return [`zsh_completion.install ${renamed(`_${plain.replace(/^_/u, "")}`)}`];
    case "fish_completion":
      return [`fish_completion.install ${given}`];
    case undefined:
      return [];
  }
}

function barePaths({ packed, programs }: ChannelDownload): readonly string[] {
  return packed ? [] : programs.map(({ path }) => path);
}

function commonStart(texts: readonly string[]): string {
  return texts.reduce((start, text) => {
    let length = 0;
    while (length < start.length && start[length] === text[length]) length += 1;
    return start.slice(0, length);
  }, texts[0] ?? "");
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.join("\n") === other.join("\n");
}

function byText(one: string, other: string): number {
  return one < other ? -1 : 1;
}
