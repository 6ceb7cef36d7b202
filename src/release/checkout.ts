import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { insteadOf } from "../go/environment.ts";
import { localReplacements } from "../go/replacements.ts";
import type { Toolchain } from "../go/toolchain.ts";
import type { Plan } from "../model/plan.ts";
import type { Facts, GitFacts } from "../plan/facts.ts";
import type { Git } from "../plan/git.ts";
import { misleadingTags, retractingTag } from "../plan/module-tags.ts";
import type { World } from "../world/world.ts";
import type { Journal } from "./journal.ts";

/** Where `go build` is started, and what that adds to its environment. */
export interface Checkout {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** A line of the compiler's, with the paths that people know. */
  readonly told: (line: string) => string;
}

interface Scene {
  readonly plan: Plan;
  readonly facts: Facts;
  readonly toolchain: Toolchain;
  /** The module's folder, absolute. */
  readonly folder: string;
  /** A folder that goes when the run goes. */
  readonly work: string;
  readonly journal: Journal;
}

/**
 * The module's folder as a fresh clone of the released tag would show it to `go`, which stamps the commit and
 * the module's version into every binary by what it sees of the repository. It looks for a folder `.git`
 * (cmd/go/internal/vcs, RootNames): in a git worktree it finds none, in a submodule that of the repository around
 * it. And it takes the highest tag of the commit, whichever is released, unless a later one retracts it.
 * Where that would change the bytes, it is shown a repository of that tag alone: git by its own variables, and Go, where
 * it would not look, by a folder with that repository and a link to the files.
 */
export const checkoutFor = async (
  scene: Scene,
  git: Git,
  { ask, files }: Pick<World, "ask" | "files">,
): Promise<Checkout> => {
  const { plan, facts, folder, work } = scene;
  const plain = { folder, env: {}, told: (line: string) => line };
  const root = await git.root();
  const repository = facts.git;
  if (root === undefined || repository === undefined) return plain;
  const found = (await files.stat(join(root, ".git")))?.kind === "folder";
  if (found && !(await isMisled(plan.release.tag, repository, facts.module, git))) return plain;
  const clone = join(work, "clone");
  const gitFolder = join(clone, ".git");
  const write = (): Promise<void> =>
    writeGitFolder(gitFolder, root, { plan, facts: repository }, git, files);
  if (found) {
    await write();
    // In the platform's form, as Go hands it to git.
    return { ...plain, env: insteadOf(join(root), gitFolder) };
  }
  // From behind a link those would not be found, and what Go would stamp here is wrong or nothing.
  if (!plan.module.vendored && (await replacedOutside(scene, root, ask))) {
    scene.journal.tell({
      type: "warning",
      message:
        "go.mod replaces a module by a folder outside of this git worktree or submodule: no commit is stamped, and the binaries differ from those of a clone",
    });
    return { ...plain, env: { GOFLAGS: "-buildvcs=false" } };
  }
  await write();
  const tree = join(clone, "tree");
  await copy(join(root, "go.mod"), join(clone, "go.mod"), files);
  await files.link(root, tree);
  const inside = join(tree, relative(await files.real(root), await files.real(folder)));
  // Go asks the shell's variable for the way it came (os.Getwd).
  return { folder: inside, env: { PWD: inside }, told: (line) => line.replaceAll(tree, root) };
};

const isMisled = async (
  tag: string | null,
  repository: GitFacts,
  module: Facts["module"],
  git: Git,
): Promise<boolean> => {
  if (misleadingTags(tag, repository, module)) return true;
  const later = tag === null ? undefined : retractingTag(tag, repository, module);
  if (later === undefined) return false;
  return /^\s*retract\b/mu.test((await git.fileOf(`refs/tags/${later}`, "go.mod")) ?? "");
};

/** Whether a relative path of go.mod's `replace` lines leads out of the repository. */
const replacedOutside = async (
  { toolchain, folder }: Scene,
  root: string,
  ask: World["ask"],
): Promise<boolean> =>
  (await localReplacements(toolchain, folder, ask)).some((path) => {
    const way = relative(root, resolve(folder, path));
    return !isAbsolute(path) && (isAbsolute(way) || way.split(/[/\\]/u)[0] === "..");
  });

/** A repository with the objects and the index of the real one, and of its tags the released one alone (gitrepository-layout(5)). */
const writeGitFolder = async (
  path: string,
  root: string,
  { plan, facts }: { readonly plan: Plan; readonly facts: GitFacts },
  git: Git,
  files: World["files"],
): Promise<void> => {
  const { tag } = plan.release;
  const { commit } = facts;
  const shown = facts.tags.filter(({ name }) => tag === null || name === tag);
  const config = [
    // Filters, line ends and the like decide what git calls modified.
    `[include]\n\tpath = ${JSON.stringify(await git.path("config"))}`,
    `[core]\n\trepositoryformatversion = 1\n\tbare = false\n\tworktree = ${JSON.stringify(root)}`,
    ...(commit.length === 64 ? ["[extensions]\n\tobjectformat = sha256"] : []),
  ];
  await files.write(join(path, "HEAD"), `${commit}\n`);
  await files.write(join(path, "config"), `${config.join("\n")}\n`);
  await files.write(
    join(path, "packed-refs"),
    shown.map(({ name, commit }) => `${commit} refs/tags/${name}\n`).join(""),
  );
  await files.makeFolder(join(path, "refs"));
  await files.write(join(path, "objects/info/alternates"), `${await git.path("objects")}\n`);
  for (const name of [
    "index",
    "shallow",
    "info/exclude",
    "info/attributes",
    "info/sparse-checkout",
  ])
    await copy(await git.path(name), join(path, name), files);
  const own = dirname(await git.path("index"));
  for (const { name } of await files.list(own))
    if (name.startsWith("sharedindex.")) await copy(join(own, name), join(path, name), files);
};

const copy = async (from: string, to: string, files: World["files"]): Promise<void> => {
  if ((await files.stat(from))?.kind !== "file") return;
  await files.makeFolder(dirname(to));
  await files.write(to, await files.read(from));
};
