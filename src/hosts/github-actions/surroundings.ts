import * as z from "zod/mini";
import { defined } from "../../model/defined.ts";
import { Secret } from "../../model/secret.ts";
import type { IdentitySource, Surroundings } from "../../model/surroundings.ts";

type GitHubVariables = Readonly<Record<string, string | undefined>>;

/** What we read of the event that started the workflow. */
const EventPayload = z.object({
  action: z.optional(z.string()),
  release: z.optional(z.object({ tag_name: z.string() })),
  /** Of a comment: absent on one to an issue. */
  issue: z.optional(z.object({ pull_request: z.optional(z.unknown()) })),
  workflow_run: z.optional(z.object({ event: z.optional(z.string()) })),
  repository: z.optional(
    z.object({ visibility: z.optional(z.string()), private: z.optional(z.boolean()) }),
  ),
});
type EventPayload = z.infer<typeof EventPayload>;

/** What a workflow's job knows of itself, from its environment and the event's JSON. */
export function surroundingsOf(env: GitHubVariables, folder: string, event: string): Surroundings {
  const payload = parse(event);
  const identity = identityOf(env);
  const ref = refOf(env, payload);
  const open = publicOf(payload);
  const server = env["GITHUB_SERVER_URL"] ?? "https://github.com";
  const repository = env["GITHUB_REPOSITORY"];
  const runId = env["GITHUB_RUN_ID"];
  const token = env["INPUT_GITHUB-TOKEN"] || env["GITHUB_TOKEN"];
  const workflow = env["GITHUB_WORKFLOW_REF"];
  const code = codeOf(env);
  return defined({
    ci: true,
    // Set by "Enable debug logging" and by the secret or variable ACTIONS_STEP_DEBUG.
    debug: env["RUNNER_DEBUG"] === "1" || env["ACTIONS_STEP_DEBUG"] === "true" || undefined,
    folder,
    project: env["GITHUB_WORKSPACE"] || folder,
    forge: "github",
    serverUrl: server,
    apiUrl: env["GITHUB_API_URL"] ?? "https://api.github.com",
    ref,
    commit: env["GITHUB_SHA"],
    repository,
    ...(token === undefined || token === "" ? {} : { token: new Secret(token) }),
    registry: registryOf(server, token, env),
    public: open,
    identity,
    code,
    ...(workflow === undefined ? {} : { builder: `${server}/${workflow}` }),
    ...(runId === undefined
      ? {}
      : {
          runId,
          run: runId,
          runUrl: `${server}/${repository}/actions/runs/${runId}/attempts/${env["GITHUB_RUN_ATTEMPT"] ?? "1"}`,
        }),
  });
}

/** GitHub's registry of images, which is github.com's alone; the token counts there, whatever the name. */
function registryOf(
  server: string,
  token: string | undefined,
  env: GitHubVariables,
): Surroundings["registry"] {
  if (server !== "https://github.com" || token === undefined || token === "") return undefined;
  return {
    host: "ghcr.io",
    user: env["GITHUB_ACTOR"] || "github-actions",
    password: new Secret(token),
    origin: "the job's token",
  };
}

/** `release` events name their tag in the payload; a pull request's ref is `12/merge`. */
function refOf(env: GitHubVariables, payload: EventPayload): Surroundings["ref"] {
  const { action, release } = payload;
  if (isOfPullRequest(env, payload)) {
    const [, number] = /^refs\/pull\/(.+)$/u.exec(env["GITHUB_REF"] ?? "") ?? [];
    return { kind: "pull-request", name: number ?? env["GITHUB_REF_NAME"] ?? "" };
  }
  if (env["GITHUB_EVENT_NAME"] === "release" && release !== undefined) {
    const withdrawn = action === "deleted" || action === "unpublished";
    return { kind: withdrawn ? "withdrawn-release" : "tag", name: release.tag_name };
  }
  const name = env["GITHUB_REF_NAME"];
  if (name === undefined || name === "") return undefined;
  return { kind: env["GITHUB_REF_TYPE"] === "tag" ? "tag" : "branch", name };
}

/**
 * Whether somebody's proposal started the run, by whatever event: several of them run in the name of the branch that
 * the proposal is for, with its secrets (docs.github.com, "Events that trigger workflows").
 */
function isOfPullRequest(env: GitHubVariables, { issue, workflow_run }: EventPayload): boolean {
  const event = env["GITHUB_EVENT_NAME"] ?? "";
  return (
    env["GITHUB_REF"]?.startsWith("refs/pull/") === true ||
    /^(pull_request|merge_group)/u.test(event) ||
    (event === "issue_comment" && issue?.pull_request !== undefined) ||
    (event === "workflow_run" && /^(pull_request|merge_group)/u.test(workflow_run?.event ?? ""))
  );
}

function publicOf({ repository }: EventPayload): boolean | undefined {
  if (repository?.visibility !== undefined) return repository.visibility === "public";
  return repository?.private === undefined ? undefined : !repository.private;
}

/** Empty for an action that a job has checked out itself. */
function codeOf(env: GitHubVariables): Surroundings["code"] {
  const [repository, ref] = [env["GITHUB_ACTION_REPOSITORY"], env["GITHUB_ACTION_REF"]];
  return repository && ref ? { repository, ref } : undefined;
}

/** Offered to jobs with `permissions: id-token: write`. */
function identityOf(env: GitHubVariables): IdentitySource | undefined {
  const url = env["ACTIONS_ID_TOKEN_REQUEST_URL"];
  const token = env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
  if (url && token) return { kind: "github", url, token: new Secret(token) };
  const given = env["SIGSTORE_ID_TOKEN"];
  return given ? { kind: "token", token: new Secret(given) } : undefined;
}

function parse(event: string): EventPayload {
  try {
    return EventPayload.parse(JSON.parse(event));
  } catch {
    return {};
  }
}
