import { createHash } from "node:crypto";
import { join, posix } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { eachMember } from "../archives/contents/contents.ts";
import { inspect } from "../go/inspection/inspect.ts";
import type { Artifact, Binary } from "../model/artifact.ts";
import type { World } from "../world/world.ts";
import type { ReleasedFiles } from "./files.ts";

/**
 * The released programs that answer to those that were built again, as they say of themselves: what a manifest
 * would tell, for a release that comes without one. Throws a `Problem` for what is damaged or not made by Go.
 */
export async function unpackBinaries(
  twins: readonly Binary[],
  artifacts: readonly Pick<Artifact, "name" | "size">[],
  released: ReleasedFiles,
  { files }: Pick<World, "files">,
): Promise<readonly Binary[]> {
  const folder = await files.temporary();
  const binaries: Binary[] = [];
  try {
    for (const { name, size } of artifacts) {
      const wanted = twins.filter(({ artifact }) => artifact === name);
      const visit = async (twin: Binary | undefined, bytes: AsyncIterable<Uint8Array>) => {
        if (twin !== undefined) binaries.push(await readBinary(twin, bytes, folder, { files }));
      };
      const packed = { name, size, open: (range?: Range) => released.open(name, range) };
      const isArchive = await eachMember(packed, (member) =>
        visit(
          wanted.find((one) => one.name === posix.basename(member.name)),
          member.bytes,
        ),
      );
      if (!isArchive) await visit(wanted[0], released.open(name));
    }
  } finally {
    await files.remove(folder);
  }
  return binaries;
}

type Range = { readonly start: number; readonly end: number };

async function readBinary(
  twin: Binary,
  bytes: AsyncIterable<Uint8Array>,
  folder: string,
  { files }: Pick<World, "files">,
): Promise<Binary> {
  const path = join(folder, "program");
  const hash = createHash("sha256");
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(bytes, measure, files.sink(path));
  const file = await files.open(path);
  try {
    const inspection = await inspect(file, twin.name);
    return { ...twin, size: file.size, sha256: hash.digest("hex"), inspection };
  } finally {
    await file.close();
  }
}
