import { join } from "node:path";
import { archives } from "../archives/index.ts";
import type { Digest } from "../checksums/digest.ts";
import { digestingSink } from "../checksums/digesting-sink.ts";
import type { SourceStep } from "../model/plan.ts";
import { formatBytes } from "../report/table.ts";
import type { PackedArtifact } from "./pack.ts";
import type { CheckedOutRun } from "./release-run.ts";

/** Packs the files of the commit, where that is planned. */
export async function packSource(run: CheckedOutRun): Promise<readonly PackedArtifact[]> {
  const { plan, budget, journal, signal } = run;
  const { source } = plan;
  const { commit } = plan.release;
  if (source === undefined || commit === null) return [];
  const { name } = source;
  const { size, sha256 } = await budget.use({ cores: 1 }, true, signal, () =>
    journal.step(
      { kind: "pack", of: name },
      () => write(source, commit, run),
      (digest) => formatBytes(digest.size),
    ),
  );
  return [{ artifact: { kind: "source", name, path: name, size, sha256, from: [] }, binaries: [] }];
}

async function write(
  { name, format, prefix, submodules }: SourceStep,
  commit: string,
  { plan, output, world: { files }, commitFiles, signal }: CheckedOutRun,
): Promise<Digest> {
  const folder = join(output.temporary, "source");
  try {
    const query = { commit, tag: plan.release.tag, submodules };
    const entries = await commitFiles.entries(query, folder);
    const placed = entries.map((entry) => ({ ...entry, name: prefix + entry.name }));
    // A sink that cannot be opened says so at once: from here on somebody listens.
    const sink = digestingSink(files.sink(join(output.staging, name)));
    await archives[format].write(placed, new Date(plan.release.date), sink.out, signal);
    return sink.digest();
  } finally {
    await files.remove(folder);
  }
}
