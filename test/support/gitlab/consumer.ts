import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { component } from "../../../scripts/component.mjs";
import { tools } from "../../program/gitlab/tools.ts";
import { type FakeGitLab, JOB_TOKEN } from "./fake-gitlab.ts";

const run = promisify(execFile);

const COMPONENT = "go-release/go-release";

export interface Pipeline {
  readonly status: number;
  readonly log: string;
}

/** A project that includes the component, and GitLab's runner played by gitlab-ci-local. */
export class Consumer {
  readonly folder: string;
  readonly #fake: FakeGitLab;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(folder: string, fake: FakeGitLab, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.#fake = fake;
    this.#env = env;
  }

  /** `include` follows the component's line; `jobs` are further ones. */
  static async create(
    fake: FakeGitLab,
    {
      template,
      include = "",
      jobs = "",
    }: { readonly template: string; readonly include?: string; readonly jobs?: string },
  ): Promise<Consumer> {
    const root = await mkdtemp(join(tmpdir(), "go-release-consumer-"));
    const [out, folder] = [join(root, "component"), join(root, "age")];
    const { version } = await component({ out, project: COMPONENT });
    const bundle = await readFile(join(out, "dist/index.js"));
    fake.repositoryFiles.set(`${COMPONENT}@${version}:dist/index.js`, bundle);
    const env = {
      ...process.env,
      HOME: root,
      GIT_CONFIG_GLOBAL: join(root, "gitconfig"),
      GIT_TERMINAL_PROMPT: "0",
    };
    await writeFile(env.GIT_CONFIG_GLOBAL, gitConfig(out));
    await commit(out, env, version, `git@gitlab.example:${COMPONENT}.git`);
    await cp("examples/hello", folder, { recursive: true });
    await writeFile(
      join(folder, ".gitlab-ci.yml"),
      consumerPipeline(template, version, include, jobs),
    );
    await writeFile(join(folder, ".gitignore"), ".gitlab-ci-local/\n");
    await commit(folder, env, "v1.0.0", "git@gitlab.example:group/age.git");
    fake.project.options.tags = {
      "v1.0.0": (await run("git", ["rev-parse", "HEAD"], { cwd: folder, env })).stdout.trim(),
    };
    return new Consumer(folder, fake, env);
  }

  async tagPipeline(): Promise<Pipeline> {
    return await this.#pipeline("age", tagged("v1.0.0"));
  }

  /** The component project's own pipeline, of the tag of its version. */
  async ownPipeline(): Promise<Pipeline> {
    const { version } = JSON.parse(await readFile("package.json", "utf8"));
    return await this.#pipeline("component", tagged(version));
  }

  async mergeRequestPipeline(): Promise<Pipeline> {
    const variables = ["CI_PIPELINE_SOURCE=merge_request_event", "CI_MERGE_REQUEST_IID=7"];
    return await this.#pipeline("age", [
      ...variables.flatMap((one) => ["--variable", one]),
      "--unset-variable",
      "CI_COMMIT_BRANCH",
    ]);
  }

  async remove(): Promise<void> {
    await rm(dirname(this.folder), { recursive: true, force: true });
  }

  async #pipeline(cwd: "age" | "component", args: readonly string[]): Promise<Pipeline> {
    const { apiUrl, serverUrl, project } = this.#fake;
    const variables = {
      GITLAB_CI: "true",
      CI_JOB_TOKEN: JOB_TOKEN,
      CI_API_V4_URL: apiUrl,
      CI_SERVER_URL: serverUrl,
      CI_PROJECT_PATH: cwd === "age" ? project.options.path : COMPONENT,
      CI_PROJECT_VISIBILITY: "private",
    };
    const given = Object.entries(variables).flatMap(([name, value]) => [
      "--variable",
      `${name}=${value}`,
    ]);
    const options = { cwd: dirname(this.folder), env: this.#env, maxBuffer: 64 * 2 ** 20 };
    const words = [tools.gitlabCiLocal, "--cwd", cwd, "--force-shell-executor", ...given, ...args];
    return await run(tools.node, words, options).then(
      ({ stdout, stderr }) => ({ status: 0, log: stdout + stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        status: error.code,
        log: error.stdout + error.stderr,
      }),
    );
  }
}

function tagged(tag: string): readonly string[] {
  return ["--variable", `CI_COMMIT_TAG=${tag}`, "--unset-variable", "CI_COMMIT_BRANCH"];
}

function gitConfig(component: string): string {
  return `[user]
  name = Test
  email = test@example.com
[safe]
  directory = *
[init]
  defaultBranch = main
[url "${component}"]
  insteadOf = ssh://git@gitlab.example:22/${COMPONENT}.git
`;
}

function consumerPipeline(
  template: string,
  version: string,
  include: string,
  jobs: string,
): string {
  return `stages: [build, deploy, after]
include:
  - component: gitlab.example/${COMPONENT}/${template}@${version}
${include}
${jobs}`;
}

async function commit(
  cwd: string,
  env: NodeJS.ProcessEnv,
  tag: string,
  origin?: string,
): Promise<void> {
  await mkdir(cwd, { recursive: true });
  const git = (...args: string[]) => run("git", args, { cwd, env });
  await git("init", "-q");
  await git("add", "-A");
  await git("commit", "-q", "-m", "feat: first");
  await git("tag", tag);
  if (origin !== undefined) await git("remote", "add", "origin", origin);
}
