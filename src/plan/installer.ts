import type { Config } from "../config/config.ts";
import { defined } from "../model/defined.ts";
import type { InstallerDownload, InstallScriptName, PlannedInstaller } from "../model/installer.ts";
import type { ArchiveStep, Destination, Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { downloadFolder } from "./addresses/downloads.ts";
import { publicServer, type ServedForge } from "./addresses/servers.ts";
import { commonFormats, installerDownloads } from "./installer-downloads.ts";

type InstallerScene = Pick<Plan, "name" | "release" | "checksum" | "destination"> & {
  readonly archives: readonly ArchiveStep[];
};

/** The scripts that install what is released; undefined where nobody wants them. Throws a `Problem` for what they cannot install. */
export function plannedInstaller(
  { settings }: Config,
  scene: InstallerScene,
): PlannedInstaller | undefined {
  if (!settings.installer) return undefined;
  const { name, release, archives, checksum, destination } = scene;
  const { forge } = destination;
  if (forge === "directory")
    throw nowhere("this release goes to no forge", "`forge` and `repository`");
  if (forge === "gitlab" && /^\d+$/u.test(destination.repository))
    throw nowhere(
      `project ${destination.repository} is a number`,
      "the project's path as `repository`",
    );
  const scripts = scriptsOf(archives);
  if (scripts.length === 0) throw empty();
  const place = {
    url: `${destination.serverUrl}/${destination.repository}`,
    tag: release.tag ?? `v${release.version}`,
    forge,
  };
  const url = downloadFolder(place);
  const installer = defined({
    name,
    version: release.version,
    forge,
    url,
    urlTemplate: url.replace(encodeURIComponent(release.version), "{version}"),
    checksums: checksum.name,
    signer: signerOf(release, destination, forge),
    scripts,
  });
  assertPlain(installer);
  return installer;
}

function scriptsOf(archives: readonly ArchiveStep[]): PlannedInstaller["scripts"] {
  const wanted = [
    { name: "install.sh", downloads: installerDownloads(archives, UNIX) },
    { name: "install.ps1", downloads: installerDownloads(archives, WINDOWS) },
  ] satisfies { name: InstallScriptName; downloads: InstallerDownload[] }[];
  return wanted.filter(({ downloads }) => downloads.length > 0);
}

const UNIX = {
  systems: new Set(
    "linux android darwin freebsd openbsd netbsd dragonfly solaris illumos aix".split(" "),
  ),
  // What every system unpacks by itself comes first.
  formats: commonFormats,
};

const WINDOWS = {
  systems: new Set(["windows"]),
  // PowerShell knows zip; Windows has had tar since version 10.
  formats: ["zip", "none", "tar.gz"] as const,
};

/** The runs of which workflow sign, where the public instance of sigstore knows the forge. */
function signerOf(
  { tag }: Plan["release"],
  { serverUrl, repository }: Destination,
  forge: ServedForge,
): PlannedInstaller["signer"] {
  if (tag === null || serverUrl !== publicServer[forge]) return undefined;
  return { repository, ref: `refs/tags/${tag}` };
}

/** Shells divide their words where these are not. */
const PLAIN = /^[\w.,+@~/-]+$/u;

function assertPlain({ name, checksums, url, scripts }: PlannedInstaller): void {
  const words = scripts.flatMap(({ downloads }) =>
    downloads.flatMap(({ file, programs }) => [
      file,
      ...programs.flatMap((program) => [program.path, program.name]),
    ]),
  );
  const odd = [name, checksums, ...words].find((word) => !PLAIN.test(word) || word.startsWith("-"));
  if (odd !== undefined) {
    throw new Problem(
      "installer-name",
      `installer: a script cannot install ${JSON.stringify(odd)}`,
      {
        hint: "use only ASCII letters, digits and . , _ + @ ~ - in the names of archives, folders and programs",
      },
    );
  }
  if (!/^https?:\/\/[\w.~!*()%:@/+-]+$/u.test(url))
    throw nowhere(`files cannot be downloaded from ${url}`, "`forge`, `repository` and `api-url`");
}

function nowhere(what: string, cure: string): Problem {
  return new Problem("installer-nowhere", `installer: ${what}`, {
    hint: `people install from where a release can be downloaded: give ${cure}, or leave \`installer\` out`,
  });
}

function empty(): Problem {
  return new Problem(
    "installer-empty",
    "installer: the plan has no archive with a program for any machine",
    {
      hint: "add a target such as linux/amd64 to `targets`, or leave `installer` out",
    },
  );
}
