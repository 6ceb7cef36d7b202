import { defined } from "../../model/defined.ts";
import type { ReleaseSpec } from "../../model/plan.ts";
import type { Answer } from "../../net/exchange.ts";
import type { Api } from "./api.ts";
import { Release } from "./entities.ts";
import type { LinkChange, WantedLink } from "./link.ts";
import { isOurs } from "./notes.ts";

/** The release of one tag, and its links. */
export class Releases {
  readonly #api: Api;
  readonly #tag: string;

  constructor(api: Api, tag: string) {
    this.#api = api;
    this.#tag = tag;
  }

  /** Undefined when the tag has no release. Throws a `Problem` when the project cannot be read. */
  async find(signal?: AbortSignal): Promise<Release | undefined> {
    const answer = await this.#api.call({
      doing: `reading the release ${this.#tag}`,
      method: "GET",
      path: this.#path,
      accept: ({ status, said }) => status === 404 && !/project/i.test(said),
      signal,
    });
    return answer.status === 404 ? undefined : answer.as(Release);
  }

  /** Every release of the project, the one with the newest date first. */
  async all(signal?: AbortSignal): Promise<readonly Release[]> {
    const path = "/releases?order_by=released_at&sort=desc";
    const call = { doing: "listing the releases", method: "GET", path, signal } as const;
    return (await this.#api.list(call, Release)) ?? [];
  }

  /**
   * The publication: one call with all links. One try; `exists` when somebody was quicker, or an answer got
   * lost. Without a `ref`, so that GitLab never makes the tag itself. Throws `Passing`, as `Api.once` does.
   */
  async create(
    words: ReleaseDescription,
    links: readonly WantedLink[],
    signal?: AbortSignal,
  ): Promise<"created" | "exists"> {
    const answer = await this.#api.once({
      doing: `publishing ${this.#tag}`,
      method: "POST",
      path: "/releases",
      json: { tag_name: this.#tag, ...words, assets: { links } },
      accept: ({ status }) => status === 409,
      signal,
    });
    return answer.status === 409 ? "exists" : "created";
  }

  /**
   * Title, notes, milestones and date; of a release that a person made, only what was asked for by name. Links
   * and evidence stay as they are.
   */
  async describe(there: Release, words: ReleaseDescription, signal?: AbortSignal): Promise<void> {
    const { name, description, ...asked } = words;
    const json = isOurs(there) ? { name, description, ...asked } : asked;
    if (Object.keys(json).length === 0) return;
    const doing = `describing ${this.#tag}`;
    await this.#api.call({ doing, method: "PUT", path: this.#path, json, signal });
  }

  /** One try. A link of that name may be there already, as after an answer that got lost: the caller looks again. */
  async change(change: LinkChange, signal?: AbortSignal): Promise<void> {
    const links = `${this.#path}/assets/links`;
    if (change.kind === "remove") {
      const doing = `unlinking ${change.name}`;
      const accept = ({ status }: Answer) => status === 404;
      const path = `${links}/${change.id}`;
      await this.#api.once({ doing, method: "DELETE", path, accept, signal });
      return;
    }
    const adds = change.kind === "add";
    await this.#api.once({
      doing: `linking ${change.link.name}`,
      method: adds ? "POST" : "PUT",
      path: adds ? links : `${links}/${change.id}`,
      json: change.link,
      accept: ({ status, said }) => adds && status === 400 && /taken/i.test(said),
      signal,
    });
  }

  get #path(): string {
    return `/releases/${encodeURIComponent(this.#tag)}`;
  }
}

/** What a release says of itself, as GitLab takes it. */
export interface ReleaseDescription {
  readonly name: string;
  readonly description: string;
  readonly milestones?: readonly string[];
  readonly released_at?: string;
}

export function wordsOf(
  { title, milestones, releasedAt }: ReleaseSpec,
  description: string,
): ReleaseDescription {
  return defined({
    name: title,
    description,
    ...(milestones.length === 0 ? {} : { milestones }),
    released_at: releasedAt,
  });
}
