import * as z from "zod/mini";
import { defined } from "../../model/defined.ts";
import { Problem } from "../../model/problem.ts";
import { shaped } from "../../net/exchange.ts";
import { type Asked, oddAnswer, Passing, type Server } from "../../net/server.ts";
import type { Asset, TagMessage } from "../forge.ts";
import { readClaim } from "./draft-owner.ts";
import type { Bundle, ReleaseFields, RemoteAsset, RemoteRelease } from "./entities.ts";
import * as shapes from "./entities.ts";
import { orMissing } from "./errors.ts";
import { type Octokit, UploadBody } from "./octokit.ts";
import { ownerAndName, type Parameters, requestAt } from "./request.ts";

const PER_PAGE = 100;
/** GitHub lists no more than 10,000 releases. */
const MOST_PAGES = 200;
/** Tags of tags of tags. */
const MOST_POINTERS = 10;

/**
 * The calls we make on one repository. Each throws a `Problem`, `Passing` where it may have been obeyed or may be
 * at the next try, or Octokit's `RequestError` for what GitHub refuses.
 */
export class GitHubRepository {
  /** `owner/name`. */
  readonly name: string;
  readonly #octokit: Octokit;
  readonly #asked: Asked;

  constructor(octokit: Octokit, name: string, server: Server, url: string) {
    this.#octokit = octokit;
    this.name = name;
    this.#asked = { server, url };
  }

  async facts(signal?: AbortSignal) {
    return await this.#ask(shapes.Facts, "GET ", {}, signal);
  }

  /** Throws a refusal of 404 where they are off, or where the token may not know. */
  async immutability(signal?: AbortSignal) {
    return await this.#ask(shapes.Immutability, "GET /immutable-releases", {}, signal);
  }

