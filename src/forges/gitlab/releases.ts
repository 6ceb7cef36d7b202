import * as z from "zod/mini";
import { defined } from "../../model/defined.ts";
import type { ReleaseSpec } from "../../model/plan.ts";
import type { Api, GitLabRequest } from "./api.ts";
import { messageOf, Release } from "./entities.ts";
import { refusal } from "./errors.ts";
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
    const call: GitLabRequest = {
      doing: `reading the release ${this.#tag}`,
      method: "GET",
      path: this.#path,
      signal,
    };
    const answer = await this.#api.call(call);
    if (answer.status === 200) return Release.parse(answer.json);
    if (answer.status === 404 && !/project/i.test(messageOf(answer.json))) return undefined;
    throw refusal(call, answer, this.#api.tokenKind);
  }

  /** Every release of the project, the one with the newest date first. */
  async all(signal?: AbortSignal): Promise<readonly Release[]> {
    const call: GitLabRequest = {
      doing: "listing the releases",
      method: "GET",
      path: "/releases?order_by=released_at&sort=desc",
      signal,
    };
    const found: Release[] = [];
    for await (const answer of this.#api.pages(call)) {
      if (answer.status !== 200) throw refusal(call, answer, this.#api.tokenKind);
      found.push(...z.array(Release).parse(answer.json));
    }
    return found;
  }

  /**
   * The publication: one call with all links. One try; `exists` when somebody was quicker, or an answer got
   * lost. Without a `ref`, so that GitLab never makes the tag itself. Throws `Fleeting`, as `Api.once` does.
   */
  async create(
    words: ReleaseDescription,
    links: readonly WantedLink[],
    signal?: AbortSignal,
  ): Promise<"created" | "exists"> {
    const call: GitLabRequest = {
      doing: `publishing ${this.#tag}`,
      method: "POST",
      path: "/releases",
      json: { tag_name: this.#tag, ...words, assets: { links } },
      signal,
    };
    const answer = await this.#api.once(call);
    if (answer.status === 201) return "created";
    if (answer.status === 409) return "exists";
    throw refusal(call, answer, this.#api.tokenKind);
  }

  /**
   * Title, notes, milestones and date; of a release that a person made, only what was asked for by name. Links
   * and evidence stay as they are.
   */
  async describe(there: Release, words: ReleaseDescription, signal?: AbortSignal): Promise<void> {
    const { name, description, ...asked } = words;
    const json = isOurs(there) ? { name, description, ...asked } : asked;
    if (Object.keys(json).length === 0) return;
    const call: GitLabRequest = {
      doing: `describing ${this.#tag}`,
      method: "PUT",
      path: this.#path,
      json,
      signal,
    };
    const answer = await this.#api.call(call);
    if (answer.status !== 200) throw refusal(call, answer, this.#api.tokenKind);
  }

  /** One try; `conflict` when a link of that name is there, as after an answer that got lost. */
  async change(change: LinkChange, signal?: AbortSignal): Promise<"changed" | "conflict"> {
    const call = this.#linkCall(change, signal);
    const answer = await this.#api.once(call);
    if (answer.status < 300) return "changed";
    if (change.kind === "remove" && answer.status === 404) return "changed";
    if (change.kind === "add" && answer.status === 400 && /taken/i.test(messageOf(answer.json)))
      return "conflict";
    throw refusal(call, answer, this.#api.tokenKind);
  }

  #linkCall(change: LinkChange, signal: AbortSignal | undefined): GitLabRequest {
    const links = `${this.#path}/assets/links`;
    switch (change.kind) {
      case "add":
        return {
          doing: `linking ${change.link.name}`,
          method: "POST",
          path: links,
          json: change.link,
          signal,
        };
      case "change":
        return {
          doing: `linking ${change.link.name}`,
          method: "PUT",
          path: `${links}/${change.id}`,
          json: change.link,
          signal,
        };
      case "remove":
        return {
          doing: `unlinking ${change.name}`,
          method: "DELETE",
          path: `${links}/${change.id}`,
          signal,
        };
    }
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
