import * as z from "zod/mini";
import { isMissing, isRefusal, type Refusal } from "../../forges/github/errors.ts";
import { type Octokit, octokitOver } from "../../forges/github/octokit.ts";
import { ownerAndName, type Parameters, requestAt } from "../../forges/github/request.ts";
import { GITHUB_PATIENCE, githubServer } from "../../forges/github/server.ts";
import { Problem } from "../../model/problem.ts";
import { shaped } from "../../net/exchange.ts";
import { type Retry, retry } from "../../net/retry.ts";
import { type Asked, Passing, type Server } from "../../net/server.ts";
import { ADVICE, archived, emptyRepository, mayNotWrite, refusedProblem } from "./refusals.ts";
import type {
  BranchHead,
  Change,
  Proposal,
  ProposalRequest,
  TapOptions,
  TapRepository,
} from "./repository.ts";

const Facts = z.object({
  default_branch: z.string(),
  archived: z.optional(z.boolean()),
  permissions: z.optional(z.object({ push: z.optional(z.boolean()) })),
});
const Branch = z.object({
  commit: z.object({ sha: z.string() }),
  protected: z.optional(z.boolean()),
});
const Listing = z.array(z.object({ name: z.string() }));
const FileContent = z.object({ content: z.optional(z.string()) });
const Hashed = z.object({ sha: z.string() });
const CommitObject = z.object({
  sha: z.string(),
  html_url: z.optional(z.string()),
  tree: z.object({ sha: z.string() }),
});
const PullRequest = z.object({
  html_url: z.string(),
  state: z.string(),
  merged_at: z.nullish(z.string()),
});

/** Through git's own objects, so that several files are one commit; GitHub signs those of an app or a job. */
export class GitHubTap implements TapRepository {
  readonly proposalName = "pull request";
  readonly again: Retry;
  readonly #options: TapOptions;
  readonly #server: Server;
  #octokit: Promise<Octokit> | undefined;

