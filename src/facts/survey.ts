import { join, resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { Git } from "../git/git.ts";
import { PackageGraph } from "../go/package-graph.ts";
import { modRefused } from "../go/programs.ts";
import { type Toolchain, toolchain } from "../go/toolchain.ts";
import { defined } from "../model/defined.ts";
import { relativePath } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";
import type { World } from "../world/world.ts";
import { type UndeclaredChanges, undeclaredChanges } from "./clean.ts";
import type { Facts, ModuleFacts, ProgramFacts } from "./facts.ts";
import { filesOf } from "./files.ts";
import type { HeldSources } from "./held-sources.ts";
import { embedsFolder } from "./hidden-output.ts";
import { moduleFolder } from "./module-folder.ts";
import { notesFacts } from "./notes.ts";
import { programsOf } from "./programs.ts";
import { heldSources } from "./sources.ts";

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
  const real = await files.real(folder);
  const output = resolve(real, config.settings.output);
  const { generated } = config.settings;
  const { git: repository, modified }: UndeclaredChanges =
    root === undefined
      ? { modified: [] }
      : await undeclaredChanges(git, { root, folder: real, output, generated }, files);
  const module = await moduleFacts(tools, folder, root, world);
  const exclude = [resolve(folder, config.settings.output)];
  const [platforms, notes, extra] = await Promise.all([
    platformsOf(tools, folder, world),
    notesFacts({ ...scene, module, repository }, git, files),
    filesOf(config, { folder, root: root ?? folder, exclude }, git, files),
  ]);
  const graph = new PackageGraph();
  const query = { tools, folder, module, platforms, output, graph };
  const programs: (readonly ProgramFacts[])[] = [];
  for (const build of config.builds) programs.push(await programsOf(build, query, world));
  const place = { folder: real, output, module, packed: extra.files, root, repository };
  const sources = await heldSources({ config, graph, env, ...place }, world);
  const epoch = epochOf(env["SOURCE_DATE_EPOCH"]);
  return defined({
    toolchain: tools,
    sources,
    facts: defined({
      module,
      git: repository,
      go: { version: tools.version, platforms },
      programs,
      ...extra,
      differences: (await sources?.hold(graph.programs)) ?? [],
      modified,
      outputEmbedded: embedsFolder(graph, output),
      notes,
      epoch,
    }),
  });
}

/** Seconds since 1970 (reproducible-builds.org, "SOURCE_DATE_EPOCH"), up to what a date can hold. */
export function epochOf(written: string | undefined): number | undefined {
  return /^\d{1,12}$/u.test(written ?? "") ? Number(written) : undefined;
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
