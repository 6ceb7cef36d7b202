import { parseChecksums } from "../checksums/checksums.ts";
import { isList, PROVENANCE, SIGNATURE } from "../model/names.ts";
import { readBundle } from "../signers/bundles/verify.ts";
import { checksumBeside } from "./checksums.ts";
import { type ReleasedFiles, readText } from "./files.ts";
import { readStatement } from "./provenance.ts";
import { payloadOf } from "./signatures.ts";

/** Whether a file says what others should be: a list of checksums, a signature, a statement. */
export function isEvidence(name: string): boolean {
  return isList(name) || name.endsWith(SIGNATURE);
}

/**
 * The files that the evidence among `files` speaks of. People link documentation, images and what other jobs made on
 * their releases: what nothing here speaks of is no part of what is verified. Nothing is believed yet; evidence that
 * cannot be read speaks of nothing, and is found out by whoever verifies it.
 */
export async function coveredBy(files: ReleasedFiles): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const name of files.names.filter(isEvidence)) {
    const text = await readText(files, name);
    for (const covered of coveredIn(name, text)) names.add(covered);
  }
  return names;
}

function coveredIn(name: string, text: string): readonly string[] {
  try {
    const beside = checksumBeside(name, text);
    if (beside !== undefined) return [beside.name];
    if (isList(name)) return parseChecksums(text, name).map((checksum) => checksum.name);
    if (name !== PROVENANCE) return [name.slice(0, -SIGNATURE.length)];
    const payload = payloadOf(readBundle(text, name));
    const statement = payload === undefined ? undefined : readStatement(payload);
    return (statement?.subject ?? []).map((subject) => subject.name);
  } catch {
    return [];
  }
}
