import { Problem } from "../../model/problem.ts";
import type { Asset, Published, Staged } from "../forge.ts";
import { attest } from "./attestations.ts";
import type { ReleaseDesk } from "./desk.ts";
import { clearDrafts, GRACE, isOurs, noticeDrafts, notOurs, type ReleaseText } from "./drafts.ts";
import { isDoubtful, isMissing, isTaken } from "./errors.ts";
import { makeLatest, restoreLatest } from "./make-latest.ts";
import { GITHUB_CUT } from "./notes.ts";
import { backoff } from "./patience.ts";
import { type AssetDifference, ReleaseAssets } from "./release-assets.ts";
import type { RemoteRelease } from "./repository.ts";
import { StagedPublished } from "./staged-published.ts";
import { assertTag, type Tagged } from "./tagged.ts";

const TRIES = 6;
const LOOKS = 3;

/** A release that only its makers see, until one call publishes it whole. */
export class StagedDraft implements Staged {
  readonly #desk: ReleaseDesk;
  readonly #spec: Tagged;
  readonly #draft: RemoteRelease;
  #words: ReleaseText;
  readonly #shelf: ReleaseAssets;
  readonly #put = new Set<string>();
  /** What another run published meanwhile. */
  #concurrentRelease: StagedPublished | undefined;

  constructor(desk: ReleaseDesk, spec: Tagged, draft: RemoteRelease, words: ReleaseText) {
    this.#desk = desk;
    this.#spec = spec;
    this.#draft = draft;
    this.#words = words;
    this.#shelf = new ReleaseAssets(desk, draft, (signal) => this.#assertOurs(signal));
  }

  async existing(name: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    return await (this.#concurrentRelease ?? this.#shelf).existing(name, signal);
  }

  async put(asset: Asset, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#put.add(asset.name);
    await this.#shelf.put(asset, signal);
  }

  async publish(
    assets: readonly Asset[],
    signal?: AbortSignal,
    postscript = "",
  ): Promise<Published> {
    this.#words = this.#words.with(postscript);
    for (let attempt = 1; ; attempt += 1) {
      const current = await this.#desk.repository.release(this.#draft.id, signal);
      if (current?.draft === false && isOurs(this.#desk, current) && !this.#spec.draft) break;
      const rival = await this.#desk.repository.published(this.#spec.tag, signal);
      if (rival !== undefined) return await this.#follow(rival, assets, signal);
      await assertTag(this.#desk, this.#spec, signal);
      await this.#settle(assets, signal);
      if (await this.#reveal(attempt, signal)) break;
    }
    return await this.#finish(assets, signal);
  }

  /** Waits for lists that lag, removes what a dead run left, and insists on equal sets and on our claim. */
  async #settle(assets: readonly Asset[], signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.#desk;
    for (let attempt = 1; ; attempt += 1) {
      const start = clock.now();
      await this.#shelf.look(signal);
      const found = await this.#shelf.compare(assets, signal);
      await this.#assertOurs(signal);
      if (found.length === 0 && clock.now() - start < GRACE / 2) return;
      for (const { name, remote } of found)
        if (remote !== undefined && !this.#put.has(name)) await this.#shelf.remove(remote, signal);
      if (attempt >= TRIES) throw incomplete(this.#spec.tag, found);
      await clock.sleep(backoff(clock, attempt), signal);
    }
  }

  /** The one call. False when it has to be looked whether it worked. */
  async #reveal(attempt: number, signal: AbortSignal | undefined): Promise<boolean> {
    const { repository, clock } = this.#desk;
    const { draft, discussionCategory } = this.#spec;
    const discussion =
      discussionCategory === undefined ? {} : { discussion_category_name: discussionCategory };
    // Never `draft: true`: a person may have published it meanwhile.
    const change = draft
      ? {}
      : {
          ...discussion,
          draft: false,
          make_latest: await makeLatest(this.#desk, this.#spec, signal),
        };
    try {
      await repository.update(this.#draft.id, { ...this.#words.fields, ...change }, signal);
      return true;
    } catch (error) {
      if (isMissing(error) && discussionCategory !== undefined)
        throw noCategory(discussionCategory, error);
      if ((!isDoubtful(error) && !isTaken(error)) || attempt >= TRIES) throw error;
      await clock.sleep(backoff(clock, attempt), signal);
      return false;
    }
  }

  async #finish(assets: readonly Asset[], signal: AbortSignal | undefined): Promise<Published> {
    const { tag } = this.#spec;
    const release = await this.#readBack(assets, signal);
    if (!release.draft) await clearDrafts(this.#desk, tag, signal);
    const notices = [
      ...(release.draft ? [] : await restoreLatest(this.#desk, this.#spec, signal)),
      ...(await noticeDrafts(this.#desk, tag, signal)),
      ...(await attest(this.#desk, assets, signal)),
    ];
    return {
      url: release.html_url,
      changed: true,
      notices: [...(this.#words.cut ? [GITHUB_CUT] : []), ...lacking(this.#spec), ...notices],
    };
  }

  async #readBack(
    assets: readonly Asset[],
    signal: AbortSignal | undefined,
  ): Promise<RemoteRelease> {
    const { clock, repository } = this.#desk;
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const release = await repository.release(this.#draft.id, signal);
      await this.#shelf.look(signal);
      const equal = (await this.#shelf.compare(assets, signal)).length === 0;
      if (equal && release?.draft === this.#spec.draft) return release;
      await clock.sleep(backoff(clock, attempt), signal);
    }
    throw unread(this.#spec.tag);
  }

  /** Another run was quicker: its release stands, and ours is equal to it or is refused. */
  async #follow(
    rival: RemoteRelease,
    assets: readonly Asset[],
    signal: AbortSignal | undefined,
  ): Promise<Published> {
    this.#concurrentRelease = new StagedPublished(
      { ...this.#desk, replace: false },
      this.#spec,
      rival,
      this.#words,
    );
    return await this.#concurrentRelease.publish(assets, signal);
  }

  /** Looks again before it gives the draft up: a server that lags may not know it, or our claim on it, yet. */
  async #assertOurs(signal: AbortSignal | undefined): Promise<void> {
    const { clock, repository } = this.#desk;
    for (let attempt = 1; ; attempt += 1) {
      const current = await repository.release(this.#draft.id, signal);
      if (isOurs(this.#desk, current)) return;
      if (attempt === LOOKS) throw notOurs(this.#spec.tag, current);
      await clock.sleep(backoff(clock, attempt), signal);
    }
  }
}

/** What was asked for and GitHub has not. */
function lacking({ milestones, releasedAt }: Tagged): readonly string[] {
  return [
    ...(milestones.length === 0
      ? []
      : ["GitHub's releases have no milestones: they have no effect there"]),
    ...(releasedAt === undefined
      ? []
      : ["GitHub dates its releases itself: `released-at` has no effect there"]),
  ];
}

function incomplete(tag: string, found: readonly AssetDifference[]): Problem {
  const list = found.map(({ name, how }) => `${name} is ${how}`).join(", ");
  return new Problem(
    "github-incomplete",
    `${tag} was not published, for its draft is not complete: ${list}`,
    {
      hint: "nobody sees the draft: run it again, and it is resumed",
    },
  );
}

function unread(tag: string): Problem {
  return new Problem("github-unread", `${tag} reads back differently from what was published`, {
    hint: "somebody may be editing the release: run it again, and it is compared again",
  });
}

function noCategory(category: string, cause: unknown): Problem {
  return new Problem("github-discussion", `there is no discussion category “${category}”`, {
    hint: "create the category or correct `discussion-category`; the draft is complete and is published by the next run",
    cause,
  });
}
