import { Problem } from "../../model/problem.ts";
import type { Asset, TagMessage } from "../forge.ts";
import { readClaim } from "./draft-owner.ts";
import { isMissing } from "./errors.ts";
import { type Octokit, UploadBody } from "./octokit.ts";

type Repos = Octokit["rest"]["repos"];
export type RemoteRelease = Awaited<ReturnType<Repos["getRelease"]>>["data"];
export type RemoteAsset = RemoteRelease["assets"][number];
export type ReleaseFields = Omit<
  NonNullable<Parameters<Repos["updateRelease"]>[0]>,
  "owner" | "repo" | "release_id" | "request"
>;

/** What matters here of a sigstore bundle. */
export interface Bundle extends Record<string, unknown> {
  readonly dsseEnvelope?: { readonly signatures?: readonly { readonly sig?: string }[] };
}

type RepositoryRequest = {
  readonly owner: string;
  readonly repo: string;
  readonly request: { readonly signal?: AbortSignal };
};

/** The calls we make on one repository; each fails with Octokit's `RequestError`. */
export class GitHubRepository {
  /** `owner/name`. */
  readonly name: string;
  readonly #octokit: Octokit;

  constructor(octokit: Octokit, name: string) {
    this.#octokit = octokit;
    this.name = name;
  }

