import { resolve } from "node:path";
import { type GitSetting, gitSettings } from "../go/environment.ts";
import { isoSeconds } from "../model/dates.ts";
import { defined } from "../model/defined.ts";
import { Problem } from "../model/problem.ts";
import type { World } from "../world/world.ts";
import { foreignRepository, type GitCallerEnvironment, gitEnvironment } from "./environment.ts";
import type { GitFacts, TagFact } from "./git-facts.ts";
import {
  type AuthoredCommit,
  BODIES,
  BREAKING,
  type CommitHistory,
  readCommits,
  SUBJECTS,
  unsignedMessage,
} from "./messages.ts";
import { withoutCredentials } from "./remotes.ts";

/** A file that was committed. */
interface Tracked {
  readonly executable: boolean;
}

/** More than anybody reads. */
const MOST_COMMITS = 1000;

/** Asks `git` about one folder; nothing is changed, not even the index. */
export class Git {
  readonly #capture: World["capture"];
  readonly #folder: string;
  readonly #trusted: readonly string[];
  readonly #env: Readonly<Record<string, string>>;

  /** `trusted` are roots of repositories that are read whoever owns them. */
  constructor(
    folder: string,
    env: GitCallerEnvironment,
    { capture }: Pick<World, "capture">,
    trusted: readonly string[] = [],
  ) {
    this.#capture = capture;
    this.#folder = folder;
    this.#trusted = trusted;
    this.#env = gitEnvironment(env, trusted);
  }

  /** The repository's root, or undefined where there is none. */
  async root(): Promise<string | undefined> {
    const { status, stdout, stderr } = await this.#run("rev-parse", "--show-toplevel");
    if (status === 0) return stdout.trim();
    if (/not a git repository/iu.test(stderr)) return undefined;
    if (/dubious ownership/u.test(stderr)) throw foreignRepository(stderr);
    throw new Problem("git", `git cannot read ${this.#folder}: ${firstLine(stderr)}`, {
      hint: "run `git status` there and fix what it reports",
    });
  }

