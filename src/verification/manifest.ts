import { Manifest } from "../model/manifest.ts";
import { MANIFEST } from "../model/names.ts";
import type { Measured } from "./files.ts";
import type { Findings } from "./verdict.ts";

/** Reads a manifest; one that cannot be read is a fault. */
export function readManifest(text: string, findings: Findings): Manifest | undefined {
  try {
    return Manifest.parse(JSON.parse(text));
  } catch {
    findings.fault(MANIFEST, "it is not a manifest that this version can read");
    return undefined;
  }
}

/** Compares name, size and digest of every artifact with the files, both ways. */
export function verifyManifest(
  { artifacts }: Manifest,
  files: ReadonlyMap<string, Measured>,
  findings: Findings,
): void {
  const before = findings.faults.length;
  for (const { name, size, sha256 } of artifacts) {
    const file = files.get(name);
    if (file === undefined) findings.fault(name, "the manifest lists it, but it is missing");
    else if (file.size !== size) {
      findings.fault(name, `it is ${file.size} bytes long, the manifest says ${size}`);
    } else if (file.sha256 !== sha256) {
      findings.fault(name, `its sha256 is ${file.sha256}, the manifest says ${sha256}`);
    }
  }
  const known = new Set(artifacts.map(({ name }) => name));
  for (const name of files.keys()) {
    if (!known.has(name))
      findings.fault(name, "it is not part of the release: the manifest does not list it");
  }
  findings.passed(`${artifacts.length} artifacts against ${MANIFEST}`, before);
}
