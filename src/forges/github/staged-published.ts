import { defined } from "../../model/defined.ts";
import { Problem } from "../../model/problem.ts";
import { eventually } from "../../net/retry.ts";
import type { Asset, Published, Staged } from "../forge.ts";
import { attest } from "./attestations.ts";
import type { ReleaseDesk } from "./desk.ts";
import { readClaim } from "./draft-owner.ts";
import { clearDrafts, type ReleaseText } from "./drafts.ts";
import type { RemoteAsset, RemoteRelease } from "./entities.ts";
import { type AssetDifference, ReleaseAssets } from "./release-assets.ts";
import type { Tagged } from "./tagged.ts";

/** While a file is changed, its successor waits under this prefix. */
const SUCCESSOR = "replacing-";
/** At lists that lag. */
const LOOKS = 6;

/**
 * A release that people see already: one that an earlier run published, or one that a person made.
 * Nothing is uploaded before everything is known, so `put` has nothing to do.
 */
export class StagedPublished implements Staged {
  readonly #desk: ReleaseDesk;
  readonly #spec: Tagged;
  readonly #release: RemoteRelease;
  #words: ReleaseText;
  readonly #shelf: ReleaseAssets;
  readonly #ours: boolean;

  constructor(desk: ReleaseDesk, spec: Tagged, release: RemoteRelease, words: ReleaseText) {
    this.#desk = desk;
    this.#spec = spec;
    this.#release = release;
    this.#words = words;
    this.#shelf = new ReleaseAssets(desk, release, async () => {});
    this.#ours = readClaim(release.body) !== undefined;
  }

  async existing(name: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    return await this.#shelf.existing(name, signal);
  }

  async put(_asset: Asset, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
  }

