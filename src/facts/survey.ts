import { join, resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { CommitFiles } from "../git/commit-files.ts";
import { Git } from "../git/git.ts";
import type { GitFacts } from "../git/git-facts.ts";
import { originsOf } from "../git/remotes.ts";
import { trustedRoots } from "../git/trusted-roots.ts";
import { PackageGraph } from "../go/package-graph.ts";
import { modRefused } from "../go/programs.ts";
import { withRemovableModules } from "../go/removable-modules.ts";
import { type Toolchain, type ToolchainWorld, toolchain } from "../go/toolchain.ts";
import { defined } from "../model/defined.ts";
import { relativePath } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";
import type { World } from "../world/world.ts";
import { packedPaths, type ReleasedSources, releasedSources } from "./beside.ts";
import { type UndeclaredChanges, undeclaredChanges } from "./clean.ts";
import type { Facts, ModuleFacts } from "./facts.ts";
import { goFacts } from "./go-facts.ts";
import { passOverGoFolders } from "./go-folders.ts";
import type { HeldSources } from "./held-sources.ts";
import { embedsFolder } from "./hidden-output.ts";
import { moduleFolder } from "./module-folder.ts";
import { notesFacts } from "./notes.ts";
import { overriddenBuilds } from "./overridden-builds.ts";
import { type ProgramsFound, programsOf } from "./programs.ts";
import { heldSources } from "./sources.ts";
import { stampedPackages } from "./stamped-packages.ts";
import { listed } from "./tags.ts";

export interface Survey {
  readonly facts: Facts;
  readonly toolchain: Toolchain;
  /** Absent where there is no commit to hold sources against. */
  readonly sources?: HeldSources;
}

interface SurveyOptions {
  readonly config: Config;
  /** Absolute folder of the module. */
  readonly folder: string;
  readonly surroundings: Surroundings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute folders with what other jobs made: they may lie in the checkout, and are no part of it. */
  readonly foreign?: readonly string[];
  /** What is to happen before the tree is looked at, with what is known until then. */
  readonly before?: (seen: {
    readonly git: GitFacts | undefined;
    readonly module: ModuleFacts;
    readonly env: Facts["env"];
  }) => Promise<void>;
}

/** Reads git, go and the module's folder; changes nothing itself. Throws a `Problem` for what cannot be released. */
export async function survey(scene: SurveyOptions, world: ToolchainWorld): Promise<Survey> {
  const { folder, env } = scene;
  const { files } = world;
  const found = await placeOf(scene, world);
  const { tools, asking, git, root, real, output, apart } = found;
  const { repository, modified, module } = await treeOf(scene, found, world);
  const exclude = [resolve(folder, scene.config.settings.output), ...apart];
  const [platforms, notes, released] = await Promise.all([
    platformsOf(tools, folder, world),
    notesFacts({ ...scene, root: root ?? folder, module, repository }, git, files),
    releasedFacts(scene, found, { exclude, repository }, world),
  ]);
  const config = {
    ...scene.config,
    builds: overriddenBuilds(scene.config.builds, platforms),
  };
  const graph = new PackageGraph();
  const query = { tools: asking, folder, module, platforms, output, graph, foreign: apart };
  const programs = await allPrograms(config, query, world);
  const place = { folder: real, module, packed: packedPaths(released), repository };
  const sources = await heldSources({ ...found, config, graph, env, ...place }, world);
  return defined({
    toolchain: tools,
    sources,
    facts: defined({
      module,
      env: allowed(scene),
      git: repository === undefined ? undefined : await withRemotes(repository, git, scene, world),
      go: await goFacts(tools, platforms, folder, files),
      ...programs,
      ...released,
      ...(await heldFacts(sources, graph)),
      modified,
      outputEmbedded: embedsFolder(graph, output),
      notes,
      epoch: epochOf(env["SOURCE_DATE_EPOCH"]),
    }),
  });
}

/** What is released besides programs: files of the checkout, and the commit's own. */
async function releasedFacts(
  { config, folder, env }: SurveyOptions,
  { git, root, trusted }: Awaited<ReturnType<typeof placeOf>>,
  { exclude, repository }: { exclude: readonly string[]; repository: GitFacts | undefined },
  world: ToolchainWorld,
): Promise<ReleasedSources & Pick<Facts, "source">> {
  const { files } = world;
  const { source, sourceSubmodules: submodules } = config.settings;
  const scope = { folder, root: root ?? folder, exclude };
  const selected = await releasedSources(config, scope, git, files);
  if (!source || root === undefined || repository === undefined) return selected;
  const own = new CommitFiles({ root: await files.real(root), env, trusted }, world);
  return { ...selected, source: await own.tree({ commit: repository.commit, submodules }) };
}

async function heldFacts(
  sources: HeldSources | undefined,
  { programs }: PackageGraph,
): Promise<Pick<Facts, "differences" | "pointers">> {
  if (sources === undefined) return { differences: [], pointers: [] };
  const differences = await sources.hold(programs);
  return { differences, pointers: sources.pointers };
}

/** The Go that is used, and where everything lies. Throws a `Problem` where there is no module. */
async function placeOf(scene: SurveyOptions, world: ToolchainWorld) {
  const { config, folder, env } = scene;
  const { files } = world;
  const trusted = await trustedRoots(folder, scene.surroundings.project, files);
  const version = config.settings.goVersion;
  const chosen = await toolchain({ folder, env, version, trusted }, world);
  const git = new Git(folder, env, world, trusted);
  const root = await git.root();
  const tools = root === undefined ? chosen : withRemovableModules(chosen, root);
  const modules = root === undefined ? [] : await git.modules();
  await assertModule(tools, folder, { root, modules }, files);
  if (root !== undefined) await passOverGoFolders(tools.folders, root, files, { make: false });
  const real = await files.real(folder);
  const output = resolve(real, config.settings.output);
  const foreign = await Promise.all((scene.foreign ?? []).map((path) => files.real(path)));
  const apart = [...foreign, ...tools.folders];
  // Before anything is compiled modules may have to be fetched, to know what they are.
  const asking = { ...tools, env: tools.fetching };
  return { tools, asking, git, trusted, root, modules, real, output, foreign, apart };
}

/** The programs of each build, one after the other, and what the linker stamps of them. */
async function allPrograms(
  { builds }: Config,
  query: Parameters<typeof programsOf>[1],
  world: ToolchainWorld,
): Promise<Pick<Facts, "programs" | "mainFiles" | "stamped">> {
  const found: ProgramsFound[] = [];
  for (const build of builds) found.push(await programsOf(build, query, world));
  return {
    programs: found.map(({ programs }) => programs),
    mainFiles: found.flatMap(({ mainFiles }) => mainFiles),
    stamped: await stampedPackages(builds, query, world),
  };
}

/** The work tree, after what is to happen before it is looked at. */
async function treeOf(
  scene: SurveyOptions,
  found: Awaited<ReturnType<typeof placeOf>>,
  world: ToolchainWorld,
) {
  const { config, folder, before } = scene;
  const { asking, git, root, modules, real, output, foreign } = found;
  const place = { folder: real, output, generated: config.settings.generated, foreign };
  const look = async () => {
    const { git: repository, modified }: UndeclaredChanges =
      root === undefined
        ? { modified: [] }
        : await undeclaredChanges(git, { root, ...place }, world.files);
    const module = await moduleFacts(asking, folder, { root, modules }, world);
    return { repository, modified, module };
  };
  if (before === undefined) return await look();
  const { repository, module } = await look();
  await before({ git: repository, module, env: allowed(scene) });
  return await look();
}

/** Of the environment what templates may use. */
function allowed({ config, env }: SurveyOptions): Readonly<Record<string, string>> {
  return Object.fromEntries(
    config.settings.templateEnv.flatMap((name) =>
      env[name] === undefined ? [] : [[name, env[name]]],
    ),
  );
}

/** Seconds since 1970 (reproducible-builds.org, "SOURCE_DATE_EPOCH"), up to what a date can hold. */
export function epochOf(written: string | undefined): number | undefined {
  return /^\d{1,12}$/u.test(written ?? "") ? Number(written) : undefined;
}

/** Where this run is at home tells more than any remote. */
async function withRemotes(
  facts: GitFacts,
  git: Git,
  { surroundings, env, folder }: SurveyOptions,
  world: ToolchainWorld,
): Promise<GitFacts> {
  if (surroundings.forge !== undefined || facts.remote === undefined) return facts;
  const [remote = facts.remote, ...otherRemotes] = await originsOf(git, env, folder, world);
  return { ...facts, remote, ...(otherRemotes.length === 0 ? {} : { otherRemotes }) };
}

/** The repository around the module, and the folders of all its modules. */
interface Surrounding {
  readonly root: string | undefined;
  readonly modules: readonly string[];
}

async function assertModule(
  tools: Toolchain,
  folder: string,
  { root, modules }: Surrounding,
  files: World["files"],
): Promise<void> {
  if (tools.module === undefined) {
    const here = root === undefined ? "" : await moduleFolder(root, folder, files);
    const elsewhere = modules.map((module) => relativePath(here, module));
    throw new Problem("no-module", `there is no go.mod in ${folder}`, {
      hint:
        elsewhere.length === 0
          ? "run in the module's folder, or set `working-directory`"
          : `set \`working-directory\` to ${elsewhere.length === 1 ? "the folder of the repository's module" : "the folder of a module"}: ${listed(elsewhere)}`,
    });
  }
  if ((await files.real(tools.module)) !== (await files.real(folder))) {
    throw new Problem("not-module-root", `${folder} is inside the module in ${tools.module}`, {
      hint: `run there, or set \`working-directory: ${relativePath(folder, tools.module)}\``,
    });
  }
}

async function moduleFacts(
  tools: Toolchain,
  folder: string,
  { root, modules }: Surrounding,
  { capture, files }: ToolchainWorld,
): Promise<ModuleFacts> {
  const vendored = (await files.stat(join(folder, "vendor", "modules.txt")))?.kind === "file";
  const { status, stdout, stderr } = await capture({
    file: tools.go,
    args: ["list", "-m", vendored ? "-mod=vendor" : "-mod=readonly", "-f", "{{.Path}}"],
    cwd: folder,
    env: tools.env,
  });
  if (status !== 0) throw modRefused(stderr);
  const place = root === undefined ? "." : await moduleFolder(root, folder, files);
  const alone = modules.length === 1 && modules[0] === place;
  return defined({
    path: stdout.trim(),
    folder: place,
    ...(alone ? { alone } : {}),
    vendored,
    workspace: tools.workspace,
  });
}

async function platformsOf(
  tools: Toolchain,
  folder: string,
  { capture }: ToolchainWorld,
): Promise<readonly string[]> {
  const { stdout } = await capture({
    file: tools.go,
    args: ["tool", "dist", "list"],
    cwd: folder,
    env: tools.env,
  });
  return stdout.split("\n").filter((line) => line !== "");
}