  /** The commit that a tag points to, through annotated tags (of tags); undefined when there is no such tag. */
  async commitOf(tag: string, signal?: AbortSignal): Promise<string | undefined> {
    let object = (await this.#reference(tag, signal))?.object;
    for (let depth = 0; object?.type === "tag"; depth += 1) {
      if (depth === MOST_POINTERS) throw oddAnswer(this.#asked, "a tag that points to no commit");
      object = (await this.#tag(object.sha, signal)).object;
    }
    return object?.sha;
  }

  async tagMessage(tag: string, signal?: AbortSignal): Promise<TagMessage> {
    const reference = await this.#reference(tag, signal);
    if (reference === undefined) return { kind: "unknown" };
    const { type, sha } = reference.object;
    if (type !== "tag") return { kind: "lightweight" };
    const { message } = await this.#tag(sha, signal);
    return { kind: "annotated", message };
  }

  async published(tag: string, signal?: AbortSignal): Promise<RemoteRelease | undefined> {
    const route = "GET /releases/tags/{tag}";
    return await orMissing(this.#ask(shapes.RemoteRelease, route, { tag }, signal));
  }

  async release(id: number, signal?: AbortSignal): Promise<RemoteRelease | undefined> {
    return await orMissing(this.#ask(shapes.RemoteRelease, "GET /releases/{id}", { id }, signal));
  }

  /** Oldest first; GitHub finds them only by listing, and late. */
  async drafts(signal?: AbortSignal): Promise<readonly RemoteRelease[]> {
    const all = await this.#list(shapes.RemoteRelease, "GET /releases", {}, signal);
    return all.filter(({ draft }) => draft).sort((one, other) => one.id - other.id);
  }

  async publishedReleases(signal?: AbortSignal): Promise<readonly RemoteRelease[]> {
    const all = await this.#list(shapes.RemoteRelease, "GET /releases", {}, signal);
    return all.filter(({ draft }) => !draft);
  }

  /** What people find as the latest release. */
  async latest(signal?: AbortSignal): Promise<RemoteRelease | undefined> {
    return await orMissing(this.#ask(shapes.RemoteRelease, "GET /releases/latest", {}, signal));
  }

  /**
   * The drafts of a tag that carry our claim. Their own name of it is not asked: a draft that was made before
   * GitHub knew a pushed tag is `untagged-…`.
   */
  async ownDrafts(tag: string, signal?: AbortSignal): Promise<readonly RemoteRelease[]> {
    return (await this.drafts(signal)).filter(({ body }) => readClaim(body)?.tag === tag);
  }

  async create(fields: ReleaseFields, signal?: AbortSignal): Promise<RemoteRelease> {
    return await this.#ask(shapes.RemoteRelease, "POST /releases", { ...fields }, signal);
  }

  async update(id: number, fields: ReleaseFields, signal?: AbortSignal): Promise<RemoteRelease> {
    const route = "PATCH /releases/{id}";
    return await this.#ask(shapes.RemoteRelease, route, { ...fields, id }, signal);
  }

  async remove(id: number, signal?: AbortSignal): Promise<void> {
    await orMissing(this.#ask(z.unknown(), "DELETE /releases/{id}", { id }, signal));
  }

  async assets(id: number, signal?: AbortSignal): Promise<readonly RemoteAsset[]> {
    return await this.#list(shapes.RemoteAsset, "GET /releases/{id}/assets", { id }, signal);
  }

  /** To the address that the release names: not every server uploads where it is asked. */
  async upload(release: RemoteRelease, asset: Asset, signal?: AbortSignal): Promise<RemoteAsset> {
    const { name, contentType, size, open } = asset;
    const headers = { "content-type": contentType };
    const parameters = { name, headers, data: new UploadBody(size, open) };
    return await this.#ask(shapes.RemoteAsset, `POST ${release.upload_url}`, parameters, signal);
  }

  async rename(id: number, name: string, signal?: AbortSignal): Promise<void> {
    await this.#ask(z.unknown(), "PATCH /releases/assets/{id}", { id, name }, signal);
  }

  async removeAsset(id: number, signal?: AbortSignal): Promise<void> {
    await orMissing(this.#ask(z.unknown(), "DELETE /releases/assets/{id}", { id }, signal));
  }

  /** One page of the commits that `head` has and `base` has not; of all that it has, without a base. */
  async commitsBetween(base: string | undefined, head: string, page: number, signal?: AbortSignal) {
    const paged = { per_page: PER_PAGE, page };
    if (base === undefined)
      return await this.#ask(
        z.array(shapes.Commit),
        "GET /commits",
        { ...paged, sha: head },
        signal,
      );
    const route = "GET /compare/{basehead}";
    const basehead = `${base}...${head}`;
    return (await this.#ask(shapes.Comparison, route, { ...paged, basehead }, signal)).commits;
  }

  /** The numbers of milestones are not their names. */
  async milestone(title: string, signal?: AbortSignal) {
    const all = await this.#list(shapes.Milestone, "GET /milestones", { state: "all" }, signal);
    return all.find((one) => one.title === title);
  }

  async closeMilestone(number: number, signal?: AbortSignal): Promise<void> {
    const change = { number, state: "closed" };
    await this.#ask(z.unknown(), "PATCH /milestones/{number}", change, signal);
  }

  async generateNotes(tag: string, previous: string | null, signal?: AbortSignal): Promise<string> {
    const tags = defined({ tag_name: tag, previous_tag_name: previous ?? undefined });
    const notes = await this.#ask(shapes.Notes, "POST /releases/generate-notes", tags, signal);
    return notes.body;
  }

  /** What was built how, of one file; GitHub's own statement on an immutable release is of another kind. */
  async provenanceOf(
    sha256: string,
    signal?: AbortSignal,
  ): Promise<readonly (Bundle | null | undefined)[]> {
    const subject = {
      digest: `sha256:${sha256}`,
      predicate_type: "provenance",
      per_page: PER_PAGE,
    };
    const asked = this.#ask(shapes.Attestations, "GET /attestations/{digest}", subject, signal);
    return ((await orMissing(asked))?.attestations ?? []).map(({ bundle }) => bundle);
  }

  async attest(bundle: Bundle, signal?: AbortSignal): Promise<void> {
    await this.#ask(z.unknown(), "POST /attestations", { bundle }, signal);
  }

  /** What an answer did not show and a later one may; `final` is what is thrown in the end. */
  notYet(what: string, final: unknown): Passing {
    return new Passing(this.#asked, { what, hint: this.#asked.server.again }, { final });
  }

  async #reference(tag: string, signal: AbortSignal | undefined) {
    const named = { ref: `tags/${tag}` };
    return await orMissing(this.#ask(shapes.Pointer, "GET /git/ref/{ref}", named, signal));
  }

  async #tag(sha: string, signal: AbortSignal | undefined) {
    return await this.#ask(shapes.TagObject, "GET /git/tags/{sha}", { sha }, signal);
  }

  async #ask<T extends z.ZodMiniType>(
    shape: T,
    route: string,
    parameters: Parameters,
    signal: AbortSignal | undefined,
  ): Promise<z.output<T>> {
    return shaped(shape, (await this.#send(route, parameters, signal)).data, this.#asked);
  }

  async #list<T extends z.ZodMiniType>(
    shape: T,
    route: string,
    parameters: Parameters,
    signal: AbortSignal | undefined,
  ): Promise<z.output<T>[]> {
    const all: z.output<T>[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const numbered = { ...parameters, per_page: PER_PAGE, page };
      const { data, link } = await this.#send(route, numbered, signal);
      all.push(...shaped(z.array(shape), data, this.#asked));
      // Where the next page lies is ours to say: the token goes there.
      if (!/rel="next"/u.test(link)) return all;
    }
    throw oddAnswer(this.#asked, "a list that does not end");
  }

  /** `route` is a method and an address, whole or below the repository's. */
  async #send(route: string, parameters: Parameters, signal: AbortSignal | undefined) {
    const repository = ownerAndName(this.name);
    if (repository === undefined)
      throw new Problem("github-repository", `${this.name} is not owner/name`, {
        hint: "set `repository` to owner/name",
      });
    return await requestAt(repository, this.#octokit, { route, parameters }, signal);
  }
}
