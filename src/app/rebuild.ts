import { join, resolve } from "node:path";
import { belongsTo } from "../config/commands.ts";
import { type InputName, inputs, kebab } from "../config/inputs.ts";
import { undeclaredChanges } from "../facts/clean.ts";
import { survey } from "../facts/survey.ts";
import { defined } from "../model/defined.ts";
import { isGoRelease } from "../model/go-version.ts";
import { Manifest } from "../model/manifest.ts";
import { MANIFEST, packedNames } from "../model/names.ts";
import { differingFields, type Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { OutputFolder } from "../output/output-folder.ts";
import { plan } from "../plan/plan.ts";
import { packedNamesOf } from "../plan/released-names.ts";
import { packBeside } from "../release/beside.ts";
import { Budget } from "../release/budget.ts";
import { buildArchives } from "../release/build-archives.ts";
import { makeInstallers } from "../release/installers.ts";
import { fetchModules, whileVerifyingModules } from "../release/modules.ts";
import { fetchPackager, whileBuildingPackager } from "../release/packager.ts";
import { makePackages } from "../release/packages.ts";
import { type ReleasedFiles, readText } from "../verification/files.ts";
import { compareRebuilt, type RebuildDifference } from "../verification/index.ts";
import { unpackTwins } from "../verification/unpack.ts";
import type { BuildOrigin } from "../verification/verdict.ts";
import { beforeOf } from "./before.ts";
import type { CommandContext } from "./context.ts";
import { gitFor } from "./git.ts";
import { type Prepared, withCheckout } from "./preparation.ts";
import { withSignedTwins } from "./signed-twins.ts";

/**
 * Builds a release once more, with the same Go from the same commit and no cache, and compares every byte. What is
 * started comes from this call's inputs, what is built from the checkout: the manifest, or verified provenance where there is none, only
 * has to agree with it.
 */
export async function rebuild(
  released: ReleasedFiles,
  origin: BuildOrigin | undefined,
  call: CommandContext,
): Promise<readonly RebuildDifference[]> {
  const { config, journal, signal, world } = call;
  const claim = await claimOf(released, origin);
  await assertSameCommit(claim, call);
  const output = await OutputFolder.open(await world.files.temporary(), world.files);
  try {
    const prepared = await planAgain(claim, released, withCacheIn(output, call));
    const budget = new Budget(world.machine, config.settings.concurrency);
    const { plan: planned } = prepared;
    const run = await withCheckout(
      { plan: planned, output, world, budget, journal, signal },
      prepared,
      call,
    );
    await fetchPackager(run);
    await fetchModules(run);
    const { made: built, packager } = await whileBuildingPackager(run, (outer) =>
      whileVerifyingModules(outer, (inner) => buildArchives(planned.archives, inner)),
    );
    const packages = await makePackages(built, packager, run);
    const installers = await makeInstallers(built, run);
    const packed = [...built, ...(await packBeside(run)), ...packages, ...installers];
    const again = {
      binaries: packed.flatMap(({ binaries }) => binaries),
      artifacts: packed.map(({ artifact }) => artifact),
    };
    const twins = await unpackTwins(packedNames(released.names), again, released, world);
    return compareRebuilt(
      await withSignedTwins(twins, again.artifacts, released, output, world),
      again,
    );
  } finally {
    await output.abandon();
    await world.files.remove(output.path);
  }
}

/** What is in this machine's build cache may be the very thing that is wrong. */
function withCacheIn({ temporary }: OutputFolder, call: CommandContext): CommandContext {
  return { ...call, env: { ...call.env, GOCACHE: join(temporary, "cache") } };
}

/** What a release says that it was built from. */
export interface RebuildClaim extends Omit<BuildOrigin, "images"> {
  /** Only of a release that still lies where it was made. */
  readonly manifest?: Manifest;
}

/** Throws a `Problem` where nothing says it, or nothing that is believed. */
export async function claimOf(
  released: ReleasedFiles,
  origin: BuildOrigin | undefined,
): Promise<RebuildClaim> {
  if (released.names.includes(MANIFEST)) {
    const manifest = Manifest.parse(JSON.parse(await readText(released, MANIFEST)));
    const { release, go, parameters } = manifest.plan;
    return { commit: release.commit, tag: release.tag, go, parameters, manifest };
  }
  if (origin !== undefined) return origin;
  throw new Problem("rebuild-unknown", "nothing records what this release was built from", {
    hint: "this check needs manifest.json, or provenance with a valid signature",
  });
}

/** The plan of the checkout for the release's tag and Go. Throws a `Problem` where the manifest was planned differently. */
async function planAgain(
  { tag, go, parameters, manifest }: RebuildClaim,
  released: ReleasedFiles,
  call: CommandContext,
): Promise<Prepared> {
  const { config, folder, env, host, version, world } = call;
  const settings = {
    ...config.settings,
    tag: tag ?? undefined,
    // A toolchain's name selects what is started: only a release of Go's own will do.
    goVersion: isGoRelease(go) ? go : undefined,
    dryRun: "true" as const,
  };
  const surroundings = defined({ ci: false, folder, project: host.surroundings.project });
  const again = { ...config, settings };
  const before = beforeOf({ ...call, config: again, host: { ...host, surroundings } }, true);
  const { facts, toolchain } = await survey(
    { config: again, folder, surroundings, env, ...before },
    world,
  );
  assertSameGo(go, toolchain.version);
  const planned = plan({ config: again, facts, surroundings, generator: version });
  const differing =
    manifest === undefined
      ? differingNames(packedNames(released.names), planned)
      : differingFields(manifest.plan, planned, BUILT);
  if (differing.length === 0) return { plan: planned, facts, toolchain };
  throw new Problem(
    "rebuild-differs",
    `the release was planned differently from this checkout: ${differing.join(", ")}`,
    {
      hint: hintOf(parameters),
    },
  );
}

/** What of a plan decides what is built and packed. */
const BUILT = [
  "name",
  "module",
  "go",
  "builds",
  "archives",
  "packages",
  "installer",
  "source",
  "extraFiles",
  "generated",
] as const;

/** Of the inputs that a release was made with, those that shape a build: `verify` takes no others. */
function hintOf(parameters: unknown): string {
  const shaping = ["builds", ...Object.keys(inputs).filter(isOfVerify).map(kebab)];
  const given = Object.entries(parameters ?? {}).filter(([name]) => shaping.includes(name));
  return given.length === 0
    ? "it was built with the defaults: remove inputs that change the build, also from `.go-release.yaml`"
    : `set the inputs it was built with: ${JSON.stringify(Object.fromEntries(given))}`;
}

function isOfVerify(name: string): boolean {
  return belongsTo(inputs[name as InputName], "verify");
}

function differingNames(released: readonly string[], again: Plan): readonly string[] {
  const planned = packedNamesOf(again);
  const all = new Set([...released, ...planned]);
  return [...all].filter((name) => !released.includes(name) || !planned.includes(name));
}

/** What a vendor made, or somebody compiled, no name leads to: it has to be on PATH. */
function assertSameGo(released: string, here: string): void {
  if (released === here) return;
  throw new Problem("rebuild-go", `the release was built with ${released}, but this is ${here}`, {
    hint: "put that Go version on PATH, e.g. by using the image that built the release",
  });
}

async function assertSameCommit(
  { commit, tag }: RebuildClaim,
  call: CommandContext,
): Promise<void> {
  const { config, folder, world } = call;
  const { generated, output } = config.settings;
  const git = await gitFor(call);
  const place = {
    root: (await git.root()) ?? folder,
    folder: await world.files.real(folder),
    output: resolve(folder, output),
    generated,
    foreign: [],
  };
  const { git: here } = await undeclaredChanges(git, place, world.files);
  if (here?.commit === commit && here?.dirty.length === 0) return;
  const state =
    here === undefined
      ? "there is no git commit here"
      : here.commit === commit
        ? "the work tree is dirty"
        : `HEAD is ${here.commit}`;
  throw new Problem(
    "rebuild-elsewhere",
    `the release is of commit ${commit ?? "unknown"}, and ${state}`,
    {
      hint:
        here?.commit === commit
          ? "commit or discard what `git status` shows"
          : tag === null
            ? "check out that commit"
            : `check out the tag: \`git checkout ${tag}\``,
    },
  );
}
