import { compare, compareBuild, type SemVer } from "semver";
import type { GitFacts } from "../git/git-facts.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";
import {
  isOfPath,
  type ModuleLocation,
  majorOf,
  releasedVersion,
  tagFolder,
  unknownToGo,
  withoutFolder,
} from "./module-tags.ts";
import { nearlySemVer } from "./nearly-semver.ts";

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
  readonly module: ModuleLocation;
}

/**
 * The CI ref decides, then the `tag` input, then the exact tag of HEAD, else it is a snapshot. A module in a
 * sub-folder has tags `folder/v1.2.3` (go.dev/ref/mod, "Mapping versions to commits"), and plain ones where it is the
 * repository's only one.
 */
export function chooseTag(question: TagInputs): Tagging {
  const { git, module } = question;
  if (git === undefined) return withoutRepository(question);
  const tag = namedTag(question) ?? tagOfHead(git, module);
  if (tag === undefined) return snapshot(git, module);
  const version = releasedVersion(tag, module);
  if (version === undefined) throw notSemVer(tag, question);
  assertCheckedOut(tag, git);
  const unknown = unknownToGo(tag, module);
  return {
    tag,
    version: version.version + buildOf(version),
    previousTag: previous(git, module, version),
    notices: unknown === undefined ? [] : [unknown],
  };
}

function withoutRepository({ asked, ref }: TagInputs): Tagging {
  const tag = asked ?? (ref?.kind === "tag" ? ref.name : undefined);
  if (tag !== undefined) {
    throw new Problem(
      "tag-without-repository",
      `tag ${tag} was requested, but there is no git repository with a commit here`,
      {
        hint: "run in a clone of the repository, or omit the tag to build a snapshot",
      },
    );
  }
  return {
    tag: undefined,
    version: "0.0.0-snapshot",
    previousTag: undefined,
    notices: ["there is no git commit here: this is a snapshot without a commit or tag"],
  };
}

/** The tag that the run was started for. */
function namedTag({ asked, ref }: TagInputs): string | undefined {
  const started = ref?.kind === "tag" ? ref.name : undefined;
  if (asked !== undefined && started !== undefined && asked !== started) {
    throw new Problem(
      "tag-ambiguous",
      `conflicting tags: the run was triggered for ${started} but the input \`tag\` is ${asked}`,
      {
        hint: "remove the input `tag`, or start the run for that tag",
      },
    );
  }
  return asked ?? started;
}

function tagOfHead(git: GitFacts, module: ModuleLocation): string | undefined {
  const here = tagsAtHead(git);
  const releases = releasesAmong(here, module);
  // A module of another major version may be released from the same commit.
  const [only, ...more] = releases.filter(({ name }) => isOfPath(name, module));
  if (only !== undefined && more.length === 0 && isApart(releases)) return only.name;
  if (releases.length > 1) {
    const names = releases.map(({ name }) => name).sort();
    throw new Problem(
      "tag-ambiguous",
      `HEAD has ${names.length} release tags: ${names.join(", ")}`,
      {
        hint: `choose one with \`--tag ${releases[0]?.name}\`, or let CI run for it`,
      },
    );
  }
  if (releases.length === 1) return releases[0]?.name;
  // `latest` or `nightly` are no attempt at a version; `v1.2` is.
  return here.find((name) => /^v?\d/u.test(writtenVersion(name, module) ?? ""));
}

/** What of a tag should be a version. */
function writtenVersion(tag: string, module: ModuleLocation): string | undefined {
  return withoutFolder(tag, tagFolder(module)) ?? (module.alone === true ? tag : undefined);
}

function tagsAtHead({ commit, tags }: GitFacts): readonly string[] {
  return tags.filter((tag) => tag.commit === commit).map(({ name }) => name);
}

/** Whether no two of the tags are of one major version. */
function isApart(releases: readonly Released[]): boolean {
  return new Set(releases.map(({ version }) => version.major)).size === releases.length;
}

function buildOf({ build }: SemVer): string {
  return build.length === 0 ? "" : `+${build.join(".")}`;
}

