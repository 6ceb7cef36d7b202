import type { ReleaseSpec } from "../../model/plan.ts";
import { Problem } from "../../model/problem.ts";
import type { Api, GitLabRequest } from "./api.ts";
import { Project } from "./entities.ts";
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
  { api, packages, releases, replace }: PreflightOptions,
  signal?: AbortSignal,
): Promise<void> {
  refuseWhatGitLabLacks(spec);
  // A job token may not ask for the project; what it cannot know shows when it publishes.
  if (api.tokenKind === "private") await checkProject(api, signal);
  await packages.probe(signal);
  await assertTag(api, spec, signal);
  const there = await releases.find(signal);
  if (there === undefined) return;
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
