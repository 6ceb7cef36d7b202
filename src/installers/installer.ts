import type { InstallScriptName, PlannedInstaller } from "../model/installer.ts";
import { powershellScript } from "./powershell.ts";
import { shellScript } from "./shell.ts";

/** Lower-case hex sha256 of the released files, by name. */
type InstallerDigests = ReadonlyMap<string, string>;

/** The text of a script, with the digest of every file that it may install. */
export function installScript(
  name: InstallScriptName,
  planned: PlannedInstaller,
  digests: InstallerDigests,
): string {
  const downloads = planned.scripts.find((script) => script.name === name)?.downloads ?? [];
  const files = downloads.map((download) => ({
    ...download,
    sha256: digestOf(download.file, digests),
  }));
  return name === "install.sh" ? shellScript(planned, files) : powershellScript(planned, files);
}

function digestOf(file: string, digests: InstallerDigests): string {
  const sha256 = digests.get(file);
  if (sha256 === undefined) throw new Error(`the release has no ${file}, which is to be installed`);
  return sha256;
}
