import { dirname, join, resolve } from "node:path";
import type { Git } from "../git/git.ts";
import { relativePath } from "../model/paths.ts";
import type { World } from "../world/world.ts";

type Senses = Pick<World, "files">;

/** Where a failure happened. */
export interface FailurePlace {
  /** Absolute folder of the module. */
  readonly folder: string;
  /** The repository's root, absolute. */
  readonly root: string;
}

/**
 * What the repository itself lacks or has, when a failure of `go` hangs on that and not on the network: a submodule
 * that was not fetched, a module of its own that go.mod does not lead to. `said` are the failure's own words.
 */
export async function cureInRepository(
  said: string,
  place: FailurePlace,
  git: Pick<Git, "modules">,
  world: Senses,
): Promise<string | undefined> {
  if (!MISSING.test(said) && !UNKNOWN.test(said)) return undefined;
  return (
    (await submoduleCure(said, place, world)) ??
    (await siblingCure(said, place, git, world)) ??
    (await ownPackageCure(said, place, world))
  );
}

/** Words that a file or folder is missing. */
const MISSING =
  /no such file|no matching files found|file not found|does not exist|no Go files|there is no folder|no file matches/iu;

/** Words that a module or package is not found, whoever was asked. */
const UNKNOWN =
  /no required module provides|(?:cannot find|no) module providing|missing go\.sum|unrecognized import path|is not in std|unknown revision|no matching versions|lookup disabled|could not read Username|terminal prompts|unable to access|dial tcp|404|410|403|does not contain package|replacement directory/iu;

async function submoduleCure(
  said: string,
  { folder, root }: FailurePlace,
  world: Senses,
): Promise<string | undefined> {
  const empty = await emptySubmodules(root, world);
  const named = empty.find((path) => {
    const inside = relativePath(folder, join(root, path));
    return [path, inside].some((one) => isNamed(one, said));
  });
  const guess = named ?? (MISSING.test(said) ? empty[0] : undefined);
  if (guess === undefined) return undefined;
  const fetch =
    "`git submodule update --init --recursive`, `submodules: recursive` of actions/checkout, or `GIT_SUBMODULE_STRATEGY: recursive`";
  return named === undefined
    ? `the git submodule ${guess} was not fetched: if that is what is missing, ${fetch}`
    : `${named} is a git submodule that was not fetched: ${fetch}`;
}

/** As a path or at the end of one, and not as a part of another name. */
function isNamed(path: string, said: string): boolean {
  const escaped = path.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  return new RegExp(`(^|[^\\w.-])${escaped}($|[^\\w-])`, "mu").test(said);
}

/** Paths of submodules with nothing in them (gitmodules(5)), relative to the root. */
async function emptySubmodules(root: string, { files }: Senses): Promise<readonly string[]> {
  const list = join(root, ".gitmodules");
  if ((await files.stat(list))?.kind !== "file") return [];
  const paths = [...(await files.readText(list)).matchAll(/^\s*path\s*=\s*"?([^"\n]+?)"?\s*$/gmu)];
  const empty: string[] = [];
  for (const [, path = ""] of paths) {
    const kind = (await files.stat(join(root, path)))?.kind;
    if (kind !== "folder" || (await files.list(join(root, path))).length === 0) empty.push(path);
  }
  return empty;
}

async function siblingCure(
  said: string,
  { folder, root }: FailurePlace,
  git: Pick<Git, "modules">,
  { files }: Senses,
): Promise<string | undefined> {
  const committed = (await git.modules()).map((path) => resolve(root, path));
  const used = await workspaceFolders(folder, root, { files });
  for (const place of new Set([...committed, ...used])) {
    const path = resolve(place) === resolve(folder) ? undefined : await moduleIn(place, { files });
    if (path === undefined || !isNamed(path, said)) continue;
    const way = relativePath(folder, place);
    const local = way.startsWith(".") ? way : `./${way}`;
    const why = used.includes(place)
      ? "which go.work adds; releases are built from go.mod alone"
      : "which go.mod does not refer to";
    return `${path} is in ${way} of this repository, ${why}: add \`require ${path} v0.0.0\` and \`replace ${path} => ${local}\` to go.mod, or tag that module and require its version`;
  }
  return undefined;
}

/** A package below the module's own path can only be missing here; of a module path like `tool`, Go looks in std. */
async function ownPackageCure(
  said: string,
  { folder }: FailurePlace,
  senses: Senses,
): Promise<string | undefined> {
  const own = await moduleIn(folder, senses);
  const path =
    /no required module provides package ([^\s;:,]+)|package ([^\s;:,]+) is not in std|providing package ([^\s;:,]+)/u
      .exec(said)
      ?.slice(1)
      .find((group) => group !== undefined);
  if (own === undefined || path?.startsWith(`${own}/`) !== true) return undefined;
  const place = path.slice(own.length + 1);
  if ((await senses.files.stat(join(folder, place)))?.kind === "folder")
    return `${place} has no Go files in this checkout: generate them in an earlier step, or commit them; a .gitignore may exclude them`;
  return `${place} is a package of this module but not in this checkout: commit it, or fix the import; a .gitignore may exclude it`;
}

async function moduleIn(folder: string, { files }: Senses): Promise<string | undefined> {
  const path = join(folder, "go.mod");
  if ((await files.stat(path))?.kind !== "file") return undefined;
  return /^module\s+"?([^\s"]+)/mu.exec(await files.readText(path))?.[1];
}

/** The folders that the nearest go.work uses (go.dev/ref/mod, "Workspaces"), absolute. */
async function workspaceFolders(
  folder: string,
  root: string,
  { files }: Senses,
): Promise<readonly string[]> {
  for (let place = folder; ; place = dirname(place)) {
    const path = join(place, "go.work");
    if ((await files.stat(path))?.kind === "file") return usesIn(await files.readText(path), place);
    if (resolve(place) === resolve(root) || dirname(place) === place) return [];
  }
}

function usesIn(text: string, folder: string): readonly string[] {
  const blocks = [...text.matchAll(/^use\s*\(([^)]*)\)/gmu)].map(([, block = ""]) => block);
  const lines = [...text.matchAll(/^use\s+([^(\s].*)$/gmu)].map(([, line = ""]) => line);
  return [...blocks.flatMap((block) => block.split("\n")), ...lines]
    .map((line) =>
      line
        .replace(/\/\/.*$/u, "")
        .trim()
        .replace(/^["`](.*)["`]$/u, "$1"),
    )
    .filter((line) => line !== "")
    .map((line) => resolve(folder, line));
}
