import { defined } from "../../model/defined.ts";
import { Problem } from "../../model/problem.ts";
import { eventually, yieldFor } from "../../net/retry.ts";
import { Passing } from "../../net/server.ts";
import type { ReleaseDesk } from "./desk.ts";
import { type DraftOwner, readClaim } from "./draft-owner.ts";
import type { ReleaseFields, RemoteRelease } from "./entities.ts";
import { orMissing } from "./errors.ts";
import { bodyOf, commitsUrl } from "./notes.ts";
import type { Tagged } from "./tagged.ts";

/** Longer than another run needs between its last look at the draft and publishing it. */
export const GRACE = 5_000;
/** At a list that lags. */
const LOOKS = 3;

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
  { repository, again, pace }: ReleaseDesk,
  { id }: RemoteRelease,
  { body }: ReleaseFields,
  signal: AbortSignal | undefined,
): Promise<RemoteRelease | undefined> {
  const taken = await again(async () => {
    // A list that lags calls a draft what people see already: their notes are not ours to change.
    const current = await repository.release(id, signal);
    if (current?.draft === false) return current;
    return await orMissing(repository.update(id, defined({ body }), signal));
  }, signal);
  if (taken?.draft !== true) return taken;
  await yieldFor(GRACE, pace, signal);
  return await repository.release(id, signal);
}

/** An answer that got lost may hide a draft that was made: it is looked for before another is made. */
async function create(
  desk: ReleaseDesk,
  tag: string,
  fields: ReleaseFields,
  signal: AbortSignal | undefined,
): Promise<RemoteRelease> {
  const { repository, again, doubt, pace, run } = desk;
  const look = async () =>
    (await repository.ownDrafts(tag, signal)).find(({ body }) => readClaim(body)?.run === run);
  const until = (made: RemoteRelease | undefined) => made !== undefined;
  return await again(async () => {
    const made = doubt.draft
      ? await eventually({ look, until, looks: LOOKS }, pace, signal)
      : undefined;
    if (made !== undefined) return made;
    try {
      return await repository.create({ ...fields, tag_name: tag, draft: true }, signal);
    } catch (error) {
      doubt.draft ||= error instanceof Passing && error.options.limited !== true;
      throw error;
    }
  }, signal);
}

/**
 * Removes what lost answers and dead runs left over. Only once the tag is published, for then no draft of
 * it can be published any more; and each is read first, for a list that lags calls a draft what people see.
 */
export async function clearDrafts(
  { repository, doubt, pace }: ReleaseDesk,
  tag: string,
  signal?: AbortSignal,
): Promise<void> {
  const look = async () => {
    for (const { id } of await repository.ownDrafts(tag, signal)) {
      const current = await repository.release(id, signal);
      if (current?.draft === true) await repository.remove(id, signal);
    }
  };
  await eventually({ look, until: () => !doubt.draft, looks: LOOKS }, pace, signal);
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
      ({ html_url }) =>
        `another draft of ${tag}, not created by this program, was left alone: ${html_url}`,
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
  { tag, previousTag, header = "", footer = "" }: Tagged,
  signal?: AbortSignal,
): Promise<string> {
  const notes = await repository.generateNotes(tag, previousTag, signal);
  return [header, notes, footer].filter((part) => part !== "").join("\n\n");
}

/** Whether the last claim on it is this run's. */
export function isOurs({ run }: ReleaseDesk, release: RemoteRelease | undefined): boolean {
  return readClaim(release?.body)?.run === run;
}

/** `draft` is what is left of the one that was ours. */
export function notOurs(tag: string, draft: RemoteRelease | undefined): Problem {
  const what = draft === undefined ? "removed the draft" : "took over the draft";
  return new Problem("github-other-run", `another run ${what} of ${tag}`, {
    hint: "let that run finish; this run changed nothing visible; add to the workflow:\n    concurrency: release-${{ github.ref }}",
  });
}
