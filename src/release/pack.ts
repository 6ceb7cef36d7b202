import { join } from "node:path";
import type { Entry } from "../archives/archive.ts";
import { archives } from "../archives/index.ts";
import { digest } from "../checksums/digest.ts";
import type { Artifact, Binary } from "../model/artifact.ts";
import type { ArchiveStep } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatBytes } from "../report/table.ts";
import type { BuiltBinary } from "./build.ts";
import type { GoReleaseRun } from "./release-run.ts";

/** One released file with what it carries. */
export interface PackedArtifact {
  readonly artifact: Artifact;
  readonly binaries: readonly Binary[];
}

/** Packs the binaries of one target with the extra files, or releases a binary as it is. */
export async function pack(
  step: ArchiveStep,
  built: readonly BuiltBinary[],
  run: GoReleaseRun,
): Promise<PackedArtifact> {
  const { budget, journal, output, world, signal } = run;
  const path = join(output.staging, step.name);
  return await budget.use({ cores: 1 }, true, signal, () =>
    journal.step(
      { kind: "pack", of: step.name },
      async () => {
        await write(step, built, path, run);
        const { size, sha256 } = await digest(() => world.files.source(path));
        const kind = step.format === "none" ? "binary" : "archive";
        const from = built.map(({ name }) => name);
        return {
          artifact: {
            kind,
            name: step.name,
            path: step.name,
            size,
            sha256,
            target: step.target,
            from,
          } as const,
          binaries: built.map((binary) => binaryOf(binary, step)),
        };
      },
      ({ artifact }) => formatBytes(artifact.size),
    ),
  );
}

async function write(
  step: ArchiveStep,
  built: readonly BuiltBinary[],
  path: string,
  run: GoReleaseRun,
): Promise<void> {
  const { plan, signal } = run;
  const { files } = run.world;
  const [only] = built;
  if (step.format === "none") {
    if (only === undefined || built.length !== 1)
      throw new Error(`${step.name} is made of ${built.length} binaries`);
    await files.rename(only.path, path);
    return;
  }
  const programs = built.map(
    ({ name, size, path: from }): Entry => ({
      name,
      size,
      executable: true,
      open: () => files.source(from),
    }),
  );
  await archives[step.format].write(
    [...programs, ...(await extraFiles(step, run))],
    new Date(plan.release.date),
    files.sink(path),
    signal,
  );
  // A release of many large programs need not keep each of them twice on the disk.
  await Promise.all(built.map((binary) => files.remove(binary.path)));
}

async function extraFiles(
  step: ArchiveStep,
  { folder, world: { files } }: GoReleaseRun,
): Promise<readonly Entry[]> {
  // A file above the module is not above a link to it.
  const base = await files.real(folder);
  return await Promise.all(
    step.files.map(async ({ source, name, executable }): Promise<Entry> => {
      const from = join(base, source);
      const found = await files.stat(from);
      if (found?.kind !== "file")
        throw new Problem("file-gone", `files: ${source} is gone since the plan was made`);
      return { name, executable, size: found.size, open: () => files.source(from) };
    }),
  );
}

function binaryOf(
  { build, name, size, sha256, inspection }: BuiltBinary,
  step: ArchiveStep,
): Binary {
  return {
    name,
    build: build.id,
    target: build.target,
    artifact: step.name,
    size,
    sha256,
    inspection,
  };
}
