import { Problem } from "../../model/problem.ts";
import type { ReleaseDesk } from "./desk.ts";
import { readClaim } from "./draft-owner.ts";
import { isMissing } from "./errors.ts";
import { assertTag, type Tagged } from "./tagged.ts";

/** All that can be known before building; changes nothing. */
export async function check(desk: ReleaseDesk, spec: Tagged, signal?: AbortSignal): Promise<void> {
  const { repository } = desk;
  const { archived } = await repository.facts(signal);
  if (archived)
    throw new Problem("github-archived", `${repository.name} is archived and accepts no releases`, {
      hint: "unarchive it in its settings",
    });
  await assertTag(desk, spec, signal);
  await assertMutable(desk, spec, signal);
  await assertMayWrite(desk, spec, signal);
}

/**
 * A release that we published from the same commit may be complete: that is compared at the end, and
 * then nothing is uploaded. Everything else that cannot be changed is refused now.
 */
async function assertMutable(
  { repository, replace }: ReleaseDesk,
  { tag, commit }: Tagged,
  signal: AbortSignal | undefined,
): Promise<void> {
  const there = await repository.published(tag, signal);
  if (there === undefined) return;
  const claim = readClaim(there.body);
  if (claim !== undefined && claim.commit === commit) return;
  if (there.immutable === true)
    throw new Problem("github-immutable", `${tag} is published and immutable: ${there.html_url}`, {
      hint: "it can no longer be changed: release a new version; a release to which files are attached must be created by this program, not by hand",
    });
  if (claim !== undefined && !replace)
    throw new Problem(
      "github-published",
      `${tag} is already published, from ${claim.commit ?? "another commit"}: ${there.html_url}`,
      {
        hint: "release a new version, or set `replace: true` to change what people may have downloaded",
      },
    );
}

/**
 * By the only call that needs the right to write and writes nothing. A classic token without the scope is
 * answered as if the repository, which was just seen, did not exist.
 */
async function assertMayWrite(
  { repository }: ReleaseDesk,
  { tag }: Tagged,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await repository.generateNotes(tag, null, signal);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new Problem(
      "github-permission",
      `the token can read ${repository.name} but has no permission to write releases there`,
      {
        hint: "a classic token needs the scope `repo` (`public_repo` for a public repository), a fine-grained one “Contents: write”; its owner needs write access",
      },
    );
  }
}