  async becomesImmutable(): Promise<boolean> {
    return await Promise.resolve(this.#release.immutable === true);
  }

  async publish(
    assets: readonly Asset[],
    signal?: AbortSignal,
    postscript = "",
  ): Promise<Published> {
    this.#words = this.#words.with(postscript);
    await this.#shelf.look(signal);
    const { replace } = this.#desk;
    const found = this.#relevant(await this.#shelf.compare(assets, signal), assets, replace);
    if (found.length > 0) {
      this.#assertMayChange(found);
      await this.#change(found, assets, signal);
    }
    // Of runs that add to it at once, one's signatures stand.
    const foreign = (await this.#shelf.compare(assets, signal)).some(
      ({ how }) => how === "different",
    );
    await clearDrafts(this.#desk, this.#spec.tag, signal);
    return {
      url: this.#release.html_url,
      immutable: this.#release.immutable === true,
      changed: found.length > 0 && !foreign,
      notices: await attest(this.#desk, assets, signal),
    };
  }

  /**
   * A signature differs each time it is made, so an older one over the same files stands, unless it is to be
   * `replaced`: whoever signs recalls those that hold, and these do not differ. Files that a person added to a
   * release of their own stay.
   */
  #relevant(
    found: readonly AssetDifference[],
    assets: readonly Asset[],
    replaced = false,
  ): readonly AssetDifference[] {
    const kinds = new Map(assets.map(({ name, kind }) => [name, kind]));
    const signed = ({ name }: AssetDifference) =>
      ["signature", "provenance"].includes(kinds.get(name) ?? "");
    const essential = found.filter((one) => {
      if (one.how === "unexpected") return this.#ours || isSuccessor(one, kinds);
      return replaced || one.how === "missing" || !signed(one) || one.remote?.state !== "uploaded";
    });
    return essential.length === 0
      ? []
      : found.filter((one) => essential.includes(one) || signed(one));
  }

  #assertMayChange(found: readonly AssetDifference[]): void {
    const { tag } = this.#spec;
    const list = found.map(({ name, how }) => `${name} is ${how}`).join(", ");
    if (this.#release.immutable === true)
      throw new Problem(
        "github-immutable",
        `${tag} is published and immutable, and differs from this one: ${list}`,
        {
          hint: "it can no longer be changed: release a new version",
        },
      );
    const additions = found.every(
      ({ how, remote }) => how === "missing" || remote?.state !== "uploaded",
    );
    if (this.#desk.replace || (additions && !this.#ours)) return;
    throw new Problem(
      "github-published",
      `${tag} is already published and differs from this one: ${list}`,
      {
        hint: "release a new version, or set `replace: true` to change what people may have downloaded",
      },
    );
  }

  /**
   * The words first: a run that finds every file changed has nothing left to do. Then file by file, signatures
   * last; what was there is gone only when its successor is.
   */
  async #change(
    found: readonly AssetDifference[],
    assets: readonly Asset[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const surplus = found.filter(({ how }) => how === "unexpected");
    const names = new Set(assets.map(({ name }) => name));
    if (this.#ours) await this.#describe(signal);
    await this.#removeAll(
      surplus.filter((one) => isSuccessor(one, names)),
      signal,
    );
    for (const asset of signaturesLast(assets)) {
      const difference = found.find(({ name }) => name === asset.name);
      // What came there meanwhile is another run's, and people may have it already.
      if (difference?.how === "missing") await this.#shelf.put(asset, signal, this.#desk.replace);
      if (difference?.remote !== undefined) await this.#succeed(difference.remote, asset, signal);
    }
    await this.#removeAll(
      surplus.filter((one) => !isSuccessor(one, names)),
      signal,
    );
    await this.#assertEqual(assets, signal);
  }

  async #removeAll(
    surplus: readonly AssetDifference[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    for (const { remote } of surplus)
      if (remote !== undefined) await this.#shelf.remove(remote, signal);
  }

  async #succeed(old: RemoteAsset, asset: Asset, signal: AbortSignal | undefined): Promise<void> {
    const successor = { ...asset, name: `${SUCCESSOR}${asset.name}` };
    await this.#shelf.put(successor, signal);
    await this.#shelf.remove(old, signal);
    const uploaded = this.#shelf.at(successor.name);
    if (uploaded === undefined) return;
    const { again, repository } = this.#desk;
    await again(() => repository.rename(uploaded.id, asset.name, signal), signal);
  }

  async #describe(signal: AbortSignal | undefined): Promise<void> {
    const { name, body, prerelease } = this.#words.fields;
    const { latest } = this.#spec;
    const wanted = this.#spec.prerelease ? false : latest;
    // What `auto` decided when it was published stays: somebody may have chosen another one since.
    const make_latest = wanted === "auto" ? undefined : wanted ? "true" : "false";
    const fields = defined({ name, body, prerelease, make_latest });
    const { again, repository } = this.#desk;
    await again(() => repository.update(this.#release.id, fields, signal), signal);
  }

  async #assertEqual(assets: readonly Asset[], signal: AbortSignal | undefined): Promise<void> {
    const look = async () => {
      await this.#shelf.look(signal);
      return this.#relevant(await this.#shelf.compare(assets, signal), assets);
    };
    await eventually(
      {
        look,
        until: (found) => found.length === 0,
        otherwise: () => unread(this.#spec.tag),
        looks: LOOKS,
      },
      this.#desk.pace,
      signal,
    );
  }
}

function unread(tag: string): Problem {
  return new Problem("github-unread", `${tag} differs from what was uploaded`, {
    hint: "somebody may be editing the release; run it again",
  });
}

/** One of ours on its way to its name; a person's own file may be called alike. */
function isSuccessor({ name }: AssetDifference, ours: { has(name: string): boolean }): boolean {
  return name.startsWith(SUCCESSOR) && ours.has(name.slice(SUCCESSOR.length));
}

const LAST: readonly Asset["kind"][] = ["checksums", "signature", "provenance"];

/** What they sign comes first, so that no signature is ever about a file that is not there. */
function signaturesLast(assets: readonly Asset[]): readonly Asset[] {
  const order = (asset: Asset): number => LAST.indexOf(asset.kind);
  return [...assets].sort((one, other) => order(one) - order(other));
}
