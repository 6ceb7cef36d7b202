import { Problem } from "../../model/problem.ts";
import type { ReleaseDesk } from "./desk.ts";
import { type DraftOwner, readClaim } from "./draft-owner.ts";
import { isDoubtful, isMissing } from "./errors.ts";
import { bodyOf, commitsUrl } from "./notes.ts";
import { backoff } from "./patience.ts";
import type { ReleaseFields, RemoteRelease } from "./repository.ts";
import type { Tagged } from "./tagged.ts";

const TRIES = 6;
/** Longer than another run needs between its last look at the draft and publishing it. */
export const GRACE = 5_000;

/**
 * The one draft of this tag that is ours to fill: what an earlier run left, taken over, or a new one.
 * A run that still lives finds its claim gone and leaves: the newest run holds the draft. Undefined when
 * the draft vanished in between, because that run was quicker.
 */
export async function openDraft(
  desk: ReleaseDesk,
  spec: Tagged,
  fields: ReleaseFields,
  signal?: AbortSignal,
): Promise<RemoteRelease | undefined> {
  const left = await desk.repository.ownDrafts(spec.tag, signal);
  const fullest = [...left].sort((one, other) => other.assets.length - one.assets.length)[0];
  if (fullest !== undefined) return await takeOver(desk, fullest, fields, signal);
  return await create(desk, spec.tag, fields, signal);
}

/** Another run could be about to publish it: it is given the time to do so, or to see our claim. */
async function takeOver(
  desk: ReleaseDesk,
  draft: RemoteRelease,
  fields: ReleaseFields,
  signal: AbortSignal | undefined,
): Promise<RemoteRelease | undefined> {
  const { repository, clock } = desk;
  for (let attempt = 1; ; attempt += 1) {
    // A list that lags calls a draft what people see already: their notes are not ours to change.
    const current = await repository.release(draft.id, signal);
    if (current?.draft === false) return current;
    try {
      const { body } = fields;
      await repository.update(draft.id, body === undefined ? {} : { body }, signal);
      break;
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (!isDoubtful(error) || attempt >= TRIES) throw error;
      await clock.sleep(backoff(clock, attempt), signal);
    }
  }
  await clock.sleep(GRACE, signal);
  return await repository.release(draft.id, signal);
}

/** An answer that got lost may hide a draft that was made: it is looked for before another is made. */
async function create(
  desk: ReleaseDesk,
  tag: string,
  fields: ReleaseFields,
  signal: AbortSignal | undefined,
): Promise<RemoteRelease> {
  const { repository } = desk;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await repository.create(tag, { ...fields, draft: true }, signal);
    } catch (error) {
      if (!isDoubtful(error) || attempt >= TRIES) throw error;
    }
    desk.doubt.draft = true;
    const made = await findOwn(desk, tag, signal);
    if (made !== undefined) return made;
  }
}

/** Twice, because lists lag behind. */
async function findOwn(
  { repository, clock, run }: ReleaseDesk,
  tag: string,
  signal: AbortSignal | undefined,
): Promise<RemoteRelease | undefined> {
  for (let attempt = 2; attempt <= 3; attempt += 1) {
    await clock.sleep(backoff(clock, attempt), signal);
    const own = await repository.ownDrafts(tag, signal);
    const made = own.find(({ body }) => readClaim(body)?.run === run);
    if (made !== undefined) return made;
  }
  return undefined;
}

/**
 * Removes what lost answers and dead runs left over. Only once the tag is published, for then no draft of
 * it can be published any more; and each is read first, for a list that lags calls a draft what people see.
 */
export async function clearDrafts(
  desk: ReleaseDesk,
  tag: string,
  signal?: AbortSignal,
): Promise<void> {
  const { repository, clock } = desk;
  const looks = desk.doubt.draft ? 3 : 1;
  for (let look = 1; look <= looks; look += 1) {
    if (look > 1) await clock.sleep(backoff(clock, look), signal);
    for (const { id } of await repository.ownDrafts(tag, signal)) {
      const current = await repository.release(id, signal);
      if (current?.draft === true) await repository.remove(id, signal);
    }
  }
}

/** Drafts of the tag that somebody else made stay as they are: a notice for each. */
export async function noticeDrafts(
  { repository }: ReleaseDesk,
  tag: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const drafts = await repository.drafts(signal);
  return drafts
    .filter(({ body, tag_name }) => tag_name === tag && readClaim(body) === undefined)
    .map(
      ({ html_url }) => `another draft of ${tag}, not made by this program, was left: ${html_url}`,
    );
}

/** What a release says before and after its postscript is known. */
export interface ReleaseText {
  readonly fields: ReleaseFields;
  /** Whether its notes were cut. */
  readonly cut: boolean;
  with(postscript: string): ReleaseText;
}

export async function wordsOf(
  desk: ReleaseDesk,
  spec: Tagged,
  signal?: AbortSignal,
): Promise<ReleaseText> {
  const claim: DraftOwner = { tag: spec.tag, commit: spec.commit, run: desk.run };
  const notes = spec.notes ?? (await generatedNotes(desk, spec, signal));
  const { tag, title, prerelease } = spec;
  const commits = commitsUrl(desk.url, spec);
  const words = (postscript: string): ReleaseText => {
    const { text, cut } = bodyOf({ notes, postscript, claim, commits });
    const fields = { tag_name: tag, name: title, body: text, prerelease };
    return { fields, cut, with: words };
  };
  return words("");
}

export async function generatedNotes(
  { repository }: ReleaseDesk,
  { tag, previousTag }: Tagged,
  signal?: AbortSignal,
): Promise<string> {
  return await repository.generateNotes(tag, previousTag, signal);
}

/** Whether the last claim on it is this run's. */
export function isOurs({ run }: ReleaseDesk, release: RemoteRelease | undefined): boolean {
  return readClaim(release?.body)?.run === run;
}

/** `draft` is what is left of the one that was ours. */
export function notOurs(tag: string, draft: RemoteRelease | undefined): Problem {
  const what = draft === undefined ? "removed the draft" : "took over the draft";
  return new Problem("github-other-run", `another run ${what} of ${tag}`, {
    hint: "let that run finish; this one changed nothing that anybody sees; add to the workflow:\n    concurrency: release-${{ github.ref }}",
  });
}
