import { posix } from "node:path";
import type { ChannelDownload, PlannedChannel } from "../../model/channel.ts";
import type { ChannelFormat, ReleasedDigests } from "../channel.ts";
import { digestOf } from "../digest-of.ts";
import { caveatLines, livecheckLines, styledDescription } from "./formula.ts";
import { formula } from "./homebrew.ts";
import { roleOf } from "./install.ts";
import { block, indented, rubyString, spaced } from "./ruby.ts";

/** A cask in a tap (docs.brew.sh, "Cask Cookbook"). */
export const cask: ChannelFormat = {
  folders: ["Casks"],
  extension: ".rb",
  files: (planned, digests) => [
    { name: `${planned.name}.rb`, text: caskText(planned, digests), pinned: false },
  ],
  versionIn: (text) => formula.versionIn(text),
  message: (planned) => formula.message(planned),
};

/** A cask that links released programs into the PATH of macOS and Linux, in the order that `brew style` asks for. */
function caskText(planned: PlannedChannel, digests: ReleasedDigests): string {
  const { name, version, description = "", homepage, downloads, dependencies } = planned;
  const { conflicts = [] } = planned;
  const shared = sharedLines(downloads);
  const needs = [
    ...listLines("conflicts_with cask:", conflicts),
    ...systemLines(downloads),
    ...listLines("depends_on formula:", dependencies),
  ];
  const body = spaced(
    [`version ${rubyString(version)}`],
    ["darwin", "linux"].flatMap((os) => systemBlock(os, downloads, digests, shared === undefined)),
    [
      `name ${rubyString(name)}`,
      `desc ${rubyString(styledDescription(description, name))}`,
      `homepage ${rubyString(withSlash(homepage))}`,
    ],
    block("livecheck do", checkLines(planned)),
    needs,
    shared ?? [],
    planned.unquarantine === true ? UNQUARANTINE : [],
    caveatStanza(planned),
  );
  return [`cask ${rubyString(name)} do`, ...indented(body), "end", ""].join("\n");
}

/** `brew style` asks for one after a domain. */
function withSlash(url: string): string {
  return /^https?:\/\/[^/?#]+$/u.test(url) ? `${url}/` : url;
}

function caveatStanza(planned: PlannedChannel): readonly string[] {
  const [mark, ...text] = caveatLines(planned);
  return mark === undefined ? [] : [`caveats ${mark}`, ...text];
}

function checkLines(planned: PlannedChannel): readonly string[] {
  return livecheckLines(planned).map((line) => (line === "url :stable" ? "url :url" : line));
}

function listLines(stanza: string, names: readonly string[]): readonly string[] {
  const [only] = names;
  if (only === undefined) return [];
  if (names.length === 1) return [`${stanza} ${rubyString(only)}`];
  return [`${stanza} [`, ...[...names].sort().map((one) => `  ${rubyString(one)},`), "]"];
}

const architectures = [
  { arch: "arm64", head: "on_arm do", symbol: ":arm64" },
  { arch: "amd64", head: "on_intel do", symbol: ":x86_64" },
] as const;

/** A cask that has no address for some machine says that it is not for it. */
function systemBlock(
  os: string,
  downloads: readonly ChannelDownload[],
  digests: ReleasedDigests,
  differs: boolean,
): readonly string[] {
  const here = architectures.flatMap(({ arch, ...more }) => {
    const download = downloads.find((one) => one.os === os && one.arch === arch);
    return download === undefined ? [] : [{ ...more, download }];
  });
  const blocks = here.map(({ head, download }) => {
    const { file, url } = download;
    const source = [`sha256 ${rubyString(digestOf(file, digests))}`];
    const address = [`url ${rubyString(url)}`];
    return block(head, spaced(source, address, differs ? artifactLines(download) : []));
  });
  const [only, other] = here;
  const needed =
    only !== undefined && other === undefined ? [`depends_on arch: ${only.symbol}`] : [];
  return block(os === "darwin" ? "on_macos do" : "on_linux do", spaced(blocks.flat(), needed));
}

function systemLines(downloads: readonly ChannelDownload[]): readonly string[] {
  const systems = [...new Set(downloads.map(({ os }) => os))];
  return systems.length === 1 ? [`depends_on :${systems[0] === "darwin" ? "macos" : "linux"}`] : [];
}

/** Where every platform's archive has the same paths; undefined where they differ. */
function sharedLines(downloads: readonly ChannelDownload[]): readonly string[] | undefined {
  const [first, ...others] = downloads.map((download) => artifactLines(download));
  const text = first?.join("\n");
  return others.every((one) => one.join("\n") === text) ? first : undefined;
}

/** A cask sees an archive as it is, with the folder at its top. */
function artifactLines({ folder, programs, files }: ChannelDownload): readonly string[] {
  const names = programs.map(({ name }) => name);
  const linked = programs.map(({ path, name }) => {
    const given = rubyString(posix.join(folder, path));
    return posix.basename(path) === name
      ? `binary ${given}`
      : `binary ${given}, target: ${rubyString(name)}`;
  });
  const others = files.flatMap((path) => {
    const role = roleOf(path, names);
    return role === undefined ? [] : [`${role} ${rubyString(posix.join(folder, path))}`];
  });
  return [...linked, ...others.sort((one, other) => rank(one) - rank(other))];
}

const order = ["manpage", "bash_completion", "fish_completion", "zsh_completion"];

function rank(line: string): number {
  return order.indexOf(line.split(" ")[0] ?? "");
}

/** What a person does who knows that the program is neither signed nor notarised, and where it is from. */
const UNQUARANTINE = [
  "postflight do",
  "  if OS.mac?",
  '    system_command "/usr/bin/xattr",',
  '                   args: ["-dr", "com.apple.quarantine", staged_path.to_s]',
  "  end",
  "end",
];
