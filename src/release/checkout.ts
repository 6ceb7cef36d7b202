import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { Facts } from "../facts/facts.ts";
import { misleadingTags, retractingTag } from "../facts/module-tags.ts";
import type { Git } from "../git/git.ts";
import type { GitFacts } from "../git/git-facts.ts";
import { overlayWithout } from "../go/overlay.ts";
import { localReplacements } from "../go/replacements.ts";
import type { Toolchain } from "../go/toolchain.ts";
import { isWithin } from "../model/paths.ts";
import type { Plan } from "../model/plan.ts";
import type { OutputFolder } from "../output/output-folder.ts";
import { workRooms } from "../output/remains.ts";
import type { World } from "../world/world.ts";
import type { Journal } from "./journal.ts";

/** Where `go build` is started, and what that adds to its environment. */
export interface Checkout {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Flags that nobody gave, for `go build`. */
  readonly flags: readonly string[];
  /** For the compilers' own files, where those of the output folder will not do. */
  readonly temporary?: string;
  /** A line of the compiler's, with the paths that people know. */
  readonly told: (line: string) => string;
}

interface CheckoutOptions {
  readonly plan: Plan;
  readonly facts: Facts;
  readonly toolchain: Pick<Toolchain, "go" | "env">;
  /** The module's folder, absolute. */
  readonly folder: string;
  /** Holds a folder that goes when the run goes. */
  readonly output: Pick<OutputFolder, "path" | "work" | "outside">;
  /** The configured output folder, which `go` must not see where it would be embedded. */
  readonly hidden: string;
  readonly journal: Journal;
}

/** What lies around the module. */
interface CheckedOutRepository {
  readonly git: Git;
  readonly root: string;
  readonly facts: GitFacts;
}

type Senses = Pick<World, "capture" | "files">;

/**
 * The module's folder as a fresh clone of the released tag would show it to `go`, which stamps the commit and
 * the module's version into every binary by what it sees of the repository. It looks for a folder `.git`
 * (cmd/go/internal/vcs, RootNames): in a git worktree it finds none, in a submodule that of the repository around
 * it. And it takes the highest tag of the commit, whichever is released, unless a later one retracts it.
 * Where that would change the bytes, it is shown a repository of that tag alone: git by its own variables, and Go, where
 * it would not look, by a folder with that repository and a link to the files.
 */
export async function checkoutFor(
  scene: CheckoutOptions,
  git: Git,
  senses: Senses,
): Promise<Checkout> {
  const checkout = await checkoutOf(scene, git, senses);
  return scene.facts.outputEmbedded ? await withoutOutput(checkout, scene, senses) : checkout;
}

/**
 * `//go:embed *` beside the output folder would take it along: an overlay hides it. What the compilers write for
 * themselves must not be hidden, so it lies outside.
 */
async function withoutOutput(
  checkout: Checkout,
  { folder, hidden, output }: CheckoutOptions,
  { files }: Senses,
): Promise<Checkout> {
  const temporary = await output.outside();
  const overlay = join(temporary, "overlay.json");
  const seen = join(checkout.folder, relative(await files.real(folder), hidden));
  await files.write(overlay, overlayWithout(seen));
  return { ...checkout, flags: [...checkout.flags, `-overlay=${overlay}`], temporary };
}

async function checkoutOf(scene: CheckoutOptions, git: Git, senses: Senses): Promise<Checkout> {
  const plain = plainIn(scene.folder);
  const root = await git.root();
  const { git: facts, module } = scene.facts;
  if (root === undefined || facts === undefined) return plain;
  const repository = { git, root, facts };
  const found = (await senses.files.stat(join(root, ".git")))?.kind === "folder";
  if (!found) return await linked(scene, repository, senses);
  if (!(await isMisled(scene.plan.release.tag, facts, module, git))) return plain;
  const gitFolder = join(scene.output.work, workRooms.clone, ".git");
  await writeGitFolder(gitFolder, scene.plan, repository, senses.files);
  // In the platform's form, as Go hands it to git.
  const instead = [`url.${gitFolder}.insteadOf`, join(root)] as const;
  const settings = [...(await git.comparison()), instead];
  return { ...plain, env: { ...git.settings(settings), GIT_DIR: gitFolder } };
}

