import * as z from "zod/mini";
import { ArchiveFormatName } from "./archive-format.ts";

/** What an install script fetches and unpacks. */
export const InstallerDownload = z.object({
  /** Whose file it is: `linux/arm/6`, `linux/amd64+musl`; the scripts find out which of them they run on. */
  machines: z.array(z.string()),
  /** The released file. */
  file: z.string(),
  format: ArchiveFormatName,
  /** `path` inside the file, and the `name` that people call it by. */
  programs: z.array(z.object({ path: z.string(), name: z.string() })),
});
export type InstallerDownload = z.infer<typeof InstallerDownload>;

export const InstallScriptName = z.enum(["install.sh", "install.ps1"]);
export type InstallScriptName = z.infer<typeof InstallScriptName>;

/** The scripts that install this release; the digests are known when everything is built. */
export const PlannedInstaller = z.object({
  name: z.string(),
  version: z.string(),
  forge: z.enum(["github", "gitlab"]),
  /** The folder that the release's files are downloaded from. */
  url: z.string(),
  /** The same of any release, with `{version}` where the version stands in it. */
  urlTemplate: z.string(),
  /** Name of the release's list of checksums. */
  checksums: z.string(),
  /** Whom the public instance of sigstore certifies to have signed; absent where it is not known before. */
  signer: z.optional(z.object({ repository: z.string(), ref: z.string() })),
  scripts: z.array(z.object({ name: InstallScriptName, downloads: z.array(InstallerDownload) })),
});
export type PlannedInstaller = z.infer<typeof PlannedInstaller>;