  async facts(signal?: AbortSignal) {
    return (await this.#octokit.rest.repos.get(this.#call(signal))).data;
  }

  /** The commit that a tag points to, through annotated tags (of tags); undefined when there is no such tag. */
  async commitOf(tag: string, signal?: AbortSignal): Promise<string | undefined> {
    const { git } = this.#octokit.rest;
    const reference = await orMissing(git.getRef({ ...this.#call(signal), ref: `tags/${tag}` }));
    let object = reference?.data.object;
    while (object?.type === "tag")
      object = (await git.getTag({ ...this.#call(signal), tag_sha: object.sha })).data.object;
    return object?.sha;
  }

  async tagMessage(tag: string, signal?: AbortSignal): Promise<TagMessage> {
    const { git } = this.#octokit.rest;
    const reference = await orMissing(git.getRef({ ...this.#call(signal), ref: `tags/${tag}` }));
    if (reference === undefined) return { kind: "unknown" };
    const { type, sha } = reference.data.object;
    if (type !== "tag") return { kind: "lightweight" };
    const { data } = await git.getTag({ ...this.#call(signal), tag_sha: sha });
    return { kind: "annotated", message: data.message };
  }

  async published(tag: string, signal?: AbortSignal): Promise<RemoteRelease | undefined> {
    const { repos } = this.#octokit.rest;
    return (await orMissing(repos.getReleaseByTag({ ...this.#call(signal), tag })))?.data;
  }

  async release(id: number, signal?: AbortSignal): Promise<RemoteRelease | undefined> {
    const { repos } = this.#octokit.rest;
    return (await orMissing(repos.getRelease({ ...this.#call(signal), release_id: id })))?.data;
  }

  /** Oldest first; GitHub finds them only by listing, and late. */
  async drafts(signal?: AbortSignal): Promise<readonly RemoteRelease[]> {
    const all = await this.#releases(signal);
    return all.filter(({ draft }) => draft).sort((one, other) => one.id - other.id);
  }

  async publishedReleases(signal?: AbortSignal): Promise<readonly RemoteRelease[]> {
    return (await this.#releases(signal)).filter(({ draft }) => !draft);
  }

  /** What people find as the latest release. */
  async latest(signal?: AbortSignal): Promise<RemoteRelease | undefined> {
    const { repos } = this.#octokit.rest;
    return (await orMissing(repos.getLatestRelease(this.#call(signal))))?.data;
  }

  async #releases(signal: AbortSignal | undefined): Promise<readonly RemoteRelease[]> {
    const { repos } = this.#octokit.rest;
    const call = { ...this.#call(signal), per_page: 100 };
    return await this.#octokit.paginate(repos.listReleases, call);
  }

  /**
   * The drafts of a tag that carry our claim. Their own name of it is not asked: a draft that was made before
   * GitHub knew a pushed tag is `untagged-…`.
   */
  async ownDrafts(tag: string, signal?: AbortSignal): Promise<readonly RemoteRelease[]> {
    return (await this.drafts(signal)).filter(({ body }) => readClaim(body)?.tag === tag);
  }

  async create(tag: string, fields: ReleaseFields, signal?: AbortSignal): Promise<RemoteRelease> {
    const { repos } = this.#octokit.rest;
    const { data } = await repos.createRelease({ ...this.#call(signal), ...fields, tag_name: tag });
    return data;
  }

  async update(id: number, fields: ReleaseFields, signal?: AbortSignal): Promise<RemoteRelease> {
    const { repos } = this.#octokit.rest;
    const { data } = await repos.updateRelease({
      ...this.#call(signal),
      ...fields,
      release_id: id,
    });
    return data;
  }

  async remove(id: number, signal?: AbortSignal): Promise<void> {
    const { repos } = this.#octokit.rest;
    await orMissing(repos.deleteRelease({ ...this.#call(signal), release_id: id }));
  }

  async assets(id: number, signal?: AbortSignal): Promise<readonly RemoteAsset[]> {
    const { repos } = this.#octokit.rest;
    const call = { ...this.#call(signal), release_id: id, per_page: 100 };
    return await this.#octokit.paginate(repos.listReleaseAssets, call);
  }

  /** To the address that the release names: not every server uploads where it is asked. */
  async upload(release: RemoteRelease, asset: Asset, signal?: AbortSignal): Promise<RemoteAsset> {
    const answer = await this.#octokit.request({
      method: "POST",
      url: release.upload_url,
      name: asset.name,
      headers: { "content-type": asset.contentType },
      data: new UploadBody(asset.size, asset.open),
      request: this.#call(signal).request,
    });
    return answer.data as RemoteAsset;
  }

  async rename(id: number, name: string, signal?: AbortSignal): Promise<void> {
    const { repos } = this.#octokit.rest;
    await repos.updateReleaseAsset({ ...this.#call(signal), asset_id: id, name });
  }

  async removeAsset(id: number, signal?: AbortSignal): Promise<void> {
    const { repos } = this.#octokit.rest;
    await orMissing(repos.deleteReleaseAsset({ ...this.#call(signal), asset_id: id }));
  }

  async generateNotes(tag: string, previous: string | null, signal?: AbortSignal): Promise<string> {
    const { repos } = this.#octokit.rest;
    const { data } = await repos.generateReleaseNotes({
      ...this.#call(signal),
      tag_name: tag,
      ...(previous === null ? {} : { previous_tag_name: previous }),
    });
    return data.body;
  }

  /** What was built how, of one file; GitHub's own statement on an immutable release is of another kind. */
  async provenanceOf(
    sha256: string,
    signal?: AbortSignal,
  ): Promise<readonly (Bundle | null | undefined)[]> {
    const route = "GET /repos/{owner}/{repo}/attestations/{subject_digest}";
    const subject = { subject_digest: `sha256:${sha256}`, predicate_type: "provenance" };
    const answer = await orMissing(
      this.#octokit.request(route, { ...this.#call(signal), ...subject, per_page: 100 }),
    );
    return (answer?.data.attestations ?? []).map(
      ({ bundle }) => bundle as Bundle | null | undefined,
    );
  }

  async attest(bundle: Bundle, signal?: AbortSignal): Promise<void> {
    const route = "POST /repos/{owner}/{repo}/attestations";
    await this.#octokit.request(route, { ...this.#call(signal), bundle });
  }

  #call(signal: AbortSignal | undefined): RepositoryRequest {
    const [owner, repo] = this.name.split("/");
    if (owner === undefined || repo === undefined || this.name.split("/").length !== 2)
      throw new Problem("github-repository", `${this.name} is not owner/name`, {
        hint: "set `repository` to owner/name",
      });
    return { owner, repo, request: signal === undefined ? {} : { signal } };
  }
}

async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
