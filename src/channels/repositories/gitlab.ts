import * as z from "zod/mini";
import { Api, type GitLabRequest } from "../../forges/gitlab/api.ts";
import { tokenOf } from "../../forges/gitlab/token.ts";
import { Problem } from "../../model/problem.ts";
import { JobToken } from "../../model/secret.ts";
import type { Answer } from "../../net/exchange.ts";
import type { Retry } from "../../net/retry.ts";
import { ADVICE, archived, emptyRepository, mayNotWrite, refusedProblem } from "./refusals.ts";
import type {
  BranchHead,
  Change,
  Proposal,
  ProposalRequest,
  TapOptions,
  TapRepository,
} from "./repository.ts";

const Access = z.nullish(z.object({ access_level: z.number() }));
const Facts = z.object({
  default_branch: z.nullish(z.string()),
  archived: z.optional(z.boolean()),
  permissions: z.optional(z.object({ project_access: Access, group_access: Access })),
});
const Branch = z.object({
  commit: z.object({ id: z.string() }),
  can_push: z.optional(z.boolean()),
});
const Listing = z.array(z.object({ name: z.string() }));
const FileContent = z.object({ content: z.string(), last_commit_id: z.string() });
const Committed = z.object({ web_url: z.optional(z.string()) });
const MergeRequest = z.object({ web_url: z.string(), state: z.string() });

/** Through the commits API, which takes several files at once. */
export class GitLabTap implements TapRepository {
  readonly proposalName = "merge request";
  readonly again: Retry;
  readonly #name: string;
  readonly #api: Api;
  /** The commit that last changed a file, by its path: GitLab refuses a change on top of another one then. */
  readonly #seen = new Map<string, string>();

  constructor({ name, apiUrl, token, reach }: TapOptions) {
    if (token instanceof JobToken)
      throw new Problem("channel-token", `a job token may not commit to ${name}`, {
        hint: "set `tap-token` (the variable GO_RELEASE_TAP_TOKEN) to a project access token of it with the role Developer and the scope api",
      });
    this.#name = name;
    this.#api = new Api({ ...reach, token: tokenOf(token), apiUrl, project: name, advice: ADVICE });
    this.again = this.#api.again;
  }

