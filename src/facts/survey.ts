import { join, resolve } from "node:path";
import type { BuildConfig, Config } from "../config/config.ts";
import { Git } from "../git/git.ts";
import type { GitFacts } from "../git/git-facts.ts";
import { listPackages, modRefused } from "../go/programs.ts";
import { chooseTargets } from "../go/targets.ts";
import { type Toolchain, toolchain } from "../go/toolchain.ts";
import { defined } from "../model/defined.ts";
import { relativePath } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";
import { isOfAKilledRun } from "../output/remains.ts";
import type { World } from "../world/world.ts";
import type { Facts, ModuleFacts, ProgramFacts } from "./facts.ts";
import { filesOf } from "./files.ts";
import { moduleFolder } from "./module-folder.ts";
import { notesFacts } from "./notes.ts";
import { stringVariables } from "./string-variables.ts";

export interface Survey {
  readonly facts: Facts;
  readonly toolchain: Toolchain;
}

interface SurveyOptions {
  readonly config: Config;
  /** Absolute folder of the module. */
  readonly folder: string;
  readonly surroundings: Surroundings;
  readonly env: Readonly<Record<string, string | undefined>>;
}

type Senses = Pick<World, "capture" | "files" | "http" | "install" | "machine">;

/** Reads git, go and the module's folder; changes nothing. Throws a `Problem` for what cannot be released. */
export async function survey(scene: SurveyOptions, world: Senses): Promise<Survey> {
  const { config, folder, env } = scene;
  const { files } = world;
  const tools = await toolchain({ folder, env, version: config.settings.goVersion }, world);
  await assertModule(tools, folder, files);
  const git = new Git(folder, env, world);
  const root = await git.root();
  const output = resolve(folder, config.settings.output);
  const repository =
    root === undefined ? undefined : await withoutRemains(await git.facts(), root, output, files);
  const module = await moduleFacts(tools, folder, root, world);
  const [platforms, notes, extra] = await Promise.all([
    platformsOf(tools, folder, world),
    notesFacts({ ...scene, module, repository }, git, files),
    filesOf(config, { folder, root: root ?? folder, exclude: [output] }, git, files),
  ]);
  const programs: (readonly ProgramFacts[])[] = [];
  for (const build of config.builds) {
    programs.push(await programsOf(build, { tools, folder, module, platforms }, world));
  }
  const epoch = epochOf(env["SOURCE_DATE_EPOCH"]);
  return {
    toolchain: tools,
    facts: defined({
      module,
      git: repository,
      go: { version: tools.version, platforms },
      programs,
      ...extra,
      notes,
      epoch,
    }),
  };
}

/** Seconds since 1970 (reproducible-builds.org, "SOURCE_DATE_EPOCH"), up to what a date can hold. */
export function epochOf(written: string | undefined): number | undefined {
  return /^\d{1,12}$/u.test(written ?? "") ? Number(written) : undefined;
}

/** What a killed run left without its mark did not make the work tree dirty. */
async function withoutRemains(
  facts: GitFacts | undefined,
  root: string,
  output: string,
  files: World["files"],
): Promise<GitFacts | undefined> {
  if (facts === undefined) return undefined;
  const dirty: string[] = [];
  for (const path of facts.dirty)
    if (!(await isOfAKilledRun(resolve(root, path), output, files))) dirty.push(path);
  return { ...facts, dirty };
}

