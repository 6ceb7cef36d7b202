import type { Destination, ReleaseSpec } from "../../model/plan.ts";
import { Problem } from "../../model/problem.ts";
import { eventually } from "../../net/retry.ts";
import type { Asset, Published, Staged } from "../forge.ts";
import { Slots } from "../slots.ts";
import type { Api } from "./api.ts";
import type { Release } from "./entities.ts";
import { complete, type Found, keepSignatures, linked, missing } from "./found.ts";
import { linkChanges, type WantedLink } from "./link.ts";
import { descriptionOf, GITLAB_CUT } from "./notes.ts";
import { noticesOf } from "./notices.ts";
import type { PackageStore } from "./release-assets.ts";
import { type ReleaseDescription, type Releases, wordsOf } from "./releases.ts";
import { assertTag } from "./tag.ts";

export interface StagedOptions {
  readonly spec: ReleaseSpec;
  /** Where people see the project. */
  readonly project: Pick<Destination, "serverUrl" | "repository">;
  readonly shelf: PackageStore;
  readonly releases: Releases;
  readonly api: Api;
  /** Allow a release that is there to be changed. */
  readonly replace: boolean;
  /** Nothing may be stored: the release is there, and is only compared. */
  readonly frozen: boolean;
}

/**
 * GitLab has no drafts. The files go to the package registry first, where no release names them; then one
 * call makes the release with all its links. That call is the publication.
 */
export class StagedRelease implements Staged {
  readonly #options: StagedOptions;
  #words: ReleaseDescription;
  #isCut = false;
  /** Digests of what this run has put. */
  readonly #put = new Set<string>();

  constructor(options: StagedOptions) {
    this.#options = options;
    this.#words = this.#wordsWith("");
  }

  async existing(name: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const { releases, shelf } = this.#options;
    const there = await releases.find(signal);
    const link = there?.assets.links.find((one) => one.name === name);
    return await shelf.existing(name, link?.url, signal);
  }

  async put(asset: Asset, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#options.frozen) return;
    await this.#options.shelf.store(asset, signal);
    this.#put.add(asset.sha256);
  }

  /** GitLab has no such setting. */
  async becomesImmutable(): Promise<boolean> {
    return await Promise.resolve(false);
  }

  async publish(
    assets: readonly Asset[],
    signal?: AbortSignal,
    postscript = "",
  ): Promise<Published> {
    this.#words = this.#wordsWith(postscript);
    const found = await this.#find(assets, signal);
    const there = await this.#options.releases.find(signal);
    if (there !== undefined) return await this.#reconcile(there, found, false, signal);
    const links = complete(found);
    // It may have been moved while everything was built.
    await assertTag(this.#options.api, this.#options.spec, signal);
    const created = await this.#create(links, signal);
    return await this.#reconcile(await this.#readBack(signal), found, created, signal);
  }

  #wordsWith(postscript: string): ReleaseDescription {
    const { spec, project } = this.#options;
    const { text, cut } = descriptionOf({ spec, postscript, project });
    this.#isCut = cut;
    return wordsOf(spec, text);
  }

