import { compare, compareBuild, type SemVer } from "semver";
import type { GitFacts } from "../git/git-facts.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";
import type { ModuleFacts } from "./facts.ts";
import { isOfPath, majorOf, tagFolder, versionOf, withoutFolder } from "./module-tags.ts";

/** The tag that is released and the one before it. */
export interface Tagging {
  /** Undefined means a snapshot. */
  readonly tag: string | undefined;
  /** SemVer without `v` and without the module's folder. */
  readonly version: string;
  readonly previousTag: string | undefined;
  readonly notices: readonly string[];
}

interface TagInputs {
  /** The `tag` input. */
  readonly asked: string | undefined;
  readonly ref: Surroundings["ref"];
  readonly git: GitFacts | undefined;
  readonly module: Pick<ModuleFacts, "path" | "folder">;
}

/**
 * The CI ref decides, then the `tag` input, then the exact tag of HEAD, else it is a snapshot. A module in a
 * sub-folder has tags `folder/v1.2.3` (go.dev/ref/mod, "Mapping versions to commits").
 */
export function chooseTag(question: TagInputs): Tagging {
  const { git, module } = question;
  const folder = tagFolder(module);
  if (git === undefined) return withoutRepository(question);
  const tag = namedTag(question) ?? tagOfHead(git, module);
  if (tag === undefined) return snapshot(git, module);
  const version = versionOf(tag, folder);
  if (version === undefined) throw notSemVer(tag, folder, question);
  assertCheckedOut(tag, git);
  return {
    tag,
    version: version.version + buildOf(version),
    previousTag: previous(git, folder, version),
    notices: [],
  };
}

function withoutRepository({ asked, ref }: TagInputs): Tagging {
  const tag = asked ?? (ref?.kind === "tag" ? ref.name : undefined);
  if (tag !== undefined) {
    throw new Problem(
      "tag-without-repository",
      `tag ${tag} is asked for, and there is no git repository with a commit here`,
      {
        hint: "run in a clone of the repository, or leave the tag out for a snapshot",
      },
    );
  }
  return {
    tag: undefined,
    version: "0.0.0-snapshot",
    previousTag: undefined,
    notices: ["no git commit here: this is a snapshot without commit and tag"],
  };
}

/** The tag that the run was started for. */
function namedTag({ asked, ref }: TagInputs): string | undefined {
  const started = ref?.kind === "tag" ? ref.name : undefined;
  if (asked !== undefined && started !== undefined && asked !== started) {
    throw new Problem(
      "tag-ambiguous",
      `two tags: the run was started for ${started} and the input \`tag\` says ${asked}`,
      {
        hint: "leave the input `tag` out, or start the run for that tag",
      },
    );
  }
  return asked ?? started;
}

function tagOfHead(git: GitFacts, module: TagInputs["module"]): string | undefined {
  const folder = tagFolder(module);
  const here = git.tags.filter(({ commit }) => commit === git.commit).map(({ name }) => name);
  const releases = here.filter((name) => versionOf(name, folder) !== undefined);
  // A module of another major version may be released from the same commit.
  const [only, ...more] = releases.filter((name) => isOfPath(name, module));
  if (only !== undefined && more.length === 0 && isApart(releases, folder)) return only;
  if (releases.length > 1) {
    throw new Problem(
      "tag-ambiguous",
      `HEAD has ${releases.length} release tags: ${releases.join(", ")}`,
      {
        hint: `say which one: \`--tag ${releases.at(-1)}\`, or let CI start for it`,
      },
    );
  }
  if (releases.length === 1) return releases[0];
  // `latest` or `nightly` are no attempt at a version; `v1.2` is.
  return here.find((name) => /^v?\d/u.test(withoutFolder(name, folder) ?? ""));
}

/** Whether no two of the tags are of one major version. */
function isApart(tags: readonly string[], folder: string): boolean {
  return new Set(tags.map((tag) => versionOf(tag, folder)?.major)).size === tags.length;
}

function buildOf({ build }: SemVer): string {
  return build.length === 0 ? "" : `+${build.join(".")}`;
}

function notSemVer(tag: string, folder: string, { asked }: TagInputs): Problem {
  if (folder !== "." && withoutFolder(tag, folder) === undefined) {
    return new Problem("tag-foreign", `tag ${tag} is not one of the module in ${folder}`, {
      hint: `Go gives that module tags like ${folder}/v1.2.3; tag it so, or set \`working-directory\``,
    });
  }
  return new Problem(
    "tag-not-semver",
    `${asked === undefined ? "" : "input "}tag ${tag} is not SemVer`,
    {
      hint: `name it like ${folder === "." ? "" : `${folder}/`}v1.2.3 or v1.2.3-rc.1 (semver.org)`,
    },
  );
}