async function assertModule(
  tools: Toolchain,
  folder: string,
  files: World["files"],
): Promise<void> {
  if (tools.module === undefined) {
    throw new Problem("no-module", `there is no go.mod in ${folder}`, {
      hint: "run in the module's folder, or name it with `working-directory`",
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
  root: string | undefined,
  { capture, files }: Senses,
): Promise<ModuleFacts> {
  const vendored = (await files.stat(join(folder, "vendor", "modules.txt")))?.kind === "file";
  const { status, stdout, stderr } = await capture({
    file: tools.go,
    args: ["list", "-m", vendored ? "-mod=vendor" : "-mod=readonly", "-f", "{{.Path}}"],
    cwd: folder,
    env: tools.env,
  });
  if (status !== 0) throw modRefused(stderr);
  return defined({
    path: stdout.trim(),
    folder: root === undefined ? "." : await moduleFolder(root, folder, files),
    vendored,
    workspace: tools.workspace,
  });
}

async function platformsOf(
  tools: Toolchain,
  folder: string,
  { capture }: Senses,
): Promise<readonly string[]> {
  const { stdout } = await capture({
    file: tools.go,
    args: ["tool", "dist", "list"],
    cwd: folder,
    env: tools.env,
  });
  return stdout.split("\n").filter((line) => line !== "");
}

interface ProgramQuery {
  readonly tools: Toolchain;
  readonly folder: string;
  readonly module: ModuleFacts;
  readonly platforms: readonly string[];
}

/** Which packages are programs differs from platform to platform, so each one is asked. */
async function programsOf(
  { settings }: BuildConfig,
  { tools, folder, module, platforms }: ProgramQuery,
  world: Senses,
): Promise<readonly ProgramFacts[]> {
  const targets = chooseTargets(settings.targets, platforms);
  const asked = new Map(
    targets.map(({ os, arch }) => [`${os}/${arch}`, { GOOS: os, GOARCH: arch }]),
  );
  const patterns = settings.main.length > 0 ? settings.main.map(asPattern) : ["./..."];
  const found = new Map<string, { importPath: string; package: string; platforms: string[] }>();
  const real = await world.files.real(folder);
  for (const [platform, variables] of asked) {
    const env = { CGO_ENABLED: settings.env["CGO_ENABLED"] ?? "0", ...variables };
    const options = {
      toolchain: tools,
      folder,
      vendored: module.vendored,
      tags: settings.tags,
      env,
    };
    for (const listed of await listPackages(patterns, options, world)) {
      if (settings.main.length > 0) refuseUnloadable(listed, settings.main);
      const inside = listed.folder === "" ? "" : relativePath(real, listed.folder);
      if (!listed.program && !found.has(listed.importPath)) continue;
      const known = found.get(listed.importPath) ?? {
        importPath: listed.importPath,
        package: inside === "" ? "." : `./${inside}`,
        platforms: [],
      };
      if (listed.program) known.platforms.push(platform);
      found.set(listed.importPath, known);
    }
  }
  const sorted = [...found.values()].sort((a, b) => (a.importPath < b.importPath ? -1 : 1));
  return await Promise.all(
    sorted.map(async (program) => ({
      ...program,
      variables: await variablesIn(join(folder, program.package), world.files),
    })),
  );
}

async function variablesIn(folder: string, files: Senses["files"]): Promise<readonly string[]> {
  const sources = (await files.list(folder)).filter(
    ({ name, kind }) => kind === "file" && /(?<!_test)\.go$/u.test(name),
  );
  const texts = await Promise.all(sources.map(({ name }) => files.readText(join(folder, name))));
  return texts.flatMap(stringVariables);
}

function asPattern(main: string): string {
  return /^\.{0,2}\//u.test(main) || main === "." ? main : `./${main}`;
}

/** A package that was named must exist and be a program, unless it is only excluded on this platform. */
function refuseUnloadable(
  {
    importPath,
    program,
    error,
  }: { importPath: string; program: boolean; error: string | undefined },
  given: readonly string[],
): void {
  const excluded = error !== undefined && /build constraints exclude all Go files/u.test(error);
  if (program || excluded || given.some((main) => main.includes("..."))) return;
  const missing = /^stat (.*): directory not found$/u.exec(error ?? "")?.[1];
  const reason =
    missing === undefined
      ? (error ?? `${importPath} is a library, not a program`)
      : `there is no folder ${missing}`;
  throw new Problem("no-program", `main: ${reason}`, {
    hint: "name folders of main packages relative to the module, e.g. `./cmd/app`",
  });
}
