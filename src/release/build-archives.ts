import type { Staged } from "../forges/forge.ts";
import { BuildFailed } from "../go/compile.ts";
import type { ArchiveStep } from "../model/plan.ts";
import { type BuiltBinary, buildAndInspect } from "./build.ts";
import { blamingCgo } from "./cgo.ts";
import { type PackedArtifact, pack } from "./pack.ts";
import { together } from "./parallel.ts";
import type { GoWorkshop } from "./release-run.ts";
import { put } from "./upload.ts";

/**
 * Everything that comes from compilers, as a graph: while some targets compile, others are inspected, packed,
 * hashed and put. The first error stops all of it.
 */
export async function makeArchives(
  steps: readonly ArchiveStep[],
  workshop: GoWorkshop,
  staged: Staged | undefined,
  outer: AbortSignal,
): Promise<readonly PackedArtifact[]> {
  try {
    return await graph(steps, workshop, staged, outer);
  } catch (error) {
    throw error instanceof BuildFailed ? await blamingCgo(error, workshop) : error;
  }
}

async function graph(
  steps: readonly ArchiveStep[],
  workshop: GoWorkshop,
  staged: Staged | undefined,
  outer: AbortSignal,
): Promise<readonly PackedArtifact[]> {
  return await together(outer, (signal) => {
    const builds = new Map<string, Promise<readonly BuiltBinary[]>>();
    const built = (id: string): Promise<readonly BuiltBinary[]> => {
      const known = builds.get(id) ?? buildAndInspect(stepOf(id, workshop), workshop, signal);
      builds.set(id, known);
      return known;
    };
    return steps.map(async (step) => {
      const all = await Promise.all(step.binaries.map(({ build }) => built(build)));
      const packed = await pack(step, chosen(step, all.flat()), workshop, signal);
      await put([packed.artifact], workshop, staged, signal);
      return packed;
    });
  });
}

function stepOf(id: string, { plan }: GoWorkshop) {
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
