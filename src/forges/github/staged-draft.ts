import { defined } from "../../model/defined.ts";
import { Problem } from "../../model/problem.ts";
import { eventually } from "../../net/retry.ts";
import type { Asset, Published, Staged } from "../forge.ts";
import { attest } from "./attestations.ts";
import type { ReleaseDesk } from "./desk.ts";
import { clearDrafts, GRACE, isOurs, noticeDrafts, notOurs, type ReleaseText } from "./drafts.ts";
import type { RemoteRelease } from "./entities.ts";
import { isMissing, isTaken } from "./errors.ts";
import { becomesImmutable } from "./immutability.ts";
import { makeLatest, restoreLatest } from "./make-latest.ts";
import { GITHUB_CUT } from "./notes.ts";
import { type AssetDifference, ReleaseAssets } from "./release-assets.ts";
import { StagedPublished } from "./staged-published.ts";
import { assertTag, type Tagged } from "./tagged.ts";

/** At lists that lag, and at a claim that is not seen any more. */
const LOOKS = 6;
const LOOKS_AT_CLAIM = 3;

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

  async becomesImmutable(signal?: AbortSignal): Promise<boolean> {
    return await becomesImmutable(this.#desk, signal);
  }

  async publish(
    assets: readonly Asset[],
    signal?: AbortSignal,
    postscript = "",
  ): Promise<Published> {
    this.#words = this.#words.with(postscript);
    const { again, repository } = this.#desk;
    const rival = await again(async () => {
      const current = await repository.release(this.#draft.id, signal);
      if (current?.draft === false && isOurs(this.#desk, current) && !this.#spec.draft) return;
      const other = await repository.published(this.#spec.tag, signal);
      if (other !== undefined) return other;
      await assertTag(this.#desk, this.#spec, signal);
      await this.#settle(assets, signal);
      return await this.#reveal(signal);
    }, signal);
    if (rival !== undefined) return await this.#follow(rival, assets, signal);
    return await this.#finish(assets, signal);
  }

  /** Waits for lists that lag, removes what a dead run left, and insists on equal sets and on our claim. */
  async #settle(assets: readonly Asset[], signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.#desk.pace;
    const look = async () => {
      const start = clock.now();
      await this.#shelf.look(signal);
      const found = await this.#shelf.compare(assets, signal);
      await this.#assertOurs(signal);
      const isFresh = clock.now() - start < GRACE / 2;
      for (const { name, remote } of found)
        if (remote !== undefined && !this.#put.has(name)) await this.#shelf.remove(remote, signal);
      return { found, isFresh };
    };
    await eventually(
      {
        look,
        until: ({ found, isFresh }) => found.length === 0 && isFresh,
        otherwise: ({ found }) => incomplete(this.#spec.tag, found),
        looks: LOOKS,
      },
      this.#desk.pace,
      signal,
    );
  }

  /** The one call. Throws `Passing` when it has to be looked whether it worked. */
  async #reveal(signal: AbortSignal | undefined): Promise<undefined> {
    const { repository } = this.#desk;
    const { draft, discussionCategory } = this.#spec;
    // Never `draft: true`: a person may have published it meanwhile.
    const change = draft
      ? {}
      : {
          ...defined({ discussion_category_name: discussionCategory }),
          draft: false,
          make_latest: await makeLatest(this.#desk, this.#spec, signal),
        };
    try {
      await repository.update(this.#draft.id, { ...this.#words.fields, ...change }, signal);
      return;
    } catch (error) {
      if (isMissing(error) && discussionCategory !== undefined)
        throw noCategory(discussionCategory, error);
      throw isTaken(error) ? repository.notYet("already has a release for the tag", error) : error;
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
      immutable: release.immutable === true,
      notices: [...(this.#words.cut ? [GITHUB_CUT] : []), ...lacking(this.#spec), ...notices],
    };
  }

  async #readBack(
    assets: readonly Asset[],
    signal: AbortSignal | undefined,
  ): Promise<RemoteRelease> {
    const look = async () => {
      const release = await this.#desk.repository.release(this.#draft.id, signal);
      await this.#shelf.look(signal);
      const equal = (await this.#shelf.compare(assets, signal)).length === 0;
      return equal && release?.draft === this.#spec.draft ? release : undefined;
    };
    const until = (release: RemoteRelease | undefined) => release !== undefined;
    const release = await eventually({ look, until, looks: LOOKS }, this.#desk.pace, signal);
    if (release !== undefined) return release;
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
    await eventually(
      {
        look: () => this.#desk.repository.release(this.#draft.id, signal),
        until: (current) => isOurs(this.#desk, current),
        otherwise: (current) => notOurs(this.#spec.tag, current),
        looks: LOOKS_AT_CLAIM,
      },
      this.#desk.pace,
      signal,
    );
  }
}

/** What was asked for and GitHub has not. */
function lacking({ milestones, releasedAt }: Tagged): readonly string[] {
  return [
    ...(milestones.length === 0
      ? []
      : ["GitHub releases have no milestones: `milestones` has no effect there"]),
    ...(releasedAt === undefined
      ? []
      : ["GitHub sets the date of a release itself: `released-at` has no effect there"]),
  ];
}

function incomplete(tag: string, found: readonly AssetDifference[]): Problem {
  const list = found.map(({ name, how }) => `${name} is ${how}`).join(", ");
  return new Problem(
    "github-incomplete",
    `${tag} was not published because its draft is incomplete: ${list}`,
    {
      hint: "the draft is not public: run it again to resume it",
    },
  );
}

function unread(tag: string): Problem {
  return new Problem("github-unread", `${tag} differs from what was published`, {
    hint: "somebody may be editing the release: run it again to compare it again",
  });
}

function noCategory(category: string, cause: unknown): Problem {
  return new Problem("github-discussion", `there is no discussion category “${category}”`, {
    hint: "create the category or fix `discussion-category`; the draft is complete and will be published by the next run",
    cause,
  });
}
