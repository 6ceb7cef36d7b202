import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import type { Entry } from "../archives/archive.ts";
import { tarMembers } from "../archives/untar.ts";
import { Problem } from "../model/problem.ts";
import type { World } from "../world/world.ts";
import { gitEnvironment } from "./environment.ts";
import { GitObjects, type TreeEntry } from "./objects.ts";

type GitWorld = Pick<World, "capture" | "files">;

export interface CommitFilesScene {
  /** The repository's root, links resolved. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Roots of repositories that are read whoever owns them. */
  readonly trusted: readonly string[];
}

/** Which files of which commit. */
export interface CommitFilesQuery {
  readonly commit: string;
  /** The tag of that commit, where there is one. */
  readonly tag: string | null;
  /** Whether those of submodules belong to it, at the commits that it records. */
  readonly submodules: boolean;
  /** Whether files that are marked to be left out or changed (export-ignore, export-subst) are there as they are. */
  readonly unmarked?: boolean;
}

/** A commit's tree as it is packed. */
export interface SourceTree {
  /** Paths of files and links, relative to the repository's root. */
  readonly paths: readonly string[];
  /** Submodules that are left out. */
  readonly submodules: readonly string[];
  /** Whether Git LFS keeps some of the files elsewhere. */
  readonly lfs: boolean;
}

/** The files of commits as `git archive` makes them: what lies in the work tree does not count. */
export class CommitFiles {
  readonly #scene: CommitFilesScene;
  readonly #world: GitWorld;

  constructor(scene: CommitFilesScene, world: GitWorld) {
    this.#scene = scene;
    this.#world = world;
  }

