import { isAbsolute, join, relative, sep } from "node:path";
import picomatch from "picomatch";
import { isWithin } from "../model/paths.ts";
import type { ArchiveStep } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Files, FolderEntry } from "../world/world.ts";

/** A file that was chosen: `source` relative to the module, `name` the same until somebody places it. */
export type ExtraFile = Pick<ArchiveStep["files"][number], "source" | "name" | "executable">;

/** Where extra files may come from; absolute paths. */
export interface Scope {
  /** The module's folder, which patterns are relative to. */
  readonly folder: string;
  /** Links may lead anywhere inside it: the repository's root, or the module's folder. */
  readonly root: string;
  /** Folders that are never entered, e.g. the output folder; `.git` is always one. */
  readonly exclude: readonly string[];
}

type FileTree = Pick<Files, "list" | "stat" | "real">;

/**
 * The files that the patterns choose, sorted by the bytes of their names. A pattern is a glob with
 * forward slashes in which `**` crosses folders; one that begins with `!` takes files away again.
 * As in a shell `*` chooses no name that begins with a dot; `FOLDER/**` is everything in the folder, and what
 * is taken away goes whatever its name.
 * When they were written by the user (`explicit`), each must match a file; the defaults need not,
 * and match in any case. Throws a `Problem` for what cannot be packed.
 */
export async function selectFiles(
  patterns: readonly string[],
  explicit: boolean,
  scope: Scope,
  files: FileTree,
): Promise<readonly ExtraFile[]> {
  const globs = patterns.map((pattern) => new Glob(pattern, !explicit));
  const wanted = globs.filter((glob) => !glob.negated);
  const unwanted = globs.filter((glob) => glob.negated);
  const walk = new Walk(scope, files, wanted, unwanted);
  await walk.enter("", [await files.real(scope.folder)]);
  if (explicit) await refuseUnmatched(wanted, scope.folder, files);
  return walk.found.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

async function refuseUnmatched(globs: readonly Glob[], folder: string, files: FileTree) {
  const unmatched = globs.filter(({ used }) => !used);
  if (unmatched.length === 0) return;
  const folders: string[] = [];
  for (const { text } of unmatched)
    if ((await files.stat(join(folder, text)))?.kind === "folder") folders.push(text);
  throw new Problem(
    "files-unmatched",
    `no file matches ${unmatched.map(({ text }) => `\`${text}\``).join(", ")} in ${folder}`,
    {
      hint:
        folders.length > 0
          ? `write \`${folders[0]?.replace(/\/$/, "")}/**\` for all files of a folder`
          : "fix the pattern or remove it from `files`",
    },
  );
}

/** `FOLDER/**`, also written with another star: all of a folder, what is hidden in it too. */
const EVERYTHING = /(^|\/)\*\*(\/\*)?$/;

/** A pattern and whether it chose anything yet. */
class Glob {
  readonly text: string;
  readonly negated: boolean;
  used = false;
  readonly #matches: (path: string) => boolean;
  /** Matchers of the folders on the way down, one for each part of the pattern. */
  readonly #way: readonly ((path: string) => boolean)[];
  readonly #deep: boolean;

