import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Artifact } from "../model/artifact.ts";
import type { OutputFolder } from "../output/output-folder.ts";
import type { ReleasedFiles } from "../verification/files.ts";
import { isSignedTwin } from "../verification/package-signatures.ts";
import type { Rebuilt } from "../verification/rebuild.ts";
import type { World } from "../world/world.ts";

/** What was released, where packages that differ by their signature alone count as those that were built again. */
export async function withSignedTwins(
  twins: Rebuilt,
  again: readonly Artifact[],
  released: ReleasedFiles,
  { staging }: Pick<OutputFolder, "staging">,
  { files }: Pick<World, "files">,
): Promise<Rebuilt> {
  const artifacts = await Promise.all(
    twins.artifacts.map(async (artifact) => {
      const { name, sha256 } = artifact;
      const own = again.find((one) => one.kind === "package" && one.name === name);
      if (own === undefined || own.sha256 === sha256) return artifact;
      const signed = await whole(released.open(name));
      const rebuilt = await files.read(join(staging, name));
      return isSignedTwin(name, signed, rebuilt) ? { ...artifact, sha256: own.sha256 } : artifact;
    }),
  );
  return { ...twins, artifacts };
}

async function whole(content: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
