import type { ChannelDownload, PlannedChannel } from "../../model/channel.ts";
import { besideName } from "../../model/checksum-files.ts";
import { defined } from "../../model/defined.ts";
import type { ReleasedDigests } from "../channel.ts";
import { digestOf } from "../digest-of.ts";

/** A manifest that installs released programs, in the order of Scoop's own buckets and by its schema. */
export function manifestText(planned: PlannedChannel, digests: ReleasedDigests): string {
  const { version, description, homepage, license, downloads } = planned;
  const bins = downloads.map(binOf);
  const [bin] = bins;
  const shared = bins.every((one) => JSON.stringify(one) === JSON.stringify(bin));
  const architecture = byArchitecture(downloads, (download, index) =>
    defined({
      url: urlOf(download),
      hash: digestOf(download.file, digests),
      extract_dir: download.folder === "" ? undefined : download.folder,
      bin: shared ? undefined : bins[index],
    }),
  );
  const data = defined({
    version,
    description,
    homepage,
    license,
    architecture,
    bin: shared ? bin : undefined,
    checkver: checkver(planned),
    autoupdate: autoupdate(planned),
  });
  return `${JSON.stringify(data, null, 4)}\n`;
}

const names: Readonly<Record<string, string>> = { amd64: "64bit", "386": "32bit", arm64: "arm64" };

function byArchitecture<T>(
  downloads: readonly ChannelDownload[],
  make: (download: ChannelDownload, index: number) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    downloads.map((download, index) => [names[download.arch], make(download, index)]),
  );
}

/** A bare program is given the name that it is called by. */
function urlOf({ url, packed, programs }: ChannelDownload): string {
  const [program] = programs;
  return packed || program === undefined ? url : `${url}#/${program.name}.exe`;
}

function binOf({ packed, programs }: ChannelDownload): string | readonly string[] {
  const paths = programs.map(({ path, name }) =>
    packed ? path.replaceAll("/", "\\") : `${name}.exe`,
  );
  const [only = ""] = paths;
  return paths.length === 1 ? only : paths;
}

/** Where Scoop's maintainers' tools look for a newer version. */
function checkver({ project, tagTemplate }: PlannedChannel): unknown {
  const [before = "", after = ""] = tagTemplate.split("{version}");
  const plain = /^v?$/u.test(before) && after === "";
  if (project.url.startsWith("https://github.com/") && plain) return { github: project.url };
  const number = "([\\d.]+)";
  if (project.forge === "github")
    return {
      url: `${project.url}/releases`,
      regex: `${quoted(before)}${number}${quoted(after)}["<]`,
    };
  return {
    url: `${project.url}/-/releases/permalink/latest`,
    regex: `releases/${quoted(encodeURIComponent(before))}${number}`,
  };
}

function quoted(text: string): string {
  return text.replaceAll(/[.*+?^$()[\]{}|\\]/gu, "\\$&");
}

/** How the next version's manifest is made of this one; the digests come from the release's own list. */
function autoupdate(planned: PlannedChannel): unknown {
  const { downloads, version, checksums, project } = planned;
  const moving = (text: string): string => text.replaceAll(version, () => "$version");
  const list = project.forge === "gitlab" ? checksums.replaceAll("+", "-") : checksums;
  const folders = downloads.some(({ folder }) => folder.includes(version));
  return {
    architecture: byArchitecture(downloads, (download) =>
      defined({
        url: moving(urlOf(download)),
        extract_dir: folders && download.folder !== "" ? moving(download.folder) : undefined,
      }),
    ),
    hash: { url: `$baseurl/${besideName(moving(list), "$basename")}` },
  };
}
