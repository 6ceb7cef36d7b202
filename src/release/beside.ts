import type { PackedArtifact } from "./pack.ts";
import { packSource } from "./pack-source.ts";
import type { CheckedOutRun } from "./release-run.ts";
import { upload } from "./upload.ts";

/** What is released and not built, made and uploaded: the source archive. */
export async function packBeside(run: CheckedOutRun): Promise<readonly PackedArtifact[]> {
  const packed = await packSource(run);
  await upload(
    packed.map(({ artifact }) => artifact),
    run,
  );
  return packed;
}
