import type { ChannelDownload, PlannedChannel } from "../../model/channel.ts";
import type { ReleasedDigests } from "../channel.ts";
import { digestOf } from "../digest-of.ts";
import { installLines } from "./install.ts";
import { rubyLicense } from "./license.ts";
import { block, escaped, indented, rubyString, spaced } from "./ruby.ts";

/**
 * A formula that installs released programs, in the order and style that `brew style` asks for. `line` makes it one
 * of that line of versions alone, e.g. `1.2`.
 */
export function formulaText(
  planned: PlannedChannel,
  digests: ReleasedDigests,
  line?: string,
): string {
  const { name, downloads, dependencies } = planned;
  const full = line === undefined ? name : `${name}@${line}`;
  const systems = [...new Set(downloads.map(({ os }) => os))];
  const needs = [
    ...(systems.length === 1 ? [`depends_on :${systems[0] === "darwin" ? "macos" : "linux"}`] : []),
    ...[...dependencies].sort().map((one) => `depends_on ${rubyString(one)}`),
  ];
  const body = spaced(
    headLines(planned, digests),
    block("livecheck do", livecheckLines(planned, line)),
    line === undefined ? [] : ["keg_only :versioned_formula"],
    needs.sort(),
    systemBlock("darwin", planned, digests),
    systemBlock("linux", planned, digests),
    block("def install", installLines(downloads)),
    block("def caveats", caveatLines(planned)),
    block("test do", testLines(planned)),
  );
  return [`class ${className(full)} < Formula`, ...indented(body), "end", ""].join("\n");
}

function headLines(planned: PlannedChannel, digests: ReleasedDigests): string[] {
  const { name, description = "", homepage, license, version, downloads } = planned;
  const [first] = downloads;
  const rubyed = license === undefined ? undefined : rubyLicense(license);
  // A formula that names no URL for some machine could not even be read there.
  const urls = first !== undefined && isPartial(downloads) ? sourceLines(first, digests) : [];
  const [url, sha256] = [urls.slice(0, 1), urls.slice(1)];
  return [
    `desc ${rubyString(styledDescription(description, name))}`,
    `homepage ${rubyString(homepage)}`,
    ...url,
    ...(isDerivable(planned) ? [] : [`version ${rubyString(version)}`]),
    ...sha256,
    ...(rubyed === undefined ? [] : [`license ${rubyed}`]),
  ];
}

function isPartial(downloads: readonly ChannelDownload[]): boolean {
  return downloads.length < 4;
}

function sourceLines({ file, url }: ChannelDownload, digests: ReleasedDigests): string[] {
  return [`url ${rubyString(url)}`, `sha256 "${digestOf(file, digests)}"`];
}

/** Homebrew reads the version of a release of github.com from its URL (its `version.rb`, "GitHub releases"). */
function isDerivable({ version, downloads }: PlannedChannel): boolean {
  const pattern = /github\.com\/.+\/releases\/download\/(?:[rvV]_?)?(\d+(?:\.\d+)+)\//u;
  return downloads.every(
    ({ url, file }) => pattern.exec(url)?.[1] === version && !/\d{4}-\d{2}-\d{2}/u.test(file),
  );
}

/** By what `brew style` asks of a `desc` (Homebrew's `desc_helper.rb`). */
export function styledDescription(text: string, name: string): string {
  const plain = text
    .trim()
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/\p{So}\uFE0F?\s*/gu, "")
    .replaceAll(/\b(c)ommand ?line\b/giu, "$1ommand-line")
    .replace(ARTICLE, "")
    .replace(ownName(name), "")
    .replace(ARTICLE, "")
    .trim();
  const ended = plain.endsWith("etc.") ? plain : plain.replace(/\.+$/u, "");
  return /^(iOS|iPhone|macOS)\b/u.test(ended)
    ? ended
    : ended.charAt(0).toUpperCase() + ended.slice(1);
}

const ARTICLE = /^(?:the|an?)\s+/iu;

/** The name at the beginning where the rest stands without it: `lazygit is a`, `Go Task:`, `gum -`. */
function ownName(name: string): RegExp {
  const letters = name.replaceAll("-", "").split("").map(pattern);
  return new RegExp(`^${letters.join("[\\s-]?")}(?:\\s*[:,–—]|\\s+-|\\s+is)\\s+`, "iu");
}

export function livecheckLines({ tagTemplate, project }: PlannedChannel, line?: string): string[] {
  const plain = /^v?\{version\}$/u.test(tagTemplate);
  if (plain && line === undefined && project.url.startsWith("https://github.com/"))
    return ["url :stable", "strategy :github_latest"];
  if (plain && line === undefined) return ["url :stable", "regex(/^v?(\\d+(?:\\.\\d+)+)$/i)"];
  const number = line === undefined ? "\\d+" : line.replaceAll(".", "\\.");
  const [before = "", after = ""] = tagTemplate.split("{version}").map(pattern);
  const whole = `^${plain ? "v?" : before}(${number}(?:\\.\\d+)+)${after}$`;
  return ["url :stable", whole.includes("/") ? `regex(%r{${whole}}i)` : `regex(/${whole}/i)`];
}

function pattern(text: string): string {
  return text.replaceAll(/[.*+?^$()[\]{}|\\]/gu, "\\$&");
}

const architectures = [
  { arch: "arm64", name: "on_arm", symbol: ":arm64" },
  { arch: "amd64", name: "on_intel", symbol: ":x86_64" },
] as const;

function systemBlock(
  os: "darwin" | "linux",
  { downloads }: PlannedChannel,
  digests: ReleasedDigests,
): string[] {
  const here = architectures.flatMap(({ arch, name, symbol }) => {
    const download = downloads.find((one) => one.os === os && one.arch === arch);
    return download === undefined ? [] : [{ download, name, symbol }];
  });
  const [only, other] = here;
  const needed =
    only !== undefined && other === undefined ? [`depends_on arch: ${only.symbol}`] : [];
  const blocks = here.map(({ name, download }) =>
    block(`${name} do`, sourceLines(download, digests)),
  );
  const joined = blocks.flatMap((lines) => lines);
  return block(os === "darwin" ? "on_macos do" : "on_linux do", spaced(needed, joined));
}

export function caveatLines({ caveats }: PlannedChannel): string[] {
  if (caveats === undefined || caveats.trim() === "") return [];
  const lines = escaped(caveats.trim())
    .split(/\r?\n/u)
    .map((line) => line.trimEnd());
  const mark = lines.some((line) => line.trim() === "EOS") ? "END_OF_CAVEATS" : "EOS";
  return [`<<~${mark}`, ...indented(lines), mark];
}

function testLines({ downloads, test }: PlannedChannel): string[] {
  const program = downloads[0]?.programs[0]?.name ?? "";
  if (test === undefined) return [`assert_path_exists bin/${rubyString(program)}`];
  return [`assert_match version.to_s, shell_output("#{bin}/${program} ${test}")`];
}

/** As Homebrew's `Formulary.class_s` makes it of the file's name. */
function className(name: string): string {
  return (name.charAt(0).toUpperCase() + name.slice(1).toLowerCase())
    .replaceAll(/[-_.\s]([a-zA-Z0-9])/gu, (_, letter: string) => letter.toUpperCase())
    .replaceAll("+", "x")
    .replace(/(.)@(\d)/u, "$1AT$2");
}
