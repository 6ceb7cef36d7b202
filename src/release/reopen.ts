import { join } from "node:path";
import { formatOf } from "../archives/index.ts";
import type { Digest } from "../checksums/digest.ts";
import type { ArchiveStep } from "../model/plan.ts";
import { digestsOf } from "../verification/contents.ts";
import type { ReleaseRun } from "./release-run.ts";

/**
 * The sha256 of each program as it lies in a staged archive, by its path in it: read back while others still compile,
 * so that nobody waits for it at the end. `written` is what was written there; the last step compares the file with it.
 */
export async function reopen(
  { name, binaries }: Pick<ArchiveStep, "name" | "binaries">,
  written: Digest,
  { output, world }: Pick<ReleaseRun, "output" | "world">,
): Promise<ReadonlyMap<string, string>> {
  const paths = new Set(binaries.map(({ path }) => path));
  const format = formatOf(name);
  if (format === undefined) return new Map([...paths].map((path) => [path, written.sha256]));
  const path = join(output.staging, name);
  const open = (range?: { start: number; end: number }) => world.files.source(path, range);
  return await digestsOf(format.read({ size: written.size, open }), paths);
}