/** What is built is HEAD: the tag has to be here, and to lead to it. */
function assertCheckedOut(tag: string, { tags, commit, shallow }: GitFacts): void {
  const found = tags.find(({ name }) => name === tag);
  if (found?.commit === commit) return;
  if (found !== undefined) {
    throw new Problem(
      "tag-elsewhere",
      `tag ${tag} is at ${found.commit.slice(0, 12)}, HEAD at ${commit.slice(0, 12)}`,
      {
        hint: `check out the tag first: \`git checkout ${tag}\`, or \`ref: refs/tags/${tag}\` of actions/checkout`,
      },
    );
  }
  throw new Problem("tag-missing", `tag ${tag} is not in this ${shallow ? "shallow " : ""}clone`, {
    hint: shallow
      ? "fetch it: `git fetch --tags --unshallow`, `fetch-depth: 0` of actions/checkout, or `GIT_DEPTH: 0`"
      : `fetch it with \`git fetch --tags\`, or make it with \`git tag ${tag}\``,
  });
}

interface Released {
  readonly name: string;
  readonly version: SemVer;
}

/** Release tags that HEAD descends from, newest first. */
function ancestors(git: GitFacts, folder: string): readonly Released[] {
  return git.tags
    .flatMap(({ name, merged }): Released[] => {
      const version = versionOf(name, folder);
      return merged && version !== undefined ? [{ name, version }] : [];
    })
    .sort((a, b) => compareBuild(b.version, a.version));
}

/**
 * A release looks back to the last release; a prerelease also to the last prerelease. Versions that differ in their
 * build metadata alone are equal for SemVer: the one that an earlier commit has came before.
 */
function previous(git: GitFacts, folder: string, version: SemVer): string | undefined {
  const earlier = new Set(
    git.tags.filter(({ commit }) => commit !== git.commit).map(({ name }) => name),
  );
  return ancestors(git, folder).find(({ name, version: other }) => {
    const order = compare(other, version);
    if (version.prerelease.length === 0 && other.prerelease.length > 0) return false;
    return order < 0 || (order === 0 && earlier.has(name));
  })?.name;
}

/** Go's pseudo-version, which `go build` stamps too (go.dev/ref/mod, "Pseudo-versions"). */
function snapshot(git: GitFacts, module: TagInputs["module"]): Tagging {
  const { path } = module;
  const folder = tagFolder(module);
  const base = ancestors(git, folder)[0];
  const stamp = `${git.date.replace(/\D/gu, "").slice(0, 14)}-${git.commit.slice(0, 12)}`;
  const dirty = git.dirty.length > 0;
  const clue =
    git.shallow && base === undefined ? "; the clone is shallow, so a tag may be hidden" : "";
  return {
    tag: undefined,
    version: `${pseudoBase(git, path, folder)}${stamp}${dirty ? "+dirty" : ""}`,
    previousTag: base?.name,
    notices: [
      `no release tag at HEAD: this is a snapshot${clue}`,
      ...(dirty ? [`the work tree is dirty: ${listed(git.dirty)}`] : []),
    ],
  };
}

/**
 * Go counts tags with `v` alone whose major version the module's path allows. Where it knows none and the path
 * allows any, another tag still is a better ground than 0.0.0.
 */
function pseudoBase(git: GitFacts, path: string, folder: string): string {
  const major = majorOf(path);
  const all = ancestors(git, folder);
  const known = all.find(
    ({ name, version }) =>
      withoutFolder(name, folder)?.startsWith("v") &&
      (major > 1 ? version.major === major : version.major < 2),
  );
  const base = (known ?? (major > 1 ? undefined : all[0]))?.version;
  if (base === undefined) return `${major > 1 ? major : 0}.0.0-`;
  if (base.prerelease.length > 0) return `${base.version}.0.`;
  return `${base.major}.${base.minor}.${base.patch + 1}-0.`;
}

/** The first few of many, for an error; one that is no plain text is quoted. */
export function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, 5)
    .map((name) => (/\p{Cc}/u.test(name) ? JSON.stringify(name) : name));
  const more = names.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