  constructor(pattern: string, nocase: boolean) {
    this.negated = pattern.startsWith("!");
    this.text = pattern.slice(this.negated ? 1 : 0).replace(/^(?:\.\/)+/, "");
    refuseOutside(pattern, this.text);
    const parts = this.text.split("/");
    // A slash inside braces or parentheses is not a border between parts: then every folder counts.
    const shallow = parts.findIndex((part) => part.includes("**") || /[{(]/.test(part));
    const way = parts.slice(0, shallow === -1 ? -1 : shallow);
    const options = { nocase, windows: false, dot: this.negated || EVERYTHING.test(this.text) };
    this.#matches = picomatch(this.text, options);
    this.#way = way.map((_, depth) => picomatch(way.slice(0, depth + 1).join("/"), options));
    this.#deep = shallow !== -1;
  }

  matches(path: string): boolean {
    return this.#matches(path);
  }

  /** Whether it can match anything below a folder. */
  enters(folder: string): boolean {
    const parts = folder.split("/");
    if (parts.length > this.#way.length && !this.#deep) return false;
    const depth = Math.min(parts.length, this.#way.length);
    return depth === 0 || this.#way[depth - 1]?.(parts.slice(0, depth).join("/")) === true;
  }
}

function refuseOutside(pattern: string, text: string): void {
  const parts = text.split("/");
  if (text !== "" && !isAbsolute(text) && !parts.includes("..") && !/^[A-Za-z]:/.test(text)) return;
  throw new Problem("files-pattern", `\`${pattern}\` does not match files inside the module`, {
    hint: "a pattern is relative to the module's folder and stays inside it",
  });
}

/** One pass over the module's folder, into no folder that no pattern can match below. */
class Walk {
  readonly found: ExtraFile[] = [];
  readonly #scope: Scope;
  readonly #files: FileTree;
  readonly #wanted: readonly Glob[];
  readonly #unwanted: readonly Glob[];

  constructor(scope: Scope, files: FileTree, wanted: readonly Glob[], unwanted: readonly Glob[]) {
    this.#scope = scope;
    this.#files = files;
    this.#wanted = wanted;
    this.#unwanted = unwanted;
  }

  /** `trail` holds this folder and those it was reached through, links resolved: none is entered twice. */
  async enter(folder: string, trail: readonly string[]): Promise<void> {
    for (const entry of await this.#files.list(join(this.#scope.folder, folder)))
      await this.#visit(folder === "" ? entry.name : `${folder}/${entry.name}`, entry, trail);
  }

  async #visit(path: string, entry: FolderEntry, trail: readonly string[]): Promise<void> {
    const absolute = join(this.#scope.folder, path);
    if (entry.name === ".git" || this.#scope.exclude.includes(absolute)) return;
    if (this.#unwanted.some((glob) => glob.matches(path))) return;
    const matched = this.#wanted.filter((glob) => glob.matches(path));
    const entered = this.#wanted.some((glob) => glob.enters(path));
    if (matched.length === 0 && !entered) return;
    const facts = await this.#files.stat(absolute);
    const folder = facts?.kind === "folder";
    if (folder ? !entered : matched.length === 0) return;
    if (facts === undefined) throw entry.kind === "link" ? broken(path) : unreadable(path);
    const real = await this.#files.real(absolute);
    if (entry.kind === "link") await this.#refuseOutside(path, real);
    if (folder && trail.includes(real)) throw loop(path, real);
    if (folder) return this.enter(path, [...trail, real]);
    if (facts.kind !== "file") throw notRegular(path);
    for (const glob of matched) glob.used = true;
    this.found.push({ source: path, name: path, executable: facts.executable });
  }

  async #refuseOutside(path: string, real: string): Promise<void> {
    const root = await this.#files.real(this.#scope.root);
    const hidden = this.#scope.exclude.some((folder) => isWithin(real, folder));
    if (isWithin(real, root) && !hidden && !relative(root, real).split(sep).includes(".git"))
      return;
    throw new Problem("files-link", `the link ${path} points to ${real}, which is not released`, {
      hint: `copy the file, or point the link to one inside ${root}`,
    });
  }
}

function broken(path: string) {
  return new Problem("files-link", `the link ${path} is broken: its target does not exist`, {
    hint: "fix the link or remove it from `files`",
  });
}

function unreadable(path: string) {
  return new Problem(
    "files-kind",
    `${path} is no longer there: it was removed, or its name is not UTF-8`,
    {
      hint: "rename it or remove it from `files`",
    },
  );
}

function loop(path: string, real: string) {
  return new Problem("files-link", `the link ${path} points back to its own folder ${real}`, {
    hint: "remove the link, or use a pattern that does not follow it",
  });
}

function notRegular(path: string) {
  return new Problem("files-kind", `${path} is not a regular file`, {
    hint: "remove it from `files`",
  });
}
