import { resolve } from "node:path";
import { contained } from "../git/contained.ts";
import { repositoryRoot } from "../git/repository-root.ts";
import { isWithin } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";
import type { World } from "../world/world.ts";
import type { CommandName } from "./commands.ts";
import { type Config, configure, type Sources } from "./config.ts";
import { type FileContents, noFile, readFile } from "./file.ts";
import type { Given } from "./given-input.ts";

const DEFAULT_FILE = ".go-release.yaml";

/** A configuration and the folder that its paths are relative to. */
export interface Loaded {
  readonly config: Config;
  /** Absolute; the Go module. */
  readonly folder: string;
}

/** Finds and reads the configuration file, then settles every input. Throws `Problem` or `InvalidConfig`. */
export async function loadConfig(
  command: CommandName,
  sources: Omit<Sources, "file">,
  start: string,
  { files }: Pick<World, "files">,
): Promise<Loaded> {
  const ordered = [...sources.environment, ...sources.host, ...sources.flags];
  const folder = resolve(start, textOf(ordered, "workingDirectory") ?? ".");
  if ((await files.stat(folder))?.kind !== "folder") {
    throw new Problem("no-folder", `working-directory ${folder} is not a folder`, {
      hint: "set it to the folder that contains go.mod",
    });
  }
  const asked = textOf(ordered, "config");
  const file = await fileIn(folder, asked, files);
  const own = asked !== undefined && (await isOutside(resolve(folder, asked), folder, files));
  const { foreign, ...given } = sources;
  const whose = own ? {} : { foreign };
  return { config: configure(command, { ...given, file, ...whose }), folder };
}

/** A file of elsewhere is the caller's own word, whoever made the commit. */
async function isOutside(path: string, folder: string, files: World["files"]): Promise<boolean> {
  const root = (await repositoryRoot(folder, files)) ?? (await files.real(folder));
  return !isWithin(await files.real(path), root);
}

function textOf(ordered: readonly Given[], name: Given["name"]): string | undefined {
  const raw = ordered.findLast((given) => given.name === name)?.raw;
  return typeof raw === "string" ? raw : undefined;
}

async function fileIn(
  folder: string,
  asked: string | undefined,
  files: World["files"],
): Promise<FileContents> {
  const named = { input: "config", path: asked ?? DEFAULT_FILE, byCommit: asked === undefined };
  const path = await contained(named, folder, files);
  if ((await files.stat(path))?.kind === "file")
    return readFile(await files.readText(path), asked ?? DEFAULT_FILE);
  if (asked === undefined) {
    await refuseMisnamed(folder, files);
    return noFile;
  }
  throw new Problem("no-config", `config ${asked} is not a file in ${folder}`, {
    hint: `give the path of a file, or remove \`config\` to use ${DEFAULT_FILE} if it exists`,
  });
}

/** A file that looks like a configuration and would be passed over in silence. */
async function refuseMisnamed(folder: string, files: World["files"]): Promise<void> {
  const found = (await files.list(folder)).find(({ name }) => /^\.go-release\.ya?ml$/iu.test(name));
  if (found === undefined) return;
  throw new Problem("config-misnamed", `${found.name} in ${folder} is ignored`, {
    hint:
      found.kind === "file"
        ? `rename it to ${DEFAULT_FILE}, or set \`config\` to it`
        : `the configuration is a file named ${DEFAULT_FILE}`,
  });
}
