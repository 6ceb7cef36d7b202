import { join } from "node:path";
import { Readable } from "node:stream";
import { digest } from "../checksums/digest.ts";
import type { Artifact } from "../model/artifact.ts";
import type { ReleaseRun } from "./release-run.ts";

/** A released file that is a text of ours, before it is written. */
export type Text = Pick<Artifact, "kind" | "name" | "target"> & {
  readonly text: string;
  /** Names of what it was made from. */
  readonly from: readonly string[];
};

/** Writes it among the released files. */
export async function writeArtifact(
  { text, from, ...rest }: Text,
  { output, world: { files } }: Pick<ReleaseRun, "output" | "world">,
): Promise<Artifact> {
  const path = join(output.staging, rest.name);
  const bytes = Buffer.from(text);
  await files.write(path, bytes);
  const { size, sha256 } = await digest(() => Readable.from([bytes]));
  return { ...rest, path: rest.name, size, sha256, from: [...from] };
}