  /** Where a file of the repository's own lies, e.g. `objects`: absolute, in a worktree too. */
  async path(name: string): Promise<string> {
    return resolve(this.#folder, (await this.#text("rev-parse", "--git-path", name)).trimEnd());
  }

  /**
   * The settings that decide which files git takes for modified, wherever they stand: some files of settings are
   * read for this repository, this worktree or this branch alone.
   */
  async comparison(): Promise<readonly GitSetting[]> {
    const settings = (await this.#text("config", "--list", "-z")).split("\0");
    return settings.flatMap((setting) => {
      // A key alone is true.
      const [, key = "", value = "true"] = /^([^\n]+)(?:\n(.*))?$/su.exec(setting) ?? [];
      return COMPARED.test(key) && !OF_A_REPOSITORY.test(key) ? [[key, value] as const] : [];
    });
  }

  /** Undefined in a repository without a commit. An untracked folder is one path, unless each file is asked for. */
  async facts(untracked: "normal" | "all" = "normal"): Promise<GitFacts | undefined> {
    if ((await this.#run("rev-parse", "--verify", "--quiet", "HEAD")).status !== 0)
      return undefined;
    const [head, shallow, dirty, tags, merged, remote, branch] = await Promise.all([
      this.#text("show", "-s", "--format=%H %ct", "HEAD"),
      this.#text("rev-parse", "--is-shallow-repository"),
      this.#text("status", "--porcelain", "-z", `--untracked-files=${untracked}`, "--no-renames"),
      // It peels a tag of a tag to the end, which `for-each-ref` does since git 2.45; 1 is none at all.
      this.#run("show-ref", "--tags", "--dereference"),
      this.#text("for-each-ref", "refs/tags", "--merged=HEAD", "--format=%(refname:strip=2)"),
      this.remote(),
      this.#run("symbolic-ref", "--short", "--quiet", "HEAD"),
    ]);
    const [commit = "", seconds = ""] = head.trim().split(" ");
    return defined({
      commit,
      date: isoSeconds(Number(seconds)),
      shallow: shallow.trim() === "true",
      dirty: [
        ...new Set(dirty.split("\0").flatMap((line) => (line === "" ? [] : [line.slice(3)]))),
      ],
      tags: tagsOf(tags.stdout, new Set(lines(merged))),
      remote,
      branch: branch.status === 0 ? branch.stdout.trim() : undefined,
    });
  }

  /** What makes the work tree dirty, each untracked file by its own name; relative to the repository's root. */
  async changes(): Promise<readonly { readonly path: string; readonly untracked: boolean }[]> {
    const words = ["status", "--porcelain", "-z", "--untracked-files=all", "--no-renames"];
    return (await this.#text(...words))
      .split("\0")
      .filter((line) => line !== "")
      .map((line) => ({ path: line.slice(3), untracked: line.startsWith("??") }));
  }

  /** URL of `origin`, credentials removed; undefined without one, or without a repository. */
  async remote(): Promise<string | undefined> {
    const { status, stdout } = await this.#run("remote", "get-url", "origin");
    return status === 0 ? withoutCredentials(stdout.trim()) : undefined;
  }

  /** The same as it stands in the settings, before `insteadOf` makes another of it. */
  async writtenRemote(): Promise<string | undefined> {
    const { status, stdout } = await this.#run("config", "--get", "remote.origin.url");
    return status === 0 ? withoutCredentials(stdout.trim()) : undefined;
  }

  /**
   * The newest commits in `range`, newest first, and how many more there are; of a module in a folder those that touch
   * it, also where a merge has undone them.
   */
  async history(range: string, folder?: string): Promise<CommitHistory> {
    const touching = folder === undefined ? [] : ["--full-history", "--", folder];
    const where = ["--no-merges", range, ...touching];
    const plain = ["--encoding=UTF-8", `--max-count=${MOST_COMMITS}`];
    const [subjects, bodies] = await Promise.all([
      this.#text("log", ...plain, `--format=${SUBJECTS}`, ...where),
      // Of those alone, for bodies may be long.
      this.#text("log", ...plain, `--format=${BODIES}`, "-E", `--grep=${BREAKING}`, ...where),
    ]);
    const commits = readCommits(subjects, bodies);
    if (commits.length < MOST_COMMITS) return { commits, moreCommits: 0 };
    const all = Number(await this.#text("rev-list", "--count", ...where));
    return { commits, moreCommits: all - commits.length };
  }

  /** Who wrote the commits in `range`, the newest first, as .mailmap has them. */
  async authors(range: string): Promise<readonly AuthoredCommit[]> {
    const format = ["--encoding=UTF-8", "--no-merges", "--format=%H%x00%aN%x00%aE"];
    return lines(await this.#text("log", ...format, range)).map((line) => {
      const [hash = "", name = "", email = ""] = line.split("\0");
      return { hash, name, email };
    });
  }

  /** Every commit in `range`. */
  async commits(range: string): Promise<readonly string[]> {
    return lines(await this.#text("rev-list", range));
  }

  /**
   * The folders of the repository's committed modules, relative to its root, `.` for the root itself. What Go passes
   * over is no module of its own: vendored ones, and those in `testdata` or behind `_` and `.` (cmd/go, "go help packages").
   */
  async modules(): Promise<readonly string[]> {
    const { status, stdout } = await this.#run(
      ...["ls-files", "-z", "--full-name", "--", ":(top,glob)**/go.mod"],
    );
    if (status !== 0) return [];
    return stdout
      .split("\0")
      .filter((path) => path !== "" && !/(^|\/)(vendor|testdata|[._][^/]*)\//u.test(path))
      .map((path) => path.replace(/\/?go\.mod$/u, "") || ".");
  }

  /** Those of `paths`, relative to the folder, that are ignored; none without a repository. */
  async ignored(paths: readonly string[]): Promise<ReadonlySet<string>> {
    if (paths.length === 0) return new Set();
    const unquoted = ["-c", "core.quotePath=false"];
    const { status, stdout } = await this.#run(...unquoted, "check-ignore", "--", ...paths);
    return new Set(status === 0 ? lines(stdout) : []);
  }

  /** Those of `paths`, relative to the folder, that are committed files, as the commit has them. */
  async tracked(paths: readonly string[]): Promise<ReadonlyMap<string, Tracked>> {
    if (paths.length === 0) return new Map();
    const { stdout } = await this.#run("ls-files", "-z", "--stage", "--", ...paths);
    return new Map(
      entries(stdout).flatMap(([mode, path]) =>
        mode.startsWith("100") ? [[path, { executable: mode.startsWith("100755") }]] : [],
      ),
    );
  }

  /** A file of the folder as another commit has it; undefined where there is none, or it is not in this clone. */
  async fileOf(commit: string, name: string): Promise<string | undefined> {
    const { status, stdout } = await this.#run("show", `${commit}:./${name}`);
    return status === 0 ? stdout : undefined;
  }

  /** How many digits of a hash git writes here where it shortens one; undefined without a commit. */
  async shortened(): Promise<number | undefined> {
    const { status, stdout } = await this.#run("rev-parse", "--short", "HEAD");
    return status === 0 ? stdout.trim().length : undefined;
  }

  /** The message of an annotated tag as it was written, its signature left out; undefined for a lightweight one. */
  async tagMessage(tag: string): Promise<string | undefined> {
    const format = "--format=%(objecttype)%00%(contents)";
    const [type, message = ""] = (
      await this.#text("for-each-ref", `refs/tags/${tag}`, format)
    ).split("\0");
    return type === "tag" ? unsignedMessage(message) : undefined;
  }

  /** What git is told wherever it works on this repository; `more` settings come before. */
  settings(more: readonly GitSetting[]): Readonly<Record<string, string>> {
    return gitSettings(this.#trusted, more);
  }

  async #text(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.#run(...args);
    if (status === 0) return stdout;
    throw new Problem("git", `git ${args[0]} failed in ${this.#folder}: ${firstLine(stderr)}`, {
      hint: "run `git status` there and fix what it reports",
    });
  }

  async #run(...args: readonly string[]): ReturnType<World["capture"]> {
    try {
      return await this.#capture({ file: "git", args, cwd: this.#folder, env: this.#env });
    } catch (cause) {
      throw new Problem("no-git", "`git` cannot be started", {
        hint: "install git and put it on PATH",
        cause,
      });
    }
  }
}

const COMPARED = /^(core|filter|status)\./u;
/** What a repository says of its own folders. */
const OF_A_REPOSITORY = /^core\.(bare|repositoryformatversion|worktree)$/u;

/** `HASH refs/tags/NAME`, followed by a line with `^{}` after the name of what is no commit itself. */
function tagsOf(text: string, merged: ReadonlySet<string>): readonly TagFact[] {
  const commits = new Map(
    lines(text).map((line) => {
      const [hash = "", name = ""] = line.split(" refs/tags/");
      return [name.replace(/\^\{\}$/u, ""), hash] as const;
    }),
  );
  return [...commits].map(([name, commit]) => ({ name, commit, merged: merged.has(name) }));
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** `WHAT<tab>PATH`, each closed by a NUL. */
function entries(text: string): readonly (readonly [string, string])[] {
  return text.split("\0").flatMap((entry) => {
    const tab = entry.indexOf("\t");
    return tab < 0 ? [] : [[entry.slice(0, tab), entry.slice(tab + 1)] as const];
  });
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}