  /** Each asset with the URL where it lies, byte for byte. */
  async #find(
    assets: readonly Asset[],
    signal: AbortSignal | undefined,
  ): Promise<readonly Found[]> {
    const { api, shelf } = this.#options;
    const look = async () => {
      const urls = await shelf.find(assets, signal);
      return assets.map((asset, at): Found => ({ asset, url: urls[at] }));
    };
    const isLost = ({ asset, url }: Found) => url === undefined && this.#put.has(asset.sha256);
    // A list may be behind what was stored a moment ago; or another run got into the same place.
    const until = (seen: readonly Found[]) => !seen.some(isLost);
    const found = await eventually({ look, until, looks: LOOKS }, api.reach, signal);
    const slots = new Slots(AGAIN_AT_ONCE);
    const again = async (one: Found): Promise<Found> =>
      isLost(one) ? { ...one, url: await shelf.store(one.asset, signal) } : one;
    return await Promise.all(found.map((one) => slots.take(() => again(one), signal)));
  }

  /** True when this run made the release, false when another one did meanwhile. */
  async #create(links: readonly WantedLink[], signal: AbortSignal | undefined): Promise<boolean> {
    const { api, releases, spec, frozen } = this.#options;
    if (frozen) throw vanished(spec);
    const create = async (nth: number) => {
      if (nth > 1 && (await releases.find(signal)) !== undefined) return true;
      return (await releases.create(this.#words, links, signal)) === "created";
    };
    return await api.again(create, signal);
  }

  /** Compares a visible release with what should be there, and changes it when that was asked for. */
  async #reconcile(
    there: Release,
    found: readonly Found[],
    created: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Published> {
    const { shelf, spec, replace } = this.#options;
    assertCommit(there, spec);
    // Whoever signs recalls the signatures that hold: those that differ all the same do not.
    const kept = replace ? found : keepSignatures(there, found, shelf);
    const differing = this.#differing(there, kept);
    if (differing.length === 0) return await this.#published(there, created, signal);
    if (!replace) throw different(there, differing);
    return await this.#replace(there, complete(found), signal);
  }

  async #replace(
    before: Release,
    links: readonly WantedLink[],
    signal: AbortSignal | undefined,
  ): Promise<Published> {
    const { api, releases, spec } = this.#options;
    // First, for a run that finds every link changed has nothing left to do.
    await releases.describe(before, this.#words, signal);
    const there = await api.again(async () => {
      const now = await releases.find(signal);
      if (now === undefined) throw vanished(spec);
      const [next] = this.#changes(now, links);
      return next === undefined ? now : await this.#change(now, links, signal);
    }, signal);
    return await this.#published(there, true, signal);
  }

  /** All changes in turn; the caller looks again afterwards, and after every change that failed. */
  async #change(
    now: Release,
    links: readonly WantedLink[],
    signal: AbortSignal | undefined,
  ): Promise<Release> {
    const { api, releases, spec } = this.#options;
    for (const change of this.#changes(now, links)) await releases.change(change, signal);
    const after = await this.#readBack(signal);
    if (this.#changes(after, links).length > 0)
      throw api.notYet({ doing: `changing ${spec.tag}` }, "did not list all links");
    return after;
  }

  #changes(there: Release, links: readonly WantedLink[]) {
    const { shelf } = this.#options;
    return linkChanges(there.assets.links, links, ({ url, name }) => shelf.owns(url, name));
  }

  async #readBack(signal: AbortSignal | undefined): Promise<Release> {
    const { api, releases, spec } = this.#options;
    return await api.again(async () => {
      const there = await releases.find(signal);
      if (there !== undefined) return there;
      throw api.notYet({ doing: `reading ${spec.tag} back` }, "did not list it");
    }, signal);
  }

  /** The names in which a release differs from what should be there. */
  #differing(there: Release, found: readonly Found[]): readonly string[] {
    const changes = this.#changes(there, found.flatMap(linked)).map((change) =>
      change.kind === "remove" ? change.name : change.link.name,
    );
    return [...new Set([...missing(found), ...changes])].sort();
  }

  async #published(
    there: Release,
    changed: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Published> {
    const { spec, releases } = this.#options;
    return {
      immutable: false,
      url: there._links?.self ?? "",
      changed,
      notices: [...(this.#isCut ? [GITLAB_CUT] : []), ...(await noticesOf(spec, releases, signal))],
    };
  }
}

/** Until a file that is not listed is stored again. */
const LOOKS = 3;
const AGAIN_AT_ONCE = 4;

function different({ tag_name }: Release, names: readonly string[]): Problem {
  return new Problem(
    "gitlab-exists",
    `the release ${tag_name} already exists and differs in: ${names.join(", ")}`,
    {
      hint: "release a new tag, or set `replace` to change what is published",
    },
  );
}

/** For a token that sees no tags, the release is the first to tell where its tag is by now. */
function assertCommit({ commit, tag_name }: Release, spec: ReleaseSpec): void {
  if (commit == null || spec.commit === null || commit.id === spec.commit) return;
  throw new Problem(
    "gitlab-tag-moved",
    `the release ${tag_name} is for the commit ${commit.id}, but ${spec.commit} was built`,
    {
      hint: "the tag was moved during the run: delete the release (the tag stays) and run a pipeline for the commit the tag now points to, or release a new tag",
    },
  );
}

function vanished({ tag }: ReleaseSpec): Problem {
  return new Problem("gitlab-vanished", `the release ${tag} was deleted during the run`, {
    hint: "run the job again",
  });
}
