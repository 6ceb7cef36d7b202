import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { compiledSteps, universalLayout } from "../go/universal.ts";
import type { BuildStep, PlannedProgram } from "../model/plan.ts";
import type { Files } from "../world/world.ts";
import { compileStep, type WrittenProgram } from "./compile-step.ts";
import type { GoReleaseRun } from "./release-run.ts";

/** Compiles a universal program's architectures, each into a folder of its own. */
export async function compileSlices(
  step: BuildStep,
  out: string,
  run: GoReleaseRun,
): Promise<readonly WrittenProgram[]> {
  const slices = await Promise.all(
    compiledSteps(step).map((slice) => compileStep(slice, join(out, slice.target.arch), run)),
  );
  return slices.flat();
}

/** Bytes of a Mach-O header that tell the machine. */
const HEADER = 12;

/** Writes the slices of one program into one file, and gives its path. */
export async function joinSlices(
  { binary }: PlannedProgram,
  slices: readonly WrittenProgram[],
  out: string,
  { signal, world: { files } }: GoReleaseRun,
): Promise<string> {
  const own = slices.filter(({ program }) => program.binary === binary).map(({ path }) => path);
  const path = join(out, binary);
  await pipeline(Readable.from(joined(own, files)), files.sink(path, 0o755), { signal });
  await Promise.all(own.map((slice) => files.remove(slice)));
  return path;
}

async function* joined(paths: readonly string[], files: Files): AsyncGenerator<Uint8Array> {
  const slices = await Promise.all(
    paths.map(async (path) => {
      const file = await files.open(path);
      try {
        return { header: await file.read(0, HEADER), size: file.size };
      } finally {
        await file.close();
      }
    }),
  );
  const { header, positions } = universalLayout(slices);
  yield header;
  let end = header.length;
  for (const [index, path] of paths.entries()) {
    const position = positions[index] ?? end;
    yield Buffer.alloc(position - end);
    yield* files.source(path) as AsyncIterable<Uint8Array>;
    end = position + (slices[index]?.size ?? 0);
  }
}
