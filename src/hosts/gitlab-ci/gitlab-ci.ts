import { isAbsolute, posix, relative, resolve } from "node:path";
import type { Outputs } from "../../config/outputs.ts";
import { defined } from "../../model/defined.ts";
import type { Diagnostic, Event } from "../../model/event.ts";
import { isWithin } from "../../model/paths.ts";
import { JobToken, Secret } from "../../model/secret.ts";
import type { Surroundings } from "../../model/surroundings.ts";
import { planSummary } from "../../report/plan-table.ts";
import { problemText } from "../../report/problem-text.ts";
import { releaseText } from "../../report/release-text.ts";
import { requestText } from "../../report/request-text.ts";
import type { Files } from "../../world/world.ts";
import type { Host } from "../host.ts";
import { codeQuality } from "./code-quality.ts";
import { dotenv } from "./dotenv.ts";
import { readInputs } from "./inputs.ts";
import { JobLog } from "./log.ts";
import { Steps } from "./steps.ts";

type GitLabVariables = Readonly<Record<string, string | undefined>>;

export interface GitLabCiOptions {
  readonly env: GitLabVariables;
  /** Where the process was started. */
  readonly folder: string;
  readonly files: Pick<Files, "makeFolder" | "write">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** To standard error: standard output is for programs. */
  readonly write: (text: string) => void;
}

/** Where the reports lie that the component's job hands over, relative to the project's folder. */
const REPORTS = ".go-release";

/** A job of GitLab CI: the only place that knows `CI_*`. */
export function gitlabCi({ env, folder, files, write, now }: GitLabCiOptions): Host {
  const log = new JobLog(write, now);
  const steps = new Steps(log);
  const diagnostics: Diagnostic[] = [];
  const project = projectFolder(env, folder);
  const report = async (name: string, text: string): Promise<void> => {
    await files.makeFolder(resolve(project, REPORTS));
    // Or the reports would make the work tree dirty.
    await files.write(resolve(project, REPORTS, ".gitignore"), "*\n");
    await files.write(resolve(project, REPORTS, name), text);
  };
  let module = ".";
  for (const name of SECRETS) {
    const value = given(env, name);
    if (value !== undefined) log.hide(new Secret(value));
  }
  return {
    inputs: () => readInputs(env["GO_RELEASE_INPUTS"] ?? ""),
    surroundings: surroundingsOf(env, folder),
    mask: (secret) => log.hide(secret),
    tell: (event) => {
      if (event.type === "planned") module = event.plan.module.folder;
      if (event.type === "diagnosed") diagnostics.push(event.diagnostic);
      print(event, log, steps);
    },
    output: async (outputs) => {
      await report("artifacts.json", `${outputs.artifacts}\n`);
      await report("outputs.env", dotenv(carried(outputs, project, folder)));
    },
    close: async () => {
      steps.close(now());
      await report("code-quality.json", codeQuality(diagnostics, module));
    },
  };
}

/** Variables that are secret whether or not the project masks them. */
const SECRETS = [
  "CI_JOB_TOKEN",
  "CI_REGISTRY_PASSWORD",
  "GO_RELEASE_REGISTRY_PASSWORD",
  "SIGSTORE_ID_TOKEN",
  "GO_RELEASE_TOKEN",
  "GO_RELEASE_SIGN_KEY",
  "COSIGN_PRIVATE_KEY",
  "COSIGN_PASSWORD",
];

function print(event: Event, log: JobLog, steps: Steps): void {
  switch (event.type) {
    case "planned":
      return log.say(planSummary(event.plan), "bold");
    case "started":
      return steps.start(event);
    case "output":
      return steps.note(event.step, event.line);
    case "ended":
      return steps.end(event);
    case "notice":
      return log.say(`note: ${event.message}`);
    case "warning":
      return log.say(`warning: ${event.message}`, "yellow");
    case "requested":
      return log.say(`debug: ${requestText(event)}`);
    case "failed":
      return log.say(`error: ${problemText(event.problem)}`, "red");
    case "released":
      return log.say(`\n${releaseText(event.manifest, event.folder)}`);
    case "diagnosed":
      return;
  }
}

