import { join } from "node:path";
import type { Asset } from "../forges/forge.ts";
import type { Artifact } from "../model/artifact.ts";
import { parallel } from "./parallel.ts";
import type { ReleaseRun } from "./release-run.ts";
import { UploadProgress } from "./upload-progress.ts";

/** Sends artifacts to the forge as the budget allows; nothing in a dry run. */
export async function upload(artifacts: readonly Artifact[], outer: ReleaseRun): Promise<void> {
  const { budget, journal, staged } = outer;
  if (staged === undefined) return;
  const progress = new UploadProgress(artifacts, journal);
  await parallel(outer, (run) =>
    artifacts.map((artifact) =>
      budget.use({ uploads: 1 }, true, run.signal, () =>
        journal.step(
          { kind: "upload", of: artifact.name },
          () => staged.put(assetOf(artifact, run), run.signal),
          () => progress.after(artifact),
        ),
      ),
    ),
  );
}

export function assetOf(
  { name, kind, size, sha256 }: Artifact,
  { output, world }: Pick<ReleaseRun, "output" | "world">,
): Asset {
  return {
    name,
    kind,
    size,
    sha256,
    contentType: contentTypeOf(name),
    open: () => world.files.source(join(output.staging, name)),
  };
}

const contentTypes: readonly (readonly [RegExp, string])[] = [
  [/\.tar\.gz$/u, "application/gzip"],
  [/\.tar\.zst$/u, "application/zstd"],
  [/\.zip$/u, "application/zip"],
  [/\.(txt|ps1)$/u, "text/plain"],
  [/\.sh$/u, "text/x-shellscript"],
  [/\.sigstore\.json$/u, "application/vnd.dev.sigstore.bundle.v0.3+json"],
  [/\.json$/u, "application/json"],
  [/\.wasm$/u, "application/wasm"],
];

function contentTypeOf(name: string): string {
  return contentTypes.find(([pattern]) => pattern.test(name))?.[1] ?? "application/octet-stream";
}
