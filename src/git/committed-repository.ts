import { posix, resolve } from "node:path";
import type { World } from "../world/world.ts";
import { GitObjects, type TreeEntry } from "./objects.ts";

/** What a commit has at a path. */
export type Committed =
  | {
      readonly kind: "file";
      readonly repository: CommittedRepository;
      /** Relative to that repository. */
      readonly path: string;
      readonly hash: string;
    }
  | { readonly kind: "absent" }
  /** A link on the way leads out of the repository. */
  | { readonly kind: "link"; readonly path: string; readonly detail: string }
  /** It lies in a submodule that is not at the recorded commit. */
  | { readonly kind: "submodule"; readonly path: string; readonly detail: string };

/** As many links as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

export interface RepositoryAtCommit {
  /** Absolute, links resolved. */
  readonly root: string;
  readonly commit: string;
  /** Roots of repositories that are read whoever owns them. */
  readonly trusted: readonly string[];
}

/** The files of one commit, and of the submodules at the commits that it records. */
export class CommittedRepository {
  /** Absolute, links resolved. */
  readonly root: string;
  readonly objects: GitObjects;
  readonly commit: string;
  readonly #open: (root: string, commit: string) => CommittedRepository;
  #top: Promise<void> | undefined;
  readonly #loading = new Map<string, Promise<void>>();
  readonly #entries = new Map<string, TreeEntry>();
  /** Made when it is asked for, and again when more was read. */
  readonly #byFolder = new Map<string, string[]>();
  readonly #submodules = new Map<string, Promise<CommittedRepository | string>>();

  constructor(
    { root, commit, trusted }: RepositoryAtCommit,
    env: Readonly<Record<string, string | undefined>>,
    world: Pick<World, "capture">,
  ) {
    this.root = root;
    this.commit = commit;
    this.objects = new GitObjects(root, env, world, trusted);
    // Whoever trusts a checkout trusts what it checked out.
    const inside = (root: string) => (trusted.length === 0 ? [] : [...trusted, root]);
    this.#open = (root, commit) =>
      new CommittedRepository({ root, commit, trusted: inside(root) }, env, world);
  }

  /** What the commit has at a path relative to this repository, its own links followed. */
  async at(path: string, links = 0): Promise<Committed> {
    await this.load([path]);
    const entry = this.#entries.get(path) ?? this.#above(path);
    if (entry === undefined) return { kind: "absent" };
    const rest = path.slice(entry.path.length + 1);
    if (entry.kind === "file")
      return rest === ""
        ? { kind: "file", repository: this, path, hash: entry.hash }
        : { kind: "absent" };
    if (entry.kind === "submodule") return await this.#inSubmodule(entry, rest);
    const target = await this.objects.text(entry.hash);
    const next = posix.join(posix.dirname(entry.path), target, rest);
    if (posix.isAbsolute(target) || /^\.\.(\/|$)/u.test(next) || links === MOST_LINKS)
      return { kind: "link", path: entry.path, detail: target };
    return await this.at(next, links + 1);
  }

  /** Reads the parts of the tree in which the paths lie, each once. */
  async load(paths: readonly string[]): Promise<void> {
    // Its root's own files besides, to be known where they are not here.
    this.#top ??= this.#read([]);
    const names = [...new Set(paths.map((path) => path.split("/", 1)[0] ?? ""))];
    const fresh = names.filter((name) => name !== "" && !this.#loading.has(name));
    if (fresh.length > 0) {
      const reading = this.#read(fresh);
      for (const name of fresh) this.#loading.set(name, reading);
    }
    await Promise.all([this.#top, ...names.flatMap((name) => this.#loading.get(name) ?? [])]);
  }

  async #read(names: readonly string[]): Promise<void> {
    for (const entry of await this.objects.tree(this.commit, names))
      this.#entries.set(entry.path, entry);
    this.#byFolder.clear();
  }

  /** The names of files directly in a folder, of the parts that were read; the root is empty. */
  filesIn(folder: string): readonly string[] {
    return this.#folders().get(folder) ?? [];
  }

  /** The paths of files below a folder, of the parts that were read. */
  filesBelow(folder: string): readonly string[] {
    const begin = folder === "" ? "" : `${folder}/`;
    return [...this.#entries.values()]
      .filter(({ path, kind }) => kind !== "submodule" && path.startsWith(begin))
      .map(({ path }) => path);
  }

  hasFolder(folder: string): boolean {
    return this.#folders().has(folder);
  }

  /** The names of files in each folder, those that hold only folders included. */
  #folders(): ReadonlyMap<string, readonly string[]> {
    if (this.#byFolder.size > 0) return this.#byFolder;
    for (const { path, kind } of this.#entries.values()) {
      const at = path.lastIndexOf("/");
      const folder = path.slice(0, Math.max(at, 0));
      for (let end = folder.length; end > 0; end = folder.lastIndexOf("/", end - 1)) {
        const around = folder.slice(0, end);
        this.#byFolder.set(around, this.#byFolder.get(around) ?? []);
      }
      if (kind === "submodule") this.#byFolder.set(path, []);
      else {
        const names = this.#byFolder.get(folder) ?? [];
        names.push(path.slice(at + 1));
        this.#byFolder.set(folder, names);
      }
    }
    return this.#byFolder;
  }

  /** The link or the submodule that a path leads through. */
  #above(path: string): TreeEntry | undefined {
    for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
      const entry = this.#entries.get(path.slice(0, at));
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  async #inSubmodule({ path, hash }: TreeEntry, rest: string): Promise<Committed> {
    const opened = this.#submodules.get(path) ?? this.#submodule(path, hash);
    this.#submodules.set(path, opened);
    const inside = await opened;
    if (typeof inside === "string") return { kind: "submodule", path, detail: inside };
    const found = await inside.at(rest);
    return "path" in found && found.kind !== "file"
      ? { ...found, path: `${path}/${found.path}` }
      : found;
  }

  /** The submodule at its recorded commit, or what is checked out instead. */
  async #submodule(path: string, commit: string): Promise<CommittedRepository | string> {
    const inside = this.#open(resolve(this.root, path), commit);
    const head = await inside.objects.head();
    if (head === commit) return inside;
    const here = head === undefined ? "no repository" : head.slice(0, 12);
    return `${here} instead of ${commit.slice(0, 12)}`;
  }
}