function plainIn(folder: string): Checkout {
  return { folder, env: {}, flags: [], told: (line) => line };
}

/** A folder with a repository that Go finds, and the files behind a link. */
async function linked(
  scene: CheckoutOptions,
  repository: CheckedOutRepository,
  { capture, files }: Senses,
): Promise<Checkout> {
  const { plan, toolchain, output } = scene;
  const { git, root } = repository;
  const real = { root: await files.real(root), folder: await files.real(scene.folder) };
  if (!plan.module.vendored && (await replacedOutside(toolchain, real, capture)))
    return unstamped(scene, "go.mod replaces a module by a folder outside it");
  const clone = join(output.work, workRooms.clone);
  const tree = join(clone, "tree");
  await writeGitFolder(join(clone, ".git"), plan, repository, files);
  await copy(join(root, "go.mod"), join(clone, "go.mod"), files);
  try {
    await files.link(root, tree);
  } catch {
    return unstamped(scene, "the file system of `output` does not support links");
  }
  const inside = join(tree, relative(real.root, real.folder));
  return {
    folder: inside,
    // Go asks the shell's variable for the way it came (os.Getwd).
    env: { ...git.settings(await git.comparison()), PWD: inside },
    flags: [],
    told: (line) => line.replaceAll(tree, root),
  };
}

/** What Go would stamp is wrong or nothing. */
function unstamped({ folder, journal }: CheckoutOptions, why: string): Checkout {
  journal.tell({
    type: "warning",
    message: `this is a git worktree or submodule, and ${why}: no commit is stamped, and the binaries differ from those of a clone`,
  });
  return { ...plainIn(folder), env: { GOFLAGS: "-buildvcs=false" } };
}

async function isMisled(
  tag: string | null,
  repository: GitFacts,
  module: Facts["module"],
  git: Git,
): Promise<boolean> {
  if (misleadingTags(tag, repository, module)) return true;
  const later = tag === null ? undefined : retractingTag(tag, repository, module);
  if (later === undefined) return false;
  return /^\s*retract\b/mu.test((await git.fileOf(`refs/tags/${later}`, "go.mod")) ?? "");
}

/** Whether a relative path of go.mod's `replace` lines leads out of the repository. */
async function replacedOutside(
  toolchain: CheckoutOptions["toolchain"],
  { root, folder }: { readonly root: string; readonly folder: string },
  capture: World["capture"],
): Promise<boolean> {
  return (await localReplacements(toolchain, folder, capture)).some(
    (path) => !isAbsolute(path) && !isWithin(resolve(folder, path), root),
  );
}

/** A repository with the objects and the index of the real one, and of its tags the released one alone (gitrepository-layout(5)). */
async function writeGitFolder(
  path: string,
  { release: { tag } }: Plan,
  { git, root, facts: { commit, tags } }: CheckedOutRepository,
  files: World["files"],
): Promise<void> {
  const shown = tags.filter(({ name }) => tag === null || name === tag);
  const config = [
    // A partial clone asks its remote for what it lacks.
    `[include]\n\tpath = ${JSON.stringify(await git.path("config"))}`,
    `[core]\n\trepositoryformatversion = 1\n\tbare = false\n\tworktree = ${JSON.stringify(root)}`,
    ...(commit.length === 64 ? ["[extensions]\n\tobjectformat = sha256"] : []),
  ];
  await files.write(join(path, "HEAD"), `${commit}\n`);
  await files.write(join(path, "config"), `${config.join("\n")}\n`);
  await files.write(
    join(path, "packed-refs"),
    shown.map((one) => `${one.commit} refs/tags/${one.name}\n`).join(""),
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
}

async function copy(from: string, to: string, files: World["files"]): Promise<void> {
  if ((await files.stat(from))?.kind !== "file") return;
  await files.makeFolder(dirname(to));
  await files.write(to, await files.read(from));
}
