import { PROVENANCE, SIGNATURE } from "../model/names.ts";
import type { Plan } from "../model/plan.ts";
import { sbomNames } from "../sboms/index.ts";

/** Every name that a released file of this plan may take; only the binaries tell which SBOMs there will be. */
export function releasedNames(plan: Plan): readonly string[] {
  const archives = [...plan.archives, ...(plan.packages ?? []), ...(plan.extras ?? [])].map(
    ({ name }) => name,
  );
  const signed = [plan.checksum.name, ...(plan.signing.everyArchive ? archives : [])];
  return [
    ...archives,
    ...sbomNames(plan),
    plan.checksum.name,
    ...(plan.gpg === undefined ? [] : [plan.gpg.name]),
    ...signed.map((name) => name + SIGNATURE),
    PROVENANCE,
  ];
}
