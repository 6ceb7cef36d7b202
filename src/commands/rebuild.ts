import { join } from "node:path";
import { OutputFolder } from "../forges/directory/output.ts";
import { toolchain } from "../go/toolchain.ts";
import type { Manifest } from "../model/manifest.ts";
import { Problem } from "../model/problem.ts";
import { assertNames } from "../plan/assert-names.ts";
import { Git } from "../plan/git.ts";
import { makeArchives } from "../release/make.ts";
import { fetchModules } from "../release/modules.ts";
import { readManifest } from "../release/shards.ts";
import { compareRebuilt, type Difference } from "../verification/index.ts";
import { Budget } from "../world/budget.ts";
import type { Call } from "./call.ts";

/** Builds what a manifest describes once more, with the same Go from the same commit, and compares every byte. */
export const rebuild = async (released: string, call: Call): Promise<readonly Difference[]> => {
  const { config, folder, env, journal, signal, world } = call;
  const manifest = await readManifest(join(released, "manifest.json"), world.files);
  const { plan } = manifest;
  assertNames(plan);
  await assertSameCommit(manifest, call);
  const tools = await toolchain({ folder, env, version: plan.go }, world);
  const output = await OutputFolder.open(await world.files.temporary(), world.files);
  try {
    const budget = new Budget(world.machine, config.settings.concurrency);
    const workshop = { plan, output, world, budget, journal, toolchain: tools, folder };
    await fetchModules(workshop, signal);
    const packed = await makeArchives(plan.archives, workshop, undefined, signal);
    return compareRebuilt(
      {
        binaries: manifest.binaries,
        artifacts: manifest.artifacts.filter(({ kind }) => /^(archive|binary)$/u.test(kind)),
      },
      {
        binaries: packed.flatMap(({ binaries }) => binaries),
        artifacts: packed.map(({ artifact }) => artifact),
      },
    );
  } finally {
    await output.abandon();
    await world.files.remove(output.path);
  }
};

const assertSameCommit = async (
  manifest: Manifest,
  { folder, env, world }: Call,
): Promise<void> => {
  const { commit, tag } = manifest.plan.release;
  const here = await new Git(folder, env, world).facts();
  if (here?.commit === commit && here?.dirty.length === 0) return;
  const state =
    here === undefined
      ? "there is no commit here"
      : here.commit === commit
        ? "the work tree is dirty"
        : `HEAD is ${here.commit}`;
  throw new Problem(
    "rebuild-elsewhere",
    `the release is of commit ${commit ?? "unknown"}, and ${state}`,
    {
      hint: tag === null ? "check that commit out" : `check the tag out: \`git checkout ${tag}\``,
    },
  );
};
