import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Entry } from "../archives/archive.ts";
import { exchanged } from "../archives/content.ts";
import { formats } from "../archives/index.ts";
import type { Digest } from "../checksums/digest.ts";
import { digestingSink } from "../checksums/digesting-sink.ts";
import type { Artifact, Binary } from "../model/artifact.ts";
import { defined } from "../model/defined.ts";
import type { ArchiveStep, BuildStep } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatBytes } from "../report/table.ts";
import type { BuiltBinary } from "./build.ts";
import type { GoReleaseRun } from "./release-run.ts";
import { reopen } from "./reopen.ts";

/** One released file with what it carries. */
export interface PackedArtifact {
  readonly artifact: Artifact;
  readonly binaries: readonly Binary[];
  /** The sha256 of each program as it was read from the staged file, by its path in it; absent where none is. */
  readonly opened?: ReadonlyMap<string, string>;
}

/** Packs the binaries of one target with the extra files, or releases a binary as it is. They stay where they are. */
export async function pack(
  step: ArchiveStep,
  built: readonly BuiltBinary[],
  run: GoReleaseRun,
): Promise<PackedArtifact> {
  const { budget, journal, output, signal } = run;
  const path = join(output.staging, step.name);
  return await budget.use({ cores: 1 }, true, signal, () =>
    journal.step(
      { kind: "pack", of: step.name },
      async () => {
        const written = await write(step, built, path, run);
        return {
          ...packedArtifact(step, written, built),
          opened: await reopen(step, written, run),
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
): Promise<Digest> {
  const { plan, signal } = run;
  const { files } = run.world;
  const [only] = built;
  if (step.format === "none") {
    if (only === undefined || built.length !== 1)
      throw new Error(`${step.name} is made of ${built.length} binaries`);
    const bare = digestingSink(files.sink(path, 0o755));
    await pipeline(files.source(only.path), bare.out, { signal });
    const found = bare.digest();
    if (found.sha256 !== only.sha256) throw exchanged(only);
    return found;
  }
  const programs = built.map(
    ({ name, build, size, sha256, path: from }): Entry => ({
      name: pathOf(step, build, name),
      size,
      sha256,
      executable: true,
      open: () => files.source(from),
    }),
  );
  const extra = await extraFiles(step, run);
  // A sink that cannot be opened says so at once: from here on somebody listens.
  const sink = digestingSink(files.sink(path));
  const date = new Date(plan.release.date);
  await formats[step.format].write([...programs, ...extra], date, sink.out, signal);
  return sink.digest();
}

/** What is told of a released file that lies under its name, and of what it carries. */
export function packedArtifact(
  step: ArchiveStep,
  { size, sha256 }: Pick<Artifact, "size" | "sha256">,
  built: readonly BuiltBinary[],
): PackedArtifact {
  return {
    artifact: {
      kind: step.format === "none" ? "binary" : "archive",
      name: step.name,
      path: step.name,
      size,
      sha256,
      from: built.map(({ name }) => name),
      ...defined({ target: step.target }),
    },
    binaries: built.map((binary) => binaryOf(binary, step)),
  };
}

async function extraFiles(
  step: ArchiveStep,
  { folder, world: { files } }: GoReleaseRun,
): Promise<readonly Entry[]> {
  // A file above the module is not above a link to it.
  const base = await files.real(folder);
  return await Promise.all(
    step.files.map(async ({ source, name, executable, mode }): Promise<Entry> => {
      const from = join(base, source);
      const found = await files.stat(from);
      if (found?.kind !== "file")
        throw new Problem("file-gone", `files: ${source} was removed after the plan was made`);
      return defined({
        name,
        executable,
        mode: mode === undefined ? undefined : Number.parseInt(mode, 8),
        size: found.size,
        open: () => files.source(from),
      });
    }),
  );
}

function binaryOf(
  { build, name, size, sha256, inspection }: BuiltBinary,
  step: ArchiveStep,
): Binary {
  return {
    name: pathOf(step, build, name),
    build: build.id,
    target: build.target,
    artifact: step.name,
    size,
    sha256,
    inspection,
  };
}

/** Where a program lies in its archive. */
function pathOf({ binaries }: ArchiveStep, { id }: BuildStep, name: string): string {
  return binaries.find((one) => one.build === id && one.name === name)?.path ?? name;
}
