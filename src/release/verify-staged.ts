import { Readable } from "node:stream";
import { defined } from "../model/defined.ts";
import type { Manifest } from "../model/manifest.ts";
import { MANIFEST } from "../model/names.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import {
  type ExpectedSigner,
  filesOfFolder,
  type OpenedArchives,
  type ReleasedFiles,
  verifyRelease,
} from "../verification/index.ts";
import type { PackedArtifact } from "./pack.ts";
import type { ReleaseRun } from "./release-run.ts";

/**
 * Verifies what is staged as a reader will verify what is released, with this run's own identity as the expected
 * one: before any of it can be seen. Throws a `Problem`.
 */
export async function verifyStaged(
  manifest: Manifest,
  opened: OpenedArchives,
  run: ReleaseRun,
): Promise<void> {
  await run.journal.step({ kind: "verify", of: "" }, async () => {
    const staged = await filesOfFolder(run.output.staging, run.world.files);
    const files = withManifest(staged, manifest);
    const { faults } = await verifyRelease(files, await expectedOf(manifest, run), opened);
    if (faults.length === 0) return;
    const lines = faults.map(({ file, message }) => `  ${file}: ${message}`);
    throw new Problem(
      "staged-unsound",
      ["the staged release failed verification", ...lines].join("\n"),
      {
        hint: "nothing was published; make sure nothing else writes to `output`, then run again",
      },
    );
  });
}

/** The programs of archives that were opened where they are staged, when they were packed or taken in. */
export function openedBefore(packed: readonly PackedArtifact[]): OpenedArchives {
  return new Map(
    packed.flatMap(({ artifact, opened }) =>
      opened === undefined ? [] : [[artifact.name, opened] as const],
    ),
  );
}

/** The manifest is written when all is done. */
function withManifest(staged: ReleasedFiles, manifest: Manifest): ReleasedFiles {
  return {
    names: [...staged.names, MANIFEST],
    open: (name, range) =>
      name === MANIFEST
        ? Readable.from([Buffer.from(JSON.stringify(manifest))])
        : staged.open(name, range),
  };
}

async function expectedOf(
  { plan, identity }: Manifest,
  { signing }: ReleaseRun,
): Promise<ExpectedSigner> {
  const source = sourceOf(plan);
  if (signing === undefined || identity === undefined) return defined({ source });
  const { subject, issuer } = identity;
  const keyless = identity.kind === "keyless" ? { identity: subject, issuer } : {};
  return defined({ ...(await signing.signer.trust()), ...keyless, source });
}

function sourceOf({ release, destination }: Plan): ExpectedSigner["source"] {
  const { forge, repository, serverUrl } = destination;
  return release.tag === null || forge === "directory"
    ? undefined
    : { forge, tag: release.tag, repository, serverUrl };
}
