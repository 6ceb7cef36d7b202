import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Unpacked } from "../archives/archive.ts";
import { formats } from "../archives/index.ts";
import type { Digest } from "../checksums/digest.ts";
import { DigestCounter } from "../checksums/digest-counter.ts";
import { defined } from "../model/defined.ts";
import type { ArchiveStep, BuildStep, Plan, PlannedProgram } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { BuiltBinary } from "./build.ts";
import { copyPlain } from "./copy-plain.ts";
import { inspectBinary } from "./inspect-binary.ts";
import type { ShardedArchive } from "./match-shards.ts";
import { OwnFiles } from "./own-files.ts";
import { type PackedArtifact, packedArtifact } from "./pack.ts";
import { parallel } from "./parallel.ts";
import type { CheckedOutRun } from "./release-run.ts";

/**
 * Takes over what other jobs packed: each archive is copied under its planned name and digested on the way, and the
 * copy alone is opened. It has to be what this program would have packed of the programs in it and the checkout's
 * own files, and each program what the plan says. Throws a `Problem` for the first that is not.
 */
export async function takeIn(
  sharded: readonly ShardedArchive[],
  outer: CheckedOutRun,
): Promise<readonly PackedArtifact[]> {
  const own = new OwnFiles(outer);
  return await parallel(outer, (run) =>
    sharded.map((archive) =>
      run.budget.use({ cores: 1 }, true, run.signal, () =>
        run.journal.step({ kind: "inspect", of: archive.step.name }, () =>
          takenIn(archive, own, run),
        ),
      ),
    ),
  );
}

async function takenIn(
  { step, folder, claim }: ShardedArchive,
  own: OwnFiles,
  run: CheckedOutRun,
): Promise<PackedArtifact> {
  const from = join(folder, step.name);
  const copied = await copyPlain({ from, to: join(run.output.staging, step.name), claim }, run);
  try {
    const programs =
      step.format === "none"
        ? await bareProgram(step, copied, run)
        : await packedPrograms({ ...step, format: step.format }, copied.size, own, run);
    const packed = packedArtifact(step, copied, programs);
    // Each was read from the archive, and from nowhere else.
    const opened = new Map(packed.binaries.map(({ name, sha256 }) => [name, sha256]));
    return { ...packed, opened };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.code, `${from}: ${error.message}`, {
      hint: error.hint ?? "build that shard again; nothing was published",
      cause: error.cause,
    });
  }
}

/** A program that is released as it is. */
async function bareProgram(
  step: ArchiveStep,
  copied: Digest,
  run: CheckedOutRun,
): Promise<readonly BuiltBinary[]> {
  const path = join(run.output.staging, step.name);
  const [planned] = plannedPrograms(step, run.plan);
  return planned === undefined ? [] : [await inspected(planned, path, copied, run)];
}

/** The programs of a staged archive, which holds nothing besides them but the checkout's own files. */
async function packedPrograms(
  step: ArchiveStep & { readonly format: keyof typeof formats },
  size: number,
  own: OwnFiles,
  run: CheckedOutRun,
): Promise<readonly BuiltBinary[]> {
  const { output, plan, world } = run;
  const path = join(output.staging, step.name);
  const stored = {
    size,
    open: (range?: { start: number; end: number }) => world.files.source(path, range),
  };
  const planned = plannedPrograms(step, plan);
  const entries = [
    ...step.binaries.map(({ path: name }) => ({ name, executable: true })),
    ...step.files.map(({ mode, ...file }) =>
      defined({ ...file, mode: mode === undefined ? undefined : Number.parseInt(mode, 8) }),
    ),
  ];
  const date = new Date(plan.release.date);
  const programs: BuiltBinary[] = [];
  for await (const unpacked of formats[step.format].readPlanned(stored, entries, date)) {
    const program = planned.find(({ path: inside }) => inside === unpacked.name);
    if (program === undefined) await own.assertSame(unpacked, step.files);
    else programs.push(await unpackedProgram(program, unpacked, step, run));
  }
  // In the order of the plan, as one machine has them.
  return planned.flatMap(({ step: { id }, program }) =>
    programs.filter(({ build, name }) => build.id === id && name === program.binary),
  );
}

/** A program of the plan with the step that makes it. */
interface ProgramToCome {
  readonly step: BuildStep;
  readonly program: PlannedProgram;
  /** Where it lies in the archive. */
  readonly path: string;
}

function plannedPrograms({ binaries }: ArchiveStep, { builds }: Plan): readonly ProgramToCome[] {
  return binaries.flatMap(({ build, name, path }) =>
    builds
      .filter(({ id }) => id === build)
      .flatMap((step) =>
        step.programs
          .filter(({ binary }) => binary === name)
          .map((program) => ({ step, program, path })),
      ),
  );
}

/** Bytes; Go's linkers make none that is larger. */
const LARGEST_PROGRAM = 2 ** 31;

/** Unpacks one program, for as long as it takes to read it. */
async function unpackedProgram(
  planned: ProgramToCome,
  { name, content }: Unpacked,
  archive: ArchiveStep,
  run: CheckedOutRun,
): Promise<BuiltBinary> {
  const { output, world, signal } = run;
  const path = join(output.temporary, archive.name);
  const counter = new DigestCounter(
    LARGEST_PROGRAM,
    () => new Problem("binary-unreadable", `${name}: larger than any Go program`),
  );
  try {
    await pipeline(counter.over(content), world.files.sink(path), { signal });
    return await inspected(planned, path, counter.digest(), run);
  } finally {
    await world.files.remove(path);
  }
}

async function inspected(
  { step, program }: ProgramToCome,
  path: string,
  { size, sha256 }: Digest,
  { plan, world }: CheckedOutRun,
): Promise<BuiltBinary> {
  const inspection = await inspectBinary(path, { step, program, plan }, world.files);
  return { build: step, name: program.binary, path, size, sha256, inspection };
}
