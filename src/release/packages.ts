import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { formats } from "../archives/index.ts";
import { digest } from "../checksums/digest.ts";
import { digestingSink } from "../checksums/digesting-sink.ts";
import type { PackageStep } from "../model/packages.ts";
import { Problem } from "../model/problem.ts";
import { formatBytes } from "../report/table.ts";
import { packageRequest } from "../tools/nfpm.ts";
import { runTool } from "../tools/tool.ts";
import type { PackedArtifact } from "./pack.ts";
import { signatureFor } from "./package-keys.ts";
import { parallel } from "./parallel.ts";
import type { CheckedOutRun } from "./release-run.ts";
import { upload } from "./upload.ts";

/**
 * Packages of what lies in the archives: wherever those were made, a package holds the very programs that were
 * inspected. `packager` is the tool's path.
 */
export async function makePackages(
  packed: readonly PackedArtifact[],
  packager: string | undefined,
  outer: CheckedOutRun,
): Promise<readonly PackedArtifact[]> {
  const steps = outer.plan.packages ?? [];
  if (packager === undefined) return [];
  return await parallel(outer, (run) => {
    const unpacked = new Map<string, Promise<ReadonlyMap<string, string>>>();
    return steps.map(async (step, at) => {
      const artifact = await run.budget.use({ cores: 1 }, true, run.signal, () =>
        run.journal.step(
          { kind: "pack", of: step.name },
          async () => {
            const programs = await programsOf(step, packed, unpacked, run);
            return await made(step, at, { programs, packager }, run);
          },
          ({ artifact: { size } }) => formatBytes(size),
        ),
      );
      await upload([artifact.artifact], run);
      return artifact;
    });
  });
}

interface PackageMeans {
  /** Absolute paths. */
  readonly programs: readonly string[];
  readonly packager: string;
}

async function made(
  step: PackageStep,
  at: number,
  { programs, packager }: PackageMeans,
  run: CheckedOutRun,
): Promise<PackedArtifact> {
  const { output, plan, world, signal } = run;
  const { name, target } = step;
  const out = join(output.staging, name);
  const work = join(output.temporary, "packages", `work-${at}`);
  await world.files.makeFolder(work);
  const folder = await world.files.real(run.folder);
  const places = { programs, folder, work, out, date: plan.release.date };
  const request = packageRequest(step, places, signatureFor(step.format, run));
  const said = await runTool(packager, request, { world, temporary: output.temporary, signal });
  if (said !== undefined) {
    throw new Problem(
      "package",
      [`${name} cannot be made`, ...said.map((line) => `  ${line}`)].join("\n"),
      {
        hint: "correct what it says in the row of `packages`",
      },
    );
  }
  const { size, sha256 } = await digest(() => world.files.source(out));
  const from = step.programs.map((program) => program.name);
  return {
    artifact: { kind: "package", name, path: name, size, sha256, target, from },
    binaries: [],
  };
}

/** Each archive is unpacked once, however many packages hold its programs. */
async function programsOf(
  { programs }: PackageStep,
  packed: readonly PackedArtifact[],
  unpacked: Map<string, Promise<ReadonlyMap<string, string>>>,
  run: CheckedOutRun,
): Promise<readonly string[]> {
  return await Promise.all(
    programs.map(async ({ archive, path }) => {
      const known = unpacked.get(archive) ?? unpack(archive, packed, run);
      unpacked.set(archive, known);
      const found = (await known).get(path);
      if (found === undefined) throw new Error(`${archive} holds no ${path}`);
      return found;
    }),
  );
}

/** The programs of an archive by their paths in it, each the one that was inspected. */
async function unpack(
  archive: string,
  packed: readonly PackedArtifact[],
  { output, plan, world: { files }, signal }: CheckedOutRun,
): Promise<ReadonlyMap<string, string>> {
  const at = plan.archives.findIndex(({ name }) => name === archive);
  const format = plan.archives[at]?.format;
  const own = packed.find(({ artifact }) => artifact.name === archive);
  if (format === undefined || own === undefined) throw new Error(`there is no archive ${archive}`);
  const stored = join(output.staging, archive);
  const only = own.binaries[0]?.name ?? "";
  if (format === "none") return new Map([[only, stored]]);
  const folder = join(output.temporary, "packages", `programs-${at}`);
  await files.makeFolder(folder);
  const open = (range?: { start: number; end: number }) => files.source(stored, range);
  const found = new Map<string, string>();
  for await (const { name, content } of formats[format].read({ size: own.artifact.size, open })) {
    const path = name === "" ? only : name;
    const binary = own.binaries.find((one) => one.name === path);
    if (binary === undefined) continue;
    const to = join(folder, String(found.size));
    const sink = digestingSink(files.sink(to));
    await pipeline(content, sink.out, { signal });
    if (sink.digest().sha256 !== binary.sha256) throw exchanged(archive, path);
    found.set(path, to);
  }
  return found;
}

function exchanged(archive: string, path: string): Problem {
  return new Problem(
    "package-exchanged",
    `${path} in ${archive} is not the program that was inspected`,
    {
      hint: "see that nothing else writes to `output`, and run it again",
    },
  );
}
