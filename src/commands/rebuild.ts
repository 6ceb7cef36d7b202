import { join } from "node:path";
import { OutputFolder } from "../forges/directory/output.ts";
import type { Manifest } from "../model/manifest.ts";
import { differingFields } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { Git } from "../plan/git.ts";
import { observe } from "../plan/observe.ts";
import { plan } from "../plan/plan.ts";
import { checkoutFor } from "../release/checkout.ts";
import { makeArchives } from "../release/make.ts";
import { fetchModules } from "../release/modules.ts";
import { readManifest } from "../release/shards.ts";
import { compareRebuilt, type Difference } from "../verification/index.ts";
import { Budget } from "../world/budget.ts";
import type { Call } from "./call.ts";
import type { Prepared } from "./preparation.ts";

/**
 * Builds a release once more, with the same Go from the same commit, and compares every byte. What is started
 * comes from the checkout and this call's inputs: the manifest only has to agree with it.
 */
export const rebuild = async (released: string, call: Call): Promise<readonly Difference[]> => {
  const { config, env, folder, journal, signal, world } = call;
  const manifest = await readManifest(join(released, "manifest.json"), world.files);
  await assertSameCommit(manifest, call);
  const { plan: planned, facts, toolchain } = await planAgain(manifest, call);
  const output = await OutputFolder.open(await world.files.temporary(), world.files);
  try {
    const budget = new Budget(world.machine, config.settings.concurrency);
    const scene = { plan: planned, facts, toolchain, folder, work: output.work, journal };
    const checkout = await checkoutFor(scene, new Git(folder, env, world), world);
    const workshop = { plan: planned, output, world, budget, journal, toolchain, folder, checkout };
    await fetchModules(workshop, signal);
    const packed = await makeArchives(planned.archives, workshop, undefined, signal);
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

/** The plan of the checkout for the release's tag and Go. Throws a `Problem` where the manifest was planned differently. */
const planAgain = async (
  { plan: released }: Manifest,
  { config, folder, env, version, world }: Call,
): Promise<Prepared> => {
  const settings = {
    ...config.settings,
    tag: released.release.tag ?? undefined,
    goVersion: releasedGo(released.go),
    dryRun: "true" as const,
  };
  const surroundings = { ci: false, folder };
  const again = { ...config, settings };
  const { facts, toolchain } = await observe({ config: again, folder, surroundings, env }, world);
  const planned = plan({ config: again, facts, surroundings, tool: version });
  const fields = ["name", "module", "go", "builds", "archives"] as const;
  const differing = differingFields(released, planned, fields);
  if (differing.length === 0) return { plan: planned, facts, toolchain };
  throw new Problem(
    "rebuild-differs",
    `the release was planned differently from this checkout: ${differing.join(", ")}`,
    {
      hint: `give the inputs that it was made with; its manifest names ${JSON.stringify(released.parameters)}`,
    },
  );
};

/** A toolchain's name selects what is started: only a release of Go will do. */
const releasedGo = (go: string): string => {
  if (/^go1\.\d+(\.\d+|(rc|beta)\d+)$/u.test(go)) return go;
  throw new Problem("rebuild-go", `the release was built with ${go}, which is no release of Go`, {
    hint: "it cannot be built again elsewhere",
  });
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
