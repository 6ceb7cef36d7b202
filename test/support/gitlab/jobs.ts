import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { plainEnvironment, type Outcome as Spoken, start } from "../program.ts";
import { ProcWatch, Wrappers } from "../runs/children.ts";
import { Project, TAG } from "../runs/project.ts";
import { Secrets } from "../runs/secrets.ts";
import { tokenOf } from "../sigstore/identity-tokens.ts";
import type { Sigstore } from "../sigstore/services.ts";
import { FakeGitLab, JOB_TOKEN } from "./fake-gitlab.ts";
import type { ProjectOptions } from "./project.ts";

/** What a job left. */
export interface Outcome extends Spoken {
  /** Reports that the job hands to GitLab, by name. */
  readonly reports: Readonly<Record<string, string>>;
  /** The job's working folder. */
  readonly folder: string;
  /** Arguments of all processes and environments of the children, as /proc shows them; when watched. */
  readonly seen: readonly string[];
}

export interface JobOptions {
  /** A fresh clone when it is left out. */
  readonly folder?: string;
  readonly args?: readonly string[];
  /** Added to the job's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly watched?: boolean;
}

/** A started job. */
export interface Running {
  readonly outcome: Promise<Outcome>;
  kill(): void;
}

/** Of the job's signer: the pipeline's own configuration file. */
export const IDENTITY = `https://gitlab.com/group/age//.gitlab-ci.yml@refs/tags/${TAG}`;
export const ISSUER = "https://gitlab.com";

/** A project on a fake GitLab, and jobs of its pipelines: the bundle in processes of their own. */
export class Jobs {
  readonly folder = mkdtempSync(join(tmpdir(), "go-release-jobs-"));
  readonly project: Project;
  readonly gitlab: FakeGitLab;
  readonly secrets = new Secrets();
  readonly wrappers = new Wrappers(this.folder);
  #jobs = 0;

  private constructor(options: ProjectOptions, project: Project | undefined) {
    this.project = project ?? new Project(this.folder);
    this.gitlab = new FakeGitLab({ tags: { [TAG]: this.project.head }, ...options });
    this.secrets.add("the job's token", JOB_TOKEN);
  }

  /** `project` when the same repository is released elsewhere, too. */
  static async open(options: ProjectOptions = {}, project?: Project): Promise<Jobs> {
    const jobs = new Jobs(options, project);
    await jobs.gitlab.server.listen();
    return jobs;
  }

  async close(): Promise<void> {
    await this.gitlab.server.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  async run(options: JobOptions = {}): Promise<Outcome> {
    return await this.start(options).outcome;
  }

  start({
    folder = this.#clone(),
    args = [],
    env = {},
    watched = false,
  }: JobOptions = {}): Running {
    const whole = { ...this.#environment(folder), ...env };
    const { child, ended } = start(inject("bundle"), args, folder, whole);
    const watch = watched ? new ProcWatch(child.pid ?? 0) : undefined;
    const outcome = ended.then((spoken) => ({
      ...spoken,
      folder,
      reports: filesIn(join(folder, ".go-release")),
      seen: watch?.stop() ?? [],
    }));
    return { outcome, kill: () => void child.kill("SIGKILL") };
  }

  /** sha256 by name as people see them. */
  published(): Readonly<Record<string, string>> | undefined {
    return this.gitlab.project.visible(TAG);
  }

  /** The published files' bytes. */
  files(): Readonly<Record<string, Buffer>> {
    const { project } = this.gitlab;
    const links = project.releases.get(TAG)?.links ?? [];
    return Object.fromEntries(
      links.map(({ name, url }) => [name, project.at(url)?.bytes ?? Buffer.alloc(0)]),
    );
  }

  /** Variables for keyless signatures by these services. */
  signing(
    sigstore: Sigstore,
    claims: Readonly<Record<string, unknown>> = {},
  ): Readonly<Record<string, string>> {
    const root = join(this.folder, "trusted_root.json");
    writeFileSync(root, sigstore.trustedRoot);
    const token = tokenOf({
      iss: ISSUER,
      sub: `project_path:group/age:ref_type:tag:ref:${TAG}`,
      ci_config_ref_uri: IDENTITY.slice("https://".length),
      exp: Math.floor(Date.now() / 1000) + 300,
      ...claims,
    }).reveal();
    this.secrets.add("the identity token", token);
    return {
      SIGSTORE_ID_TOKEN: token,
      GO_RELEASE_FULCIO_URL: sigstore.url,
      GO_RELEASE_REKOR_URL: sigstore.url,
      GO_RELEASE_TSA_URL: sigstore.url,
      GO_RELEASE_TRUSTED_ROOT: root,
    };
  }

  /** Every secret that is where it should not be, after what jobs said. */
  leaks(...outcomes: readonly Outcome[]): readonly string[] {
    const said = outcomes.flatMap(({ stdout, stderr, seen }) =>
      Object.entries({ stdout, stderr, processes: seen.join("\n") }),
    );
    const children = this.wrappers.children().map(({ name, text }) => [name, text] as const);
    return [
      ...[...said, ...children].flatMap(([where, text]) =>
        this.secrets.in(text).map((secret) => `${where}: ${secret}`),
      ),
      ...this.secrets.below(this.folder),
    ];
  }

  #clone(): string {
    this.#jobs += 1;
    const folder = join(this.folder, `job-${this.#jobs}`);
    const { origin } = this.project;
    const quiet = ["-c", "advice.detachedHead=false", "clone", "--quiet", "--branch", TAG];
    origin.git(...quiet, origin.folder, folder);
    return folder;
  }

  #environment(folder: string): Readonly<Record<string, string>> {
    const home = join(this.folder, "home");
    mkdirSync(home, { recursive: true });
    const { apiUrl, serverUrl, projectUrl, project } = this.gitlab;
    return plainEnvironment({
      ...goFolders,
      PATH: `${this.wrappers.bin}:${process.env["PATH"]}`,
      HOME: home,
      CI: "true",
      GITLAB_CI: "true",
      CI_API_V4_URL: apiUrl,
      CI_SERVER_URL: serverUrl,
      CI_PROJECT_ID: String(project.options.id),
      CI_PROJECT_PATH: project.options.path,
      CI_PROJECT_DIR: folder,
      CI_PROJECT_VISIBILITY: project.options.visibility,
      CI_COMMIT_TAG: TAG,
      CI_COMMIT_REF_NAME: TAG,
      CI_COMMIT_SHA: this.project.head,
      CI_JOB_ID: "4711",
      CI_JOB_URL: `${projectUrl}/-/jobs/4711`,
      CI_RUNNER_ID: "12",
      CI_JOB_TOKEN: JOB_TOKEN,
    });
  }
}

/** Go's caches are shared by all jobs, or each would compile the standard library. */
const goFolders = {
  ...(JSON.parse(
    execFileSync("go", ["env", "-json", "GOCACHE", "GOMODCACHE", "GOPATH"], { encoding: "utf8" }),
  ) as Record<string, string>),
  GOPROXY: "off",
};

function filesIn(folder: string): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
    );
  } catch {
    return {};
  }
}
