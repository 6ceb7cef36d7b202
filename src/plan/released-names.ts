import { checksumFiles, signedChecksums } from "../model/checksum-files.ts";
import { PROVENANCE, SIGNATURE } from "../model/names.ts";
import type { Plan } from "../model/plan.ts";
import { sbomNames } from "../sboms/index.ts";

/** The names of what is built and packed, in the order in which it is released. */
export function packedNamesOf({
  archives,
  packages = [],
  installer,
  source,
  extraFiles = [],
}: Plan): readonly string[] {
  const own = source === undefined ? [] : [source];
  const scripts = installer?.scripts ?? [];
  return [...archives, ...own, ...extraFiles, ...packages, ...scripts].map(({ name }) => name);
}

/** Every name that a released file of this plan may take; only the binaries tell which SBOMs there will be. */
export function releasedNames(plan: Plan): readonly string[] {
  const archives = packedNamesOf(plan);
  const sboms = sbomNames(plan);
  const checksums = checksumFiles(plan.checksum, [...archives, ...sboms]);
  const signed = [...signedChecksums(checksums), ...(plan.signing.everyArchive ? archives : [])];
  return [
    ...archives,
    ...sboms,
    ...checksums.map(({ name }) => name),
    ...(plan.gpg === undefined ? [] : [plan.gpg.name]),
    ...signed.map((name) => name + SIGNATURE),
    PROVENANCE,
  ];
}