  async check(proposes: boolean, signal?: AbortSignal): Promise<readonly string[]> {
    const facts = await this.#facts(signal);
    if (facts.archived === true) throw archived(this.#name);
    const { project_access: own, group_access: group } = facts.permissions ?? {};
    const level = Math.max(own?.access_level ?? 0, group?.access_level ?? 0);
    if (level > 0 && level < DEVELOPER) throw mayNotWrite(this.#name);
    const name = facts.default_branch;
    const branch = name == null ? undefined : await this.#branch(name, signal);
    if (name == null || branch === undefined) throw emptyRepository(this.#name);
    if (proposes || branch.can_push !== false) return [];
    throw this.#refusal("reading the branch", 403, `not allowed to push to ${name}`);
  }

  async head(signal?: AbortSignal): Promise<BranchHead> {
    const { default_branch: branch } = await this.#facts(signal);
    const head = branch == null ? undefined : await this.branch(branch, signal);
    if (head === undefined) throw emptyRepository(this.#name);
    return head;
  }

  async branch(name: string, signal?: AbortSignal): Promise<BranchHead | undefined> {
    const found = await this.#branch(name, signal);
    return found === undefined ? undefined : { branch: name, commit: found.commit.id };
  }

  async names(commit: string, signal?: AbortSignal): Promise<readonly string[]> {
    const path = `/repository/tree?ref=${commit}&per_page=100`;
    const all = await this.#find("listing the files", path, signal);
    return (all?.as(Listing) ?? []).map(({ name }) => name);
  }

  async read(path: string, commit: string, signal?: AbortSignal): Promise<string | undefined> {
    const url = `/repository/files/${encodeURIComponent(path)}?ref=${commit}`;
    const file = (await this.#find(`reading ${path}`, url, signal))?.as(FileContent);
    if (file === undefined) return undefined;
    this.#seen.set(path, file.last_commit_id);
    return Buffer.from(file.content, "base64").toString("utf8");
  }

  async commit(change: Change, signal?: AbortSignal): Promise<string> {
    const { branch, parent, begins, message, files } = change;
    const actions = files.map(({ path, text, exists }) => ({
      action: exists ? "update" : "create",
      file_path: path,
      content: text,
      ...(exists ? { last_commit_id: this.#seen.get(path) } : {}),
    }));
    const json = {
      branch,
      commit_message: message,
      actions,
      ...(begins ? { start_sha: parent } : {}),
    };
    const call = { doing: `committing to ${branch}`, method: "POST", signal } as const;
    const answer = await this.#api.once({
      ...call,
      path: "/repository/commits",
      json,
      accept: () => true,
    });
    if (answer.status < 300) return answer.as(Committed).web_url ?? "";
    // Somebody was quicker: everything is looked at again.
    if (/already exists|has changed since|changed in the meantime/iu.test(answer.said))
      throw this.#api.notYet(call, "has another commit there by now", answer.said);
    throw this.#refusal(call.doing, answer.status, answer.said);
  }

  async proposal(branch: string, signal?: AbortSignal): Promise<Proposal | undefined> {
    const query = `source_branch=${encodeURIComponent(branch)}&order_by=created_at&sort=desc`;
    const path = `/merge_requests?${query}`;
    const all = await this.#get("listing the merge requests", path, signal);
    const [newest] = all.as(z.array(MergeRequest));
    return newest === undefined ? undefined : proposalOf(newest);
  }

  async propose({ branch, onto, title }: ProposalRequest, signal?: AbortSignal): Promise<Proposal> {
    const json = { source_branch: branch, target_branch: onto, title, remove_source_branch: true };
    const call = { doing: `proposing ${branch}`, method: "POST", path: "/merge_requests" } as const;
    const answer = await this.#api.once({ ...call, json, accept: () => true, signal });
    if (answer.status < 300) return proposalOf(answer.as(MergeRequest));
    throw this.#refusal(call.doing, answer.status, answer.said);
  }

  async #facts(signal: AbortSignal | undefined) {
    return (await this.#get(`reading ${this.#name}`, "", signal)).as(Facts);
  }

  async #branch(name: string, signal: AbortSignal | undefined) {
    const path = `/repository/branches/${encodeURIComponent(name)}`;
    return (await this.#find(`reading the branch ${name}`, path, signal))?.as(Branch);
  }

  async #get(doing: string, path: string, signal: AbortSignal | undefined): Promise<Answer> {
    const call: GitLabRequest = { doing, method: "GET", path, accept: () => true, signal };
    const answer = await this.#api.call(call);
    if (answer.status < 300) return answer;
    throw this.#refusal(doing, answer.status, answer.said);
  }

  /** Undefined for what is not there. */
  async #find(
    doing: string,
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<Answer | undefined> {
    const call: GitLabRequest = { doing, method: "GET", path, accept: () => true, signal };
    const answer = await this.#api.call(call);
    if (answer.status < 300) return answer;
    if (answer.status === 404 && !/project/iu.test(answer.said)) return undefined;
    throw this.#refusal(doing, answer.status, answer.said);
  }

  #refusal(doing: string, status: number, says: string): Problem {
    return refusedProblem({ doing, repository: this.#name, server: "GitLab", status, says });
  }
}

/** GitLab's access levels count in tens. */
const DEVELOPER = 30;

function proposalOf({ web_url: url, state }: z.infer<typeof MergeRequest>): Proposal {
  if (state === "opened" || state === "locked") return { url, state: "open" };
  return { url, state: state === "merged" ? "merged" : "closed" };
}
