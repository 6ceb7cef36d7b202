import { levelsOf } from "../go/levels.ts";
import type { ArchiveFormatName } from "../model/archive-format.ts";
import type { ChannelDownload, ChannelKind } from "../model/channel.ts";
import type { ArchiveStep, Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { downloadUrl, type ReleasePlace } from "./addresses/downloads.ts";

interface Platform {
  readonly os: string;
  readonly arch: string;
}

const unix: readonly Platform[] = [
  { os: "darwin", arch: "arm64" },
  { os: "darwin", arch: "amd64" },
  { os: "linux", arch: "arm64" },
  { os: "linux", arch: "amd64" },
];

const platforms: Readonly<Record<ChannelKind, readonly Platform[]>> = {
  homebrew: unix,
  "homebrew-cask": unix,
  scoop: [
    { os: "windows", arch: "amd64" },
    { os: "windows", arch: "386" },
    { os: "windows", arch: "arm64" },
  ],
};

/** Which of several formats is installed from. */
const preferred: Readonly<Record<ChannelKind, readonly ArchiveFormatName[]>> = {
  homebrew: ["tar.gz", "zip", "tar.zst", "gz", "none"],
  "homebrew-cask": ["tar.gz", "zip", "tar.zst", "gz", "none"],
  // What Scoop unpacks by itself comes first.
  scoop: ["zip", "none", "tar.gz", "tar.zst"],
};

/** What a channel installs on each of its platforms. Throws a `Problem` where there is nothing. */
export function channelDownloads(
  kind: ChannelKind,
  { archives }: Pick<Plan, "archives">,
  place: ReleasePlace,
): ChannelDownload[] {
  const downloads = platforms[kind].flatMap((platform) => {
    const archive = archiveFor(platform, kind, archives);
    return archive === undefined ? [] : [downloadOf(platform, archive, place)];
  });
  if (downloads.length > 0) return downloads;
  throw new Problem(
    "channel-empty",
    `${kind}: the plan has no archive for ${platforms[kind].map(({ os, arch }) => `${os}/${arch}`).join(", ")}`,
    { hint: `add one of these to \`targets\`, or leave \`${kind}\` out` },
  );
}

/** The first with programs, in the best of its formats, at the level that every machine has. */
function archiveFor(
  { os, arch }: Platform,
  kind: ChannelKind,
  archives: readonly ArchiveStep[],
): ArchiveStep | undefined {
  const fitting = archives.filter(
    ({ target, binaries }) =>
      target?.os === os &&
      (target.arch === arch || (os === "darwin" && target.arch === "universal")) &&
      (target.level === undefined || target.level === levelsOf(arch)?.fallback) &&
      binaries.length > 0,
  );
  const [best] = preferred[kind]
    .map((format) => fitting.filter((archive) => archive.format === format))
    .filter((some) => some.length > 0);
  if (best !== undefined && isBare(best[0]) && best.length > 1)
    throw new Problem(
      "channel-bare",
      `${kind}: ${os}/${arch} has ${best.length} programs that are released one by one`,
      { hint: "release them in one archive too: `archive: [none, zip]`, or `tar.gz`" },
    );
  return best?.[0];
}

function isBare(archive: Pick<ArchiveStep, "format"> | undefined): boolean {
  return archive?.format === "none" || archive?.format === "gz";
}

function downloadOf(
  platform: Platform,
  { name: file, format, binaries, files }: ArchiveStep,
  place: ReleasePlace,
): ChannelDownload {
  const url = downloadUrl(file, place);
  const called = (name: string): string => name.replace(/\.exe$/u, "");
  if (isBare({ format })) {
    const path = format === "gz" ? file.replace(/\.gz$/u, "") : file;
    const programs = binaries.map(({ name }) => ({ path, name: called(name) }));
    return { ...platform, file, url, folder: "", packed: false, programs, files: [] };
  }
  const folder = commonFolder([
    ...binaries.map(({ path }) => path),
    ...files.map((one) => one.name),
  ]);
  const below = (path: string): string => (folder === "" ? path : path.slice(folder.length + 1));
  return {
    ...platform,
    file,
    url,
    folder,
    packed: true,
    programs: binaries.map(({ name, path }) => ({ path: below(path), name: called(name) })),
    files: files.map(({ name }) => below(name)),
  };
}

/** The one folder at the top that everything lies in. */
function commonFolder(paths: readonly string[]): string {
  const tops = new Set(paths.map((path) => (path.includes("/") ? path.split("/")[0] : "")));
  const [top = ""] = tops;
  return tops.size === 1 ? top : "";
}
