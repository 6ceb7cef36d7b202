import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { digestingSink } from "../checksums/digesting-sink.ts";
import type { ExtraFileStep } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatBytes } from "../report/table.ts";
import type { PackedArtifact } from "./pack.ts";
import type { CheckedOutRun } from "./release-run.ts";

/** Copies a file of the checkout among the released ones. Throws a `Problem` where it is gone. */
export async function copyExtra(
  { source, name }: ExtraFileStep,
  { folder, journal, output, signal, world: { files } }: CheckedOutRun,
): Promise<PackedArtifact> {
  // A file above the module is not above a link to it.
  const from = join(await files.real(folder), source);
  const copy = async () => {
    if ((await files.stat(from))?.kind !== "file")
      throw new Problem("file-gone", `extra-files: ${source} is gone since the plan was made`);
    const sink = digestingSink(files.sink(join(output.staging, name)));
    await pipeline(files.source(from), sink.out, { signal });
    return sink.digest();
  };
  const { size, sha256 } = await journal.step({ kind: "pack", of: name }, copy, (digest) =>
    formatBytes(digest.size),
  );
  return { artifact: { kind: "file", name, path: name, size, sha256, from: [] }, binaries: [] };
}
