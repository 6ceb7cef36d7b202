import { type Check, isOk, isUnknown, type Sighting } from "../../model/check.ts";
import type { ReleaseSpec } from "../../model/plan.ts";
import { Problem } from "../../model/problem.ts";
import type { ReleaseDesk } from "./desk.ts";
import { readClaim } from "./draft-owner.ts";
import type { RemoteRelease } from "./entities.ts";
import { isMissing, isRefusal } from "./errors.ts";
import { milestoneChecks } from "./milestones.ts";
import { assertTag, type Tagged, tagged } from "./tagged.ts";

/** All that can be known before building; changes nothing. */
export async function check(desk: ReleaseDesk, spec: Tagged, signal?: AbortSignal): Promise<void> {
  await assertActive(desk, signal);
  await assertTag(desk, spec, signal);
  await assertMutable(desk, spec, signal);
  await assertMayWrite(desk, spec.tag, signal);
}

/** The same, one by one; a snapshot has no tag yet. */
export function checks(open: () => Promise<ReleaseDesk>, spec: ReleaseSpec): readonly Check[] {
  const look =
    (see: (desk: ReleaseDesk, signal?: AbortSignal) => Promise<Sighting>) =>
    async (signal?: AbortSignal) =>
      see(await open(), signal);
  const always = [
    { what: "token", look: look((desk, signal) => seeToken(desk, spec.tag, signal)) },
    { what: "immutable releases", look: look(seeImmutability) },
  ];
  if (spec.tag === null) return always;
  const own = tagged(spec);
  return [
    ...always,
    { what: "tag", look: look((desk, signal) => seeTag(desk, own, signal)) },
    { what: "release", look: look((desk, signal) => seeRelease(desk, own, signal)) },
    ...milestoneChecks(open, spec.closeMilestones ?? []),
  ];
}

async function seeToken(
  desk: ReleaseDesk,
  tag: string | null,
  signal?: AbortSignal,
): Promise<Sighting> {
  await assertActive(desk, signal);
  await assertMayWrite(desk, tag ?? NO_TAG, signal);
  return isOk(`it may write releases in ${desk.repository.name}`);
}

/** Of a release that will never be. */
const NO_TAG = "go-release-check";

async function seeTag(desk: ReleaseDesk, spec: Tagged, signal?: AbortSignal): Promise<Sighting> {
  await assertTag(desk, spec, signal);
  return isOk(`${spec.tag} points to the commit that is checked out`);
}

async function seeRelease(
  desk: ReleaseDesk,
  spec: Tagged,
  signal?: AbortSignal,
): Promise<Sighting> {
  const there = await assertMutable(desk, spec, signal);
  if (there === undefined) return isOk(`${spec.tag} is not published yet`);
  return isOk(`${there.html_url} is there, and would be compared with what is built`);
}

/** Only an administrator's token may ask, and what is off is answered as if it were not there. */
async function seeImmutability(
  { repository }: ReleaseDesk,
  signal?: AbortSignal,
): Promise<Sighting> {
  try {
    const { enabled, enforced_by_owner: enforced } = await repository.immutability(signal);
    if (!enabled) return isOk("off: people with the right to write can change what is published");
    return isOk(`on${enforced ? ", by the owner" : ""}: what is published stays as it is`);
  } catch (error) {
    if (!isRefusal(error) || (error.status !== 403 && error.status !== 404)) throw error;
    return isUnknown(
      "they are off, or the token may not read that setting",
      "look under Settings > General > Releases, or give a token with “Administration: read”",
    );
  }
}

async function assertActive({ repository }: ReleaseDesk, signal?: AbortSignal): Promise<void> {
  const { archived } = await repository.facts(signal);
  if (archived)
    throw new Problem("github-archived", `${repository.name} is archived and accepts no releases`, {
      hint: "unarchive it in its settings",
    });
}

/**
 * A release that we published from the same commit may be complete: that is compared at the end, and
 * then nothing is uploaded. Everything else that cannot be changed is refused now.
 */
async function assertMutable(
  { repository, replace }: ReleaseDesk,
  { tag, commit }: Tagged,
  signal: AbortSignal | undefined,
): Promise<RemoteRelease | undefined> {
  const there = await repository.published(tag, signal);
  if (there === undefined) return undefined;
  const claim = readClaim(there.body);
  if (claim !== undefined && claim.commit === commit) return there;
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
  return there;
}

/**
 * By the only call that needs the right to write and writes nothing. A classic token without the scope is
 * answered as if the repository, which was just seen, did not exist.
 */
async function assertMayWrite(
  { repository }: ReleaseDesk,
  tag: string,
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
