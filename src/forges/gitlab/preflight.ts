import { type Check, isOk, isUnknown, type Sighting } from "../../model/check.ts";
import type { ReleaseSpec } from "../../model/plan.ts";
import { Problem } from "../../model/problem.ts";
import type { Api, GitLabRequest } from "./api.ts";
import { Project } from "./entities.ts";
import { assertMayClose, milestoneChecks } from "./milestones.ts";
import type { Packages } from "./packages.ts";
import type { Releases } from "./releases.ts";
import { assertTag } from "./tag.ts";

export interface PreflightOptions {
  readonly api: Api;
  readonly packages: Packages;
  readonly releases: Releases;
  readonly replace: boolean;
}

/** Everything that can be known before building, in reading calls that the token may make. */
export async function preflight(
  spec: ReleaseSpec,
  options: PreflightOptions,
  signal?: AbortSignal,
): Promise<void> {
  refuseWhatGitLabLacks(spec);
  assertMayClose(options.api, spec.closeMilestones ?? []);
  await assertToken(options, signal);
  await assertTag(options.api, spec, signal);
  await assertOpen(spec, options, signal);
}

/** The same, one by one; a snapshot has no tag, and needs nothing of it. */
export function checks(
  spec: ReleaseSpec,
  open: () => Pick<PreflightOptions, "api" | "packages">,
  released: () => PreflightOptions,
): readonly Check[] {
  const always: readonly Check[] = [
    { what: "token", look: async (signal) => seeToken(open(), signal) },
    {
      what: "draft and notes",
      look: async () => {
        refuseWhatGitLabLacks(spec);
        return await Promise.resolve(isOk("nothing is asked for that GitLab does not have"));
      },
    },
  ];
  if (spec.tag === null) return always;
  return [
    ...always,
    { what: "tag", look: async (signal) => seeTag(open(), spec, signal) },
    { what: "release", look: async (signal) => seeRelease(spec, released(), signal) },
    ...milestoneChecks(() => open().api, spec.closeMilestones ?? []),
  ];
}

async function seeToken(
  { api, packages }: Pick<PreflightOptions, "api" | "packages">,
  signal?: AbortSignal,
): Promise<Sighting> {
  await assertToken({ api, packages }, signal);
  if (api.tokenKind === "private") return isOk("it may read the project and its package registry");
  return isUnknown(
    "the job's token can read the package registry; GitLab does not tell whether it may write",
    "see that the user who starts the pipeline is a Developer or higher, and that the job's token is not narrowed",
  );
}

async function seeTag(
  { api }: Pick<PreflightOptions, "api">,
  spec: ReleaseSpec,
  signal?: AbortSignal,
): Promise<Sighting> {
  const seen = await assertTag(api, spec, signal);
  return seen
    ? isOk(`${spec.tag} points to the commit that is checked out`)
    : isUnknown(`the token may not read the tag ${spec.tag}`);
}

async function seeRelease(
  spec: ReleaseSpec,
  options: PreflightOptions,
  signal?: AbortSignal,
): Promise<Sighting> {
  const isThere = await assertOpen(spec, options, signal);
  return isOk(
    isThere
      ? `${spec.tag} is published, and would be compared with what is built`
      : `${spec.tag} is not published yet`,
  );
}

async function assertToken(
  { api, packages }: Pick<PreflightOptions, "api" | "packages">,
  signal?: AbortSignal,
): Promise<void> {
  // A job token may not ask for the project; what it cannot know shows when it publishes.
  if (api.tokenKind === "private") await checkProject(api, signal);
  await packages.probe(signal);
}

/** Whether the release is there, in a way that allows to go on. */
async function assertOpen(
  spec: ReleaseSpec,
  { releases, replace }: PreflightOptions,
  signal?: AbortSignal,
): Promise<boolean> {
  const there = await releases.find(signal);
  if (there === undefined) return false;
  if (there.commit != null && spec.commit !== null && there.commit.id !== spec.commit) {
    throw new Problem(
      "gitlab-tag-moved",
      `the release ${spec.tag} is for the commit ${there.commit.id}, but ${spec.commit} is checked out`,
      { hint: "never move a released tag: release a new tag" },
    );
  }
  if (there.assets.links.length === 0 && !replace) {
    throw new Problem("gitlab-exists", `the release ${spec.tag} already exists, without files`, {
      hint: "delete it (the tag stays), or set `replace` to fill it while it is visible; next time push the tag instead of creating the release by hand",
    });
  }
  return true;
}

function refuseWhatGitLabLacks({ draft, notes }: ReleaseSpec): void {
  if (draft) {
    throw new Problem("gitlab-draft", "GitLab has no drafts: whatever is released is visible", {
      hint: "remove `draft`, or check everything beforehand with `dry-run`",
    });
  }
  if (notes === null) throw noGeneratedNotes();
}

export function noGeneratedNotes(): Problem {
  return new Problem("gitlab-notes", "GitLab cannot generate release notes", {
    hint: "set `notes` to auto (the changelog or the commits) or to a file",
  });
}

async function checkProject(api: Api, signal?: AbortSignal): Promise<void> {
  const call: GitLabRequest = { doing: "reading the project", method: "GET", path: "", signal };
  const project = (await api.call(call)).as(Project);
  const { project_access: own, group_access: group } = project.permissions ?? {};
  const level = Math.max(own?.access_level ?? 0, group?.access_level ?? 0);
  if (level > 0 && level < DEVELOPER) {
    throw new Problem("gitlab-permission", "the token's role in the project is below Developer", {
      hint: "use a token with the role Developer or higher",
    });
  }
  if (project.packages_enabled === false) {
    throw new Problem("gitlab-registry", "the package registry is disabled for this project", {
      hint: "enable it under Settings > General > Visibility > Package registry; the files of a release are stored there",
    });
  }
}

/** GitLab's access levels count in tens. */
const DEVELOPER = 30;
