import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { digest } from "../checksums/digest.ts";
import { inspect } from "../go/inspection/inspect.ts";
import type { Artifact, Binary } from "../model/artifact.ts";
import type { World } from "../world/world.ts";
import { contentsOf } from "./contents.ts";
import type { ReleasedFiles } from "./files.ts";
import type { Rebuilt } from "./rebuild.ts";

type UnpackedFolders = Pick<World, "files">;

/**
 * What was released of that which was built again: the files of those names and, of each that is not the same to
 * the byte, the programs in it as they say of themselves. Throws a `Problem` for what is damaged or not made by Go.
 */
export async function unpackTwins(
  names: readonly string[],
  again: Rebuilt,
  released: ReleasedFiles,
  world: UnpackedFolders,
): Promise<Rebuilt> {
  const artifacts: Rebuilt["artifacts"][number][] = [];
  const binaries: Binary[] = [];
  for (const name of names) {
    const artifact = { name, ...(await digest(() => released.open(name))) };
    const twins = again.binaries.filter((binary) => binary.artifact === name);
    const same = again.artifacts.some((one) => one.name === name && one.sha256 === artifact.sha256);
    artifacts.push(artifact);
    binaries.push(...(same ? twins : await unpackBinaries(artifact, twins, released, world)));
  }
  return { artifacts, binaries };
}

async function unpackBinaries(
  { name, size }: Pick<Artifact, "name" | "size">,
  twins: readonly Binary[],
  released: ReleasedFiles,
  { files }: UnpackedFolders,
): Promise<readonly Binary[]> {
  const contents = contentsOf(name, size, released) ?? bare(twins, released.open(name));
  const folder = await files.temporary();
  const binaries: Binary[] = [];
  try {
    for await (const { name: file, content } of contents) {
      const twin = twins.find((one) => file === "" || one.name === file);
      if (twin !== undefined) binaries.push(await readBinary(twin, content, folder, { files }));
    }
  } finally {
    await files.remove(folder);
  }
  return binaries;
}

/** A program that is released as it is. */
async function* bare([twin]: readonly Binary[], content: AsyncIterable<Uint8Array>) {
  if (twin !== undefined) yield { name: twin.name, content };
}

async function readBinary(
  twin: Binary,
  content: AsyncIterable<Uint8Array>,
  folder: string,
  { files }: UnpackedFolders,
): Promise<Binary> {
  const path = join(folder, "program");
  await pipeline(content, files.sink(path));
  const file = await files.open(path);
  try {
    const inspection = await inspect(file, twin.name);
    return { ...twin, ...(await digest(() => files.source(path))), inspection };
  } finally {
    await file.close();
  }
}
