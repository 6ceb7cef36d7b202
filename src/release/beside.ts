import { copyExtra } from "./copy-extra.ts";
import type { PackedArtifact } from "./pack.ts";
import { packSource } from "./pack-source.ts";
import type { CheckedOutRun } from "./release-run.ts";
import { upload } from "./upload.ts";

/** What is released and not built, made and uploaded: the source archive, and files as they are. */
export async function packBeside(run: CheckedOutRun): Promise<readonly PackedArtifact[]> {
  const source = await packSource(run);
  const extra = await Promise.all((run.plan.extraFiles ?? []).map((file) => copyExtra(file, run)));
  const packed = [...source, ...extra];
  await upload(
    packed.map(({ artifact }) => artifact),
    run,
  );
  return packed;
}