  constructor(options: TapOptions) {
    this.#options = options;
    this.#server = {
      ...githubServer(options.token),
      again: ADVICE,
    };
    this.again = retry(GITHUB_PATIENCE, options.reach);
  }

  async check(proposes: boolean, signal?: AbortSignal): Promise<readonly string[]> {
    const { name } = this.#options;
    const facts = await this.#facts(signal);
    if (facts.archived === true) throw archived(name);
    if (facts.permissions?.push === false) throw mayNotWrite(name);
    const branch = await this.#branch(facts.default_branch, signal);
    if (branch === undefined) throw emptyRepository(name);
    await this.#assertMayWrite(facts.default_branch, signal);
    if (branch.protected !== true || proposes) return [];
    return [
      `${facts.default_branch} of ${name} is protected: where the token may not bypass that, let the change be proposed`,
    ];
  }

  async head(signal?: AbortSignal): Promise<BranchHead> {
    const { default_branch: branch } = await this.#facts(signal);
    const head = await this.branch(branch, signal);
    if (head === undefined) throw emptyRepository(this.#options.name);
    return head;
  }

  async branch(name: string, signal?: AbortSignal): Promise<BranchHead | undefined> {
    const found = await this.#branch(name, signal);
    return found === undefined ? undefined : { branch: name, commit: found.commit.sha };
  }

  async names(commit: string, signal?: AbortSignal): Promise<readonly string[]> {
    const all = await this.#ask(Listing, "GET /contents", { ref: commit }, signal);
    return all.map(({ name }) => name);
  }

  async read(path: string, commit: string, signal?: AbortSignal): Promise<string | undefined> {
    const asked = { path, ref: commit };
    const file = await this.#find(FileContent, "GET /contents/{path}", asked, signal);
    return file?.content === undefined
      ? undefined
      : Buffer.from(file.content, "base64").toString("utf8");
  }

  async commit(change: Change, signal?: AbortSignal): Promise<string> {
    const { parent, message, files } = change;
    const before = await this.#ask(CommitObject, "GET /git/commits/{sha}", { sha: parent }, signal);
    const tree = files.map(({ path, text }) => ({
      path,
      mode: "100644",
      type: "blob",
      content: text,
    }));
    const wanted = { base_tree: before.tree.sha, tree };
    const { sha: written } = await this.#ask(Hashed, "POST /git/trees", wanted, signal);
    const made = { message, tree: written, parents: [parent] };
    // Without an author of its own: GitHub signs what an app or a job commits so.
    const commit = await this.#ask(CommitObject, "POST /git/commits", made, signal);
    await this.#move(change, commit.sha, signal);
    return commit.html_url ?? "";
  }

  async proposal(branch: string, signal?: AbortSignal): Promise<Proposal | undefined> {
    const [owner = ""] = this.#options.name.split("/");
    const asked = { head: `${owner}:${branch}`, state: "all", sort: "created", direction: "desc" };
    const [newest] = await this.#ask(z.array(PullRequest), "GET /pulls", asked, signal);
    return newest === undefined ? undefined : proposalOf(newest);
  }

  async propose({ branch, onto, title }: ProposalRequest, signal?: AbortSignal): Promise<Proposal> {
    const asked = { title, head: branch, base: onto };
    return proposalOf(await this.#ask(PullRequest, "POST /pulls", asked, signal));
  }

  async #facts(signal: AbortSignal | undefined) {
    return await this.#ask(Facts, "GET ", {}, signal);
  }

  async #branch(branch: string, signal: AbortSignal | undefined) {
    return await this.#find(Branch, "GET /branches/{branch}", { branch }, signal);
  }

  /** By the one call that needs the right to write and writes nothing. */
  async #assertMayWrite(branch: string, signal: AbortSignal | undefined): Promise<void> {
    const asked = { tag_name: "go-release-check", target_commitish: branch };
    const route = "POST /releases/generate-notes";
    const notes = await this.#find(z.unknown(), route, asked, signal);
    // A classic token without the scope is told that nothing is there.
    if (notes === undefined) throw mayNotWrite(this.#options.name);
  }

  /** Never back: where somebody was quicker, everything is looked at again. */
  async #move(
    { branch, begins }: Change,
    sha: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const [route, asked] = begins
      ? (["POST /git/refs", { ref: `refs/heads/${branch}`, sha }] as const)
      : (["PATCH /git/refs/{ref}", { ref: `heads/${branch}`, sha, force: false }] as const);
    try {
      await this.#send(route, asked, signal);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (!/fast.?forward|already exists/iu.test(error.response.data.message))
        throw this.#refusal(route, error);
      const failure = { what: "has another commit there by now", hint: this.#server.again };
      throw new Passing({ ...this.#asked, doing: `moving ${branch}` }, failure);
    }
  }

  async #ask<T extends z.ZodMiniType>(
    shape: T,
    route: string,
    parameters: Parameters,
    signal: AbortSignal | undefined,
  ): Promise<z.output<T>> {
    try {
      return shaped(shape, await this.#send(route, parameters, signal), this.#asked);
    } catch (error) {
      throw isRefusal(error) ? this.#refusal(route, error) : error;
    }
  }

  /** Undefined for what is not there. */
  async #find<T extends z.ZodMiniType>(
    shape: T,
    route: string,
    parameters: Parameters,
    signal: AbortSignal | undefined,
  ): Promise<z.output<T> | undefined> {
    try {
      return shaped(shape, await this.#send(route, parameters, signal), this.#asked);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw isRefusal(error) ? this.#refusal(route, error) : error;
    }
  }

  /** `route` is a method and an address below the repository's. */
  async #send(route: string, parameters: Parameters, signal: AbortSignal | undefined) {
    const { name, apiUrl, token, reach } = this.#options;
    const repository = ownerAndName(name);
    if (repository === undefined)
      throw new Problem("channel-repository", `${name} is not owner/name`, {
        hint: "give the repository as OWNER/NAME",
      });
    const server = this.#server;
    this.#octokit ??= octokitOver({ apiUrl, token, server, reach, again: this.again });
    const octokit = await this.#octokit;
    return (await requestAt(repository, octokit, { route, parameters }, signal)).data;
  }

  get #asked(): Asked {
    return { server: this.#server, url: this.#options.apiUrl };
  }

  #refusal(route: string, { status, response }: Refusal): Problem {
    const { message, errors } = response.data;
    const details = errors.map((detail) => detail.message ?? detail.code ?? "");
    const says = [message, ...details.filter((one) => one !== "")].join(": ");
    const doing = `${route.startsWith("GET") ? "reading" : "writing to"} ${this.#options.name}`;
    return refusedProblem({
      doing,
      repository: this.#options.name,
      server: "GitHub",
      status,
      says,
    });
  }
}

function proposalOf({
  html_url: url,
  state,
  merged_at: merged,
}: z.infer<typeof PullRequest>): Proposal {
  if (state === "open") return { url, state };
  return { url, state: merged == null ? "closed" : "merged" };
}
