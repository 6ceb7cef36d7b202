import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { digestingSink } from "../checksums/digesting-sink.ts";
import { Problem } from "../model/problem.ts";
import type { PackedArtifact } from "./pack.ts";
import { makePackages } from "./packages.ts";
import type { CheckedOutRun } from "./release-run.ts";
import { upload } from "./upload.ts";

/** Archives, and what is made of them and released beside them. */
export async function withPackages(
  packed: readonly PackedArtifact[],
  packager: string | undefined,
  run: CheckedOutRun,
): Promise<readonly PackedArtifact[]> {
  const packages = await makePackages(packed, packager, run);
  return [...packed, ...packages, ...(await copyExtras(run))];
}

/** Files of the checkout that are released under names of their own. */
async function copyExtras(run: CheckedOutRun): Promise<readonly PackedArtifact[]> {
  const extras = await Promise.all(
    (run.plan.extras ?? []).map((extra) =>
      run.journal.step({ kind: "pack", of: extra.name }, () => copied(extra, run)),
    ),
  );
  await upload(
    extras.map(({ artifact }) => artifact),
    run,
  );
  return extras;
}

async function copied(
  { name, source }: { readonly name: string; readonly source: string },
  { folder, output, signal, world: { files } }: CheckedOutRun,
): Promise<PackedArtifact> {
  const from = join(await files.real(folder), source);
  if ((await files.stat(from))?.kind !== "file")
    throw new Problem("file-gone", `${source} is gone since the plan was made`);
  const sink = digestingSink(files.sink(join(output.staging, name)));
  await pipeline(files.source(from), sink.out, { signal });
  return {
    artifact: { kind: "file", name, path: name, ...sink.digest(), from: [source] },
    binaries: [],
  };
}