  /** What would be packed, attributes aside. Throws a `Problem` for a submodule that is not checked out. */
  async tree({
    commit,
    submodules,
  }: Pick<CommitFilesQuery, "commit" | "submodules">): Promise<SourceTree> {
    const objects = this.#objects(this.#scene.root);
    const entries = await objects.wholeTree(commit);
    const own = entries.filter(({ kind }) => kind !== "submodule").map(({ path }) => path);
    const lfs = await usesLfs(entries, objects);
    const modules = entries.filter(({ kind }) => kind === "submodule");
    if (!submodules) return { paths: own, submodules: modules.map(({ path }) => path), lfs };
    const inside = await Promise.all(
      modules.map(async (module) => {
        const tree = await (await this.#inside(module)).tree({ commit: module.hash, submodules });
        return { ...tree, paths: tree.paths.map((path) => `${module.path}/${path}`) };
      }),
    );
    return {
      paths: [...own, ...inside.flatMap(({ paths }) => paths)],
      submodules: [],
      lfs: lfs || inside.some((tree) => tree.lfs),
    };
  }

  /**
   * The files, to be read for as long as `folder`, which is empty, is there. git's attributes are those of the commit
   * (gitattributes(5): export-ignore, export-subst, line ends); filters, and what this machine or clone sets, do not
   * count. Throws a `Problem`.
   */
  async entries(query: CommitFilesQuery, folder: string): Promise<readonly Entry[]> {
    const path = await this.#archive(query, folder);
    const { files } = this.#world;
    const found: Entry[] = [];
    for await (const { type, name, link, mode, size, start } of tarMembers(files.source(path))) {
      const executable = (mode & 0o100) !== 0;
      if (type === "2") found.push(linkEntry(name, link));
      if (type !== "0") continue;
      const open = (): Readable =>
        size === 0 ? Readable.from([]) : files.source(path, { start, end: start + size - 1 });
      found.push({ name, size, executable, open });
    }
    return query.submodules ? [...found, ...(await this.#ofSubmodules(query, folder))] : found;
  }

  async #ofSubmodules(
    { commit, submodules }: CommitFilesQuery,
    folder: string,
  ): Promise<readonly Entry[]> {
    const tree = await this.#objects(this.#scene.root).wholeTree(commit);
    const found: Entry[] = [];
    for (const [at, module] of tree.filter(({ kind }) => kind === "submodule").entries()) {
      const inside = await this.#inside(module);
      const query = { commit: module.hash, tag: null, submodules };
      const entries = await inside.entries(query, join(folder, String(at)));
      found.push(...entries.map((entry) => ({ ...entry, name: `${module.path}/${entry.name}` })));
    }
    return found;
  }

  /** A tar, made in a repository that has no settings, attributes, references or filters but those of the commit. */
  async #archive(
    { commit, tag, unmarked = false }: CommitFilesQuery,
    folder: string,
  ): Promise<string> {
    const bare = join(folder, "git");
    const path = join(folder, "source.tar");
    await this.#bare(bare, commit, tag);
    if (unmarked)
      await this.#world.files.write(
        join(bare, "info", "attributes"),
        "* -export-subst -export-ignore\n",
      );
    const { status, stderr } = await this.#world.capture({
      file: "git",
      args: [...SETTINGS, "archive", "--format=tar", `--output=${path}`, commit],
      cwd: folder,
      env: {
        ...gitEnvironment(this.#scene.env, []),
        GIT_DIR: bare,
        GIT_NO_REPLACE_OBJECTS: "1",
        GIT_ATTR_NOSYSTEM: "1",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_CONFIG_GLOBAL: "/dev/null",
      },
    });
    if (status === 0) return path;
    throw new Problem("source-unreadable", `source: git cannot read ${commit}: ${stderr.trim()}`, {
      hint: "fetch all of the commit's files: clone without `--filter`, and run `git fsck`",
    });
  }

  /** A repository that borrows the objects of the other (gitrepository-layout(5)). */
  async #bare(folder: string, commit: string, tag: string | null): Promise<void> {
    const { files } = this.#world;
    const objects = this.#objects(this.#scene.root);
    const shared = await objects.path("objects");
    await files.makeFolder(join(folder, "objects", "info"));
    await files.makeFolder(join(folder, "refs"));
    await files.write(join(folder, "HEAD"), "ref: refs/heads/none\n");
    await files.write(join(folder, "config"), configFor(commit));
    await files.write(join(folder, "objects", "info", "alternates"), `${shared}\n`);
    if (tag !== null)
      await files.write(join(folder, "packed-refs"), `${commit} refs/tags/${tag}\n`);
  }

  async #inside({ path, hash }: TreeEntry): Promise<CommitFiles> {
    const { trusted } = this.#scene;
    const root = resolve(this.#scene.root, path);
    const inner = trusted.length === 0 ? [] : [...trusted, root];
    const there = await this.#objects(root, inner).has(hash);
    if (there) return new CommitFiles({ ...this.#scene, root, trusted: inner }, this.#world);
    throw new Problem("source-submodule", `source: the submodule ${path} is not checked out`, {
      hint: "run `git submodule update --init --recursive`, or `submodules: recursive` of actions/checkout",
    });
  }

  #objects(root: string, trusted = this.#scene.trusted): GitObjects {
    return new GitObjects(root, this.#scene.env, this.#world, trusted);
  }
}

/** Line ends as on Linux, and hashes that are as long in a shallow clone as in a whole one. */
const SETTINGS = ["core.autocrlf=false", "core.eol=lf", "core.attributesFile=", "core.abbrev=12"]
  .concat("tar.umask=0022")
  .flatMap((setting) => ["-c", setting]);

function configFor(commit: string): string {
  const plain = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";
  return commit.length === 40
    ? plain
    : `${plain.replace("= 0", "= 1")}[extensions]\n\tobjectformat = sha256\n`;
}

function linkEntry(name: string, link: string): Entry {
  const bytes = Buffer.from(link);
  const open = (): Readable => Readable.from([bytes]);
  return { name, size: bytes.length, executable: false, link, open };
}

async function usesLfs(entries: readonly TreeEntry[], objects: GitObjects): Promise<boolean> {
  for (const { path, kind, hash } of entries)
    if (kind === "file" && /(^|\/)\.gitattributes$/u.test(path))
      if (/\bfilter=lfs\b/u.test(await objects.text(hash))) return true;
  return false;
}
