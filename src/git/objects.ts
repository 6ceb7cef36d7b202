import { resolve } from "node:path";
import { Problem } from "../model/problem.ts";
import type { World } from "../world/world.ts";
import { gitEnvironment } from "./environment.ts";

/** One entry of a commit's tree: its path is relative to the repository's root, with forward slashes. */
export interface TreeEntry {
  readonly path: string;
  readonly kind: "file" | "link" | "submodule";
  /** Of the blob, or the commit of a submodule. */
  readonly hash: string;
}

/** Paths on one command line, which every system has room for. */
const PATHS = 200;

/** Reads what a repository holds, as it is: no filter, no attribute and no replacement changes it. */
export class GitObjects {
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #capture: World["capture"];

  /** `folder` is the repository's root; `trusted` are roots that are read whoever owns them. */
  constructor(
    folder: string,
    env: Readonly<Record<string, string | undefined>>,
    { capture }: Pick<World, "capture">,
    trusted: readonly string[],
  ) {
    this.#folder = folder;
    this.#env = {
      ...gitEnvironment(env, trusted),
      GIT_NO_REPLACE_OBJECTS: "1",
      GIT_ATTR_NOSYSTEM: "1",
    };
    this.#capture = capture;
  }

  /** The commit that is checked out; undefined where the folder is not the root of a repository of its own. */
  async head(): Promise<string | undefined> {
    const [prefix, head] = (await this.#run("rev-parse", "--show-prefix", "HEAD")).split("\n");
    return prefix === "" ? head : undefined;
  }

  /** Whether the folder is the root of a repository of its own that holds a commit. */
  async has(commit: string): Promise<boolean> {
    if ((await this.head()) === undefined) return false;
    return (await this.#ask("cat-file", "-e", `${commit}^{commit}`)).status === 0;
  }

  /** Where a file of the repository's own lies, e.g. `objects`: absolute, in a worktree too. */
  async path(name: string): Promise<string> {
    return resolve(this.#folder, (await this.#run("rev-parse", "--git-path", name)).trimEnd());
  }

  /** Every file of a commit under the names, which are names of its root; without a name those of the root alone. */
  async tree(commit: string, names: readonly string[]): Promise<readonly TreeEntry[]> {
    const deep = names.length === 0 ? [] : ["-r"];
    return await this.#list(commit, [...deep, "--full-tree", commit, "--", ...names]);
  }

  async #list(commit: string, words: readonly string[]): Promise<readonly TreeEntry[]> {
    const listing = ["ls-tree", ...words];
    // Lines, not NULs: a process's output is gathered line by line.
    const { status, stdout, stderr } = await this.#ask("-c", "core.quotePath=false", ...listing);
    if (status !== 0) {
      throw new Problem("git", `git cannot read the commit ${commit}: ${stderr.trim()}`, {
        hint: "run `git fsck` in the repository, or clone it again",
      });
    }
    return stdout.split("\n").flatMap((line) => {
      const [mode = "", type, hash = "", path = ""] =
        /^(\d+) (\w+) (\w+)\t(.+)$/u.exec(line)?.slice(1) ?? [];
      return path === "" || type === "tree"
        ? []
        : [{ path: unquoted(path), kind: kindOf(mode), hash }];
    });
  }

  /** Every file of a commit. */
  async wholeTree(commit: string): Promise<readonly TreeEntry[]> {
    return await this.#list(commit, ["-r", "--full-tree", commit]);
  }

  /** A blob that is a short text: a link's target, a pointer of Git LFS. */
  async text(hash: string): Promise<string> {
    return await this.#run("cat-file", "blob", hash);
  }

  /** What the committed attributes say of files, by path and name; what this user's own say is left out. */
  async attributes(
    paths: readonly string[],
    names: readonly string[],
  ): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    const settings = ["-c", "core.attributesFile="];
    const found = new Map<string, Record<string, string>>();
    for (let begin = 0; begin < paths.length; begin += PATHS) {
      const some = paths.slice(begin, begin + PATHS);
      const said = await this.#run(...settings, "check-attr", "-z", ...names, "--", ...some);
      const fields = said.split("\0");
      for (let at = 0; at + 2 < fields.length; at += 3) {
        const [path = "", name = "", value = ""] = fields.slice(at, at + 3);
        found.set(path, { ...found.get(path), [name]: value });
      }
    }
    return found;
  }

  /** Empty when git cannot answer. */
  async #run(...args: readonly string[]): Promise<string> {
    const { status, stdout } = await this.#ask(...args);
    return status === 0 ? stdout : "";
  }

  async #ask(...args: readonly string[]): ReturnType<World["capture"]> {
    return await this.#capture({ file: "git", args, cwd: this.#folder, env: this.#env });
  }
}

function kindOf(mode: string): TreeEntry["kind"] {
  if (mode === "160000") return "submodule";
  return mode === "120000" ? "link" : "file";
}

/** A name with a quote, a backslash or a control character stands in quotes, as in C (git-config(1), core.quotePath). */
function unquoted(path: string): string {
  if (!path.startsWith('"')) return path;
  return path.slice(1, -1).replace(/\\([0-7]{3}|.)/gu, (_, code: string) => {
    if (code.length === 3) return String.fromCharCode(Number.parseInt(code, 8));
    return ESCAPES[code] ?? code;
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  t: "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
};