function notSemVer(tag: string, { asked, module }: TagInputs): Problem {
  const folder = tagFolder(module);
  const written = writtenVersion(tag, module);
  if (written === undefined) {
    return new Problem("tag-foreign", `tag ${tag} does not belong to the module in ${folder}`, {
      hint: `Go expects tags of that module like ${folder}/v1.2.3; use such a tag, or set \`working-directory\``,
    });
  }
  const prefix = tag.slice(0, tag.length - written.length);
  const near = nearlySemVer(written);
  return new Problem(
    "tag-not-semver",
    `${asked === undefined ? "" : "input "}tag ${tag} is not SemVer`,
    {
      hint:
        near === undefined
          ? `name it like ${prefix}v1.2.3 or ${prefix}v1.2.3-rc.1 (semver.org)`
          : `name it ${prefix}${near.meant}: ${near.why.join(", ")} (semver.org)`,
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
      `tag ${tag} is at ${found.commit.slice(0, 12)}, but HEAD is at ${commit.slice(0, 12)}`,
      {
        hint: `check out the tag first: \`git checkout ${tag}\`, or \`ref: refs/tags/${tag}\` of actions/checkout`,
      },
    );
  }
  throw new Problem("tag-missing", `tag ${tag} is not in this ${shallow ? "shallow " : ""}clone`, {
    hint: shallow
      ? "fetch it: `git fetch --tags --unshallow`, `fetch-depth: 0` of actions/checkout, or `GIT_DEPTH: 0`"
      : `fetch it with \`git fetch --tags\`, or create it with \`git tag ${tag}\``,
  });
}

interface Released {
  readonly name: string;
  readonly version: SemVer;
}

/** Newest first. */
function releasesAmong(names: readonly string[], module: ModuleLocation): readonly Released[] {
  return names
    .flatMap((name): Released[] => {
      const version = releasedVersion(name, module);
      return version === undefined ? [] : [{ name, version }];
    })
    .sort((a, b) => compareBuild(b.version, a.version));
}

/** Release tags that HEAD descends from, newest first. */
function ancestors(git: GitFacts, module: ModuleLocation): readonly Released[] {
  const merged = git.tags.filter((tag) => tag.merged).map(({ name }) => name);
  return releasesAmong(merged, module);
}

/**
 * A release looks back to the last release; a prerelease also to the last prerelease. Versions that differ in their
 * build metadata alone are equal for SemVer: the one that an earlier commit has came before.
 */
function previous(git: GitFacts, module: ModuleLocation, version: SemVer): string | undefined {
  const earlier = new Set(
    git.tags.filter(({ commit }) => commit !== git.commit).map(({ name }) => name),
  );
  return ancestors(git, module).find(({ name, version: other }) => {
    const order = compare(other, version);
    if (version.prerelease.length === 0 && other.prerelease.length > 0) return false;
    return order < 0 || (order === 0 && earlier.has(name));
  })?.name;
}

/** Go's pseudo-version, which `go build` stamps too (go.dev/ref/mod, "Pseudo-versions"). */
function snapshot(git: GitFacts, module: ModuleLocation): Tagging {
  const base = ancestors(git, module)[0];
  const others = tagsAtHead(git);
  const stamp = `${git.date.replace(/\D/gu, "").slice(0, 14)}-${git.commit.slice(0, 12)}`;
  const dirty = git.dirty.length > 0;
  const clue =
    git.shallow && base === undefined ? "; the clone is shallow, so a tag may be missing" : "";
  return {
    tag: undefined,
    version: `${pseudoBase(git, module)}${stamp}${dirty ? "+dirty" : ""}`,
    previousTag: base?.name,
    notices: [
      `no release tag at HEAD${others.length === 0 ? "" : ` (${listed(others)}: no version of this module)`}: this is a snapshot${clue}`,
      ...(dirty ? [`the work tree is dirty: ${listed(git.dirty)}`] : []),
    ],
  };
}

/**
 * Go counts tags with `v` alone whose major version the module's path allows. Where it knows none and the path
 * allows any, another tag still is a better ground than 0.0.0.
 */
function pseudoBase(git: GitFacts, module: ModuleLocation): string {
  const major = majorOf(module.path);
  const folder = tagFolder(module);
  const all = ancestors(git, module);
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
