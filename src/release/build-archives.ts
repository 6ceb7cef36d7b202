import { BuildFailed } from "../go/compile.ts";
import type { ArchiveStep } from "../model/plan.ts";
import { type BuiltBinary, buildAndInspect } from "./build.ts";
import { blamingCgo } from "./cgo.ts";
import { type PackedArtifact, pack } from "./pack.ts";
import { parallel } from "./parallel.ts";
import type { GoReleaseRun } from "./release-run.ts";
import { upload } from "./upload.ts";

/**
 * Everything that comes from compilers, as a graph: while some targets compile, others are inspected, packed,
 * hashed and put. The first error stops all of it.
 */
export async function buildArchives(
  steps: readonly ArchiveStep[],
  run: GoReleaseRun,
): Promise<readonly PackedArtifact[]> {
  try {
    return await graph(steps, run);
  } catch (error) {
    throw error instanceof BuildFailed ? await blamingCgo(error, run) : error;
  }
}

async function graph(
  steps: readonly ArchiveStep[],
  outer: GoReleaseRun,
): Promise<readonly PackedArtifact[]> {
  return await parallel(outer, (run) => {
    const builds = new Map<string, Promise<readonly BuiltBinary[]>>();
    const built = (id: string): Promise<readonly BuiltBinary[]> => {
      const known = builds.get(id) ?? buildAndInspect(stepOf(id, run), run);
      builds.set(id, known);
      return known;
    };
    const uses = new ProgramUses(steps);
    return steps.map(async (step) => {
      const all = await Promise.all(step.binaries.map(({ build }) => built(build)));
      const programs = chosen(step, all.flat());
      const packed = await pack(step, programs, run);
      // A release of many large programs need not keep each of them twice on the disk.
      const { files } = run.world;
      await Promise.all(uses.over(programs).map(({ path }) => files.remove(path)));
      await upload([packed.artifact], run);
      return packed;
    });
  });
}

/** How many archives still need each program: a target may have several. */
class ProgramUses {
  readonly #left = new Map<string, number>();

  constructor(steps: readonly ArchiveStep[]) {
    for (const { binaries } of steps)
      for (const { build, name } of binaries) this.#count(`${build} ${name}`, 1);
  }

  /** Those of the programs of an archive that is packed which no other archive needs. */
  over(programs: readonly BuiltBinary[]): readonly BuiltBinary[] {
    return programs.filter(({ build, name }) => this.#count(`${build.id} ${name}`, -1) === 0);
  }

  #count(program: string, more: number): number {
    const left = (this.#left.get(program) ?? 0) + more;
    this.#left.set(program, left);
    return left;
  }
}

function stepOf(id: string, { plan }: GoReleaseRun) {
  const step = plan.builds.find((build) => build.id === id);
  if (step === undefined) throw new Error(`the plan has no build ${id}`);
  return step;
}

function chosen({ binaries }: ArchiveStep, built: readonly BuiltBinary[]): readonly BuiltBinary[] {
  return binaries.map(({ build, name }) => {
    const found = built.find(
      (candidate) => candidate.build.id === build && candidate.name === name,
    );
    if (found === undefined) throw new Error(`build ${build} made no ${name}`);
    return found;
  });
}