function given(env: GitLabVariables, name: string): string | undefined {
  return env[name] === "" ? undefined : env[name];
}

function surroundingsOf(env: GitLabVariables, folder: string): Surroundings {
  const token = given(env, "CI_JOB_TOKEN");
  const identity = given(env, "SIGSTORE_ID_TOKEN");
  const visibility = given(env, "CI_PROJECT_VISIBILITY");
  const [server, path, runner] = [
    given(env, "CI_SERVER_URL"),
    given(env, "CI_PROJECT_PATH"),
    given(env, "CI_RUNNER_ID"),
  ];
  const facts = {
    debug: given(env, "CI_DEBUG_TRACE") === "true" || undefined,
    ref: refOf(env),
    commit: given(env, "CI_COMMIT_SHA"),
    repository: path,
    apiUrl: given(env, "CI_API_V4_URL"),
    serverUrl: server,
    token: token === undefined ? undefined : new JobToken(token),
    registry: registryOf(env),
    // `internal` means everybody with an account, which is not everybody.
    public: visibility === undefined ? undefined : visibility === "public",
    identity:
      identity === undefined
        ? undefined
        : ({ kind: "token", token: new Secret(identity) } as const),
    // As GitLab's own provenance names its builder: the runner.
    builder: [server, path, runner].includes(undefined)
      ? undefined
      : `${server}/${path}/-/runners/${runner}`,
    runUrl: given(env, "CI_JOB_URL"),
    runId: given(env, "CI_JOB_ID"),
    run: given(env, "CI_PIPELINE_ID"),
  };
  const project = projectFolder(env, folder);
  return { ci: true, folder, project, forge: "gitlab", ...defined(facts) };
}

/** GitLab's registry of images, where the instance has one. */
function registryOf(env: GitLabVariables): Surroundings["registry"] {
  const [host, user, password] = [
    given(env, "CI_REGISTRY"),
    given(env, "CI_REGISTRY_USER"),
    given(env, "CI_REGISTRY_PASSWORD"),
  ];
  if (host === undefined || user === undefined || password === undefined) return undefined;
  return { host, user, password: new Secret(password), origin: "the job's token" };
}

/** `CI_PROJECT_DIR`, unless this process works in another checkout than the runner's. */
function projectFolder(env: GitLabVariables, folder: string): string {
  const project = given(env, "CI_PROJECT_DIR");
  return project === undefined || !isWithin(folder, project) ? folder : project;
}

function refOf(env: GitLabVariables): Surroundings["ref"] {
  const tag = given(env, "CI_COMMIT_TAG");
  // A pipeline of a merge request's own pipelines has neither a tag nor a branch, but a name.
  const branch = given(env, "CI_COMMIT_BRANCH") ?? given(env, "CI_COMMIT_REF_NAME");
  const request = given(env, "CI_MERGE_REQUEST_IID") ?? given(env, "CI_EXTERNAL_PULL_REQUEST_IID");
  // First, for a variable of the pipeline may pretend to a tag.
  if (request !== undefined) return { kind: "pull-request", name: request };
  if (tag !== undefined) return { kind: "tag", name: tag };
  return branch === undefined ? undefined : { kind: "branch", name: branch };
}

/**
 * Outputs as later jobs can use them: paths relative to the project's folder, which is another one on another
 * runner, and the list of artifacts as a file, since a dotenv report holds 5 KiB.
 */
function carried(
  outputs: Outputs,
  project: string,
  folder: string,
): Readonly<Record<string, string>> {
  const path = (value: string): string => {
    if (value === "") return "";
    const inside = relative(project, isAbsolute(value) ? value : resolve(folder, value));
    return inside.replaceAll("\\", "/");
  };
  const { manifest, checksums, bundle } = outputs;
  const paths = { manifest: path(manifest), checksums: path(checksums), bundle: path(bundle) };
  return { ...outputs, ...paths, artifacts: posix.join(REPORTS, "artifacts.json") };
}
