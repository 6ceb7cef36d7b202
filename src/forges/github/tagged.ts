import type { ReleaseSpec } from "../../model/plan.ts";
import { Problem } from "../../model/problem.ts";
import type { ReleaseDesk } from "./desk.ts";

/** A release with a tag; a snapshot has none and is never published. */
export type Tagged = ReleaseSpec & { readonly tag: string };

export function tagged(spec: ReleaseSpec): Tagged {
  const { tag } = spec;
  if (tag !== null) return { ...spec, tag };
  throw new Problem("github-no-tag", "a snapshot cannot be published: there is no tag", {
    hint: "push a tag (git tag v1.2.3 && git push origin v1.2.3), or set `tag`",
  });
}

/** Publishing would create a missing tag, at whatever commit the default branch is; so it must be there. */
export async function assertTag(
  { repository }: Pick<ReleaseDesk, "repository">,
  { tag, commit }: Tagged,
  signal?: AbortSignal,
): Promise<void> {
  const there = await repository.commitOf(tag, signal);
  if (there === undefined)
    throw new Problem("github-tag", `the tag ${tag} is not in ${repository.name}`, {
      hint: `push it: git push origin ${tag}`,
    });
  if (commit !== null && there !== commit)
    throw new Problem(
      "github-tag-moved",
      `the tag ${tag} points to ${there} in ${repository.name}, but ${commit} was built`,
      {
        hint: "the tag was moved: run the workflow again for the commit that it points to now, or release a new version",
      },
    );
}
