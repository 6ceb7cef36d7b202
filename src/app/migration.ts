import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { selectFiles } from "../archives/files.ts";
import { configure } from "../config/config.ts";
import { readFile } from "../config/file.ts";
import { type InputName, inputs } from "../config/inputs.ts";
import { survey } from "../facts/survey.ts";
import { buildFolders } from "../migration/goreleaser-builds.ts";
import { readGoReleaser } from "../migration/goreleaser-file.ts";
import { type Migration, type MigrationInputs, migrate } from "../migration/migrate.ts";
import { filePatterns, withNamesAlone, withPresentFiles } from "../migration/present-files.ts";
import { packedPatterns } from "../migration/translate-archives.ts";
import { dockerfilesIn } from "../migration/translate-dockers.ts";
import { checksumFiles } from "../model/checksum-files.ts";
import { Problem } from "../model/problem.ts";
import { fill } from "../model/template.ts";
import { fetchAnswer } from "../net/follow.ts";
import { BRISK, retry } from "../net/retry.ts";
import { valuesWithoutTarget } from "../plan/names.ts";
import { plan } from "../plan/plan.ts";
import { releaseValues } from "../plan/release-values.ts";
import { packedNamesOf } from "../plan/released-names.ts";
import type { NameComparison } from "../report/migration-table.ts";
import type { CommandContext } from "./context.ts";
import { gitFor } from "./git.ts";

const HEADER =
  "# yaml-language-server: $schema=https://raw.githubusercontent.com/org/go-release-action/main/schemas/config.schema.json\n";

/** A configuration of another tool as one of ours, and the text of it. */
export interface MovedOver {
  readonly migration: Migration;
  /** `.go-release.yaml`. */
  readonly text: string;
}

/** Reads a configuration of GoReleaser, includes and all. Throws a `Problem` for a file that is none. */
export async function moveOver(
  path: string,
  { module, repository }: Pick<MigrationInputs, "module" | "repository">,
  call: CommandContext,
): Promise<MovedOver> {
  const { folder, world } = call;
  const absolute = resolve(folder, path);
  if ((await world.files.stat(absolute))?.kind !== "file") {
    throw new Problem("no-migration", `from: ${absolute} is not a file`, {
      hint: "give the path of a .goreleaser.yaml",
    });
  }
  const file = await readGoReleaser(await world.files.readText(absolute), path, (source) =>
    included(source, absolute, call),
  );
  const translated = migrate({
    file,
    module,
    repository,
    modules: await modulesIn(buildFolders(file.data), call),
    folders: await foldersAmong(packedPatterns(file.data), call),
    dockerfiles: await textsAt(dockerfilesIn(file.data), call),
    shortened: await (await gitFor(call)).shortened(),
    platforms: await platformsOf(call),
    known: new Set(Object.keys(inputs) as InputName[]),
  });
  const unmatched = await unmatchedIn(filePatterns(translated.config), call);
  const migration = { ...translated, ...withPresentFiles(translated, unmatched) };
  return { migration, text: textOf(migration.config) };
}

function textOf(config: Migration["config"]): string {
  return HEADER + stringify(config, { lineWidth: 0 });
}

/** The files that are there, by the path that was asked for. */
async function textsAt(
  paths: readonly string[],
  { folder, world: { files } }: CommandContext,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const path of paths) {
    const absolute = resolve(folder, path);
    if ((await files.stat(absolute).catch(() => undefined))?.kind === "file")
      found.set(path, await files.readText(absolute));
  }
  return found;
}

/** The patterns that no file of the checkout matches. */
async function unmatchedIn(
  patterns: readonly string[],
  { folder, world }: CommandContext,
): Promise<ReadonlySet<string>> {
  const unmatched = new Set<string>();
  for (const pattern of patterns) {
    try {
      await selectFiles([pattern], true, { folder, root: folder, exclude: [] }, world.files);
    } catch (error) {
      if (!(error instanceof Problem && error.code === "files-unmatched")) continue;
      unmatched.add(pattern);
    }
  }
  return unmatched;
}

/** Those of the folders that hold a module of their own. */
async function modulesIn(
  folders: readonly string[],
  { folder, world }: CommandContext,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const dir of folders) {
    const path = resolve(folder, dir);
    if (path === resolve(folder)) continue;
    if ((await world.files.stat(join(path, "go.mod")))?.kind === "file") found.add(dir);
  }
  return found;
}

async function foldersAmong(
  patterns: readonly string[],
  { folder, world }: CommandContext,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    if ((await world.files.stat(resolve(folder, pattern)))?.kind === "folder") found.add(pattern);
  }
  return found;
}

/** Another file of the project, or one that anybody may read. */
async function included(
  source: string,
  from: string,
  { world, signal }: CommandContext,
): Promise<string | undefined> {
  if (!/^https?:/u.test(source)) {
    const path = resolve(from, "..", source);
    return (await world.files.stat(path))?.kind === "file"
      ? await world.files.readText(path)
      : undefined;
  }
  if (!source.startsWith("https:")) return undefined;
  const server = { name: "the server", code: "no-migration", again: "try again", secrets: [] };
  const request = { server, url: source, timeout: 10_000, signal };
  try {
    return (await fetchAnswer(request, world, retry(BRISK, world))).text;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

async function platformsOf({ world, folder, env }: CommandContext): Promise<readonly string[]> {
  const { PATH = "", HOME = "" } = env;
  const { stdout } = await world.capture({
    file: "go",
    args: ["tool", "dist", "list"],
    cwd: folder,
    env: { PATH, HOME, GOTOOLCHAIN: "local" },
  });
  return stdout.split("\n").filter((line) => line !== "");
}

/**
 * The names that the plan of the new configuration has, held against those that GoReleaser would give. Throws a
 * `Problem` where the module cannot be planned.
 */
export async function compareNames(
  { migration }: MovedOver,
  call: CommandContext,
): Promise<NameComparison> {
  const { folder, env, host, world, version } = call;
  const flag = (name: InputName, raw: unknown) => ({ name, raw, where: "", from: "flag" }) as const;
  const { config: bare, absent } = withNamesAlone(migration.config);
  const config = configure("plan", {
    flags: [flag("templateEnv", migration.environment), flag("dryRun", "true")],
    host: [],
    environment: [],
    file: readFile(textOf(bare), ".go-release.yaml"),
  });
  const { surroundings } = host;
  const samples = Object.fromEntries(
    migration.environment.map((name) => [name, env[name] ?? name]),
  );
  const surveyed = await survey(
    { config, folder, surroundings, env: { ...env, ...samples } },
    world,
  );
  const { facts } = surveyed;
  const planned = plan({ config, facts, surroundings, generator: version });
  const values = valuesWithoutTarget(
    releaseValues({ facts, surroundings }, planned.name, planned.release),
  );
  const missing = new Set(absent.map((name) => fill(name, values)));
  const before = new Set(migration.names(values).filter((name) => !missing.has(name)));
  const packed = packedNamesOf(planned);
  const checksums = checksumFiles(planned.checksum, packed).map(({ name }) => name);
  const now = new Set([...packed, ...checksums]);
  return {
    same: [...before].filter((name) => now.has(name)),
    missing: [...before].filter((name) => !now.has(name)),
    added: [...now].filter((name) => !before.has(name)),
  };
}
