import { installScript } from "../installers/installer.ts";
import type { PackedArtifact } from "./pack.ts";
import type { ReleaseRun } from "./release-run.ts";
import { upload } from "./upload.ts";
import { writeArtifact } from "./write-artifact.ts";

/** Scripts that install what was packed, written and uploaded; none where none are planned. */
export async function makeInstallers(
  packed: readonly PackedArtifact[],
  run: ReleaseRun,
): Promise<readonly PackedArtifact[]> {
  const { installer } = run.plan;
  if (installer === undefined) return [];
  const digests = new Map(packed.map(({ artifact }) => [artifact.name, artifact.sha256]));
  const made = await Promise.all(
    installer.scripts.map(async ({ name, downloads }) => {
      const text = installScript(name, installer, digests);
      const from = downloads.map(({ file }) => file);
      const write = () => writeArtifact({ kind: "installer", name, text, from }, run);
      return { artifact: await run.journal.step({ kind: "pack", of: name }, write), binaries: [] };
    }),
  );
  await upload(
    made.map(({ artifact }) => artifact),
    run,
  );
  return made;
}
