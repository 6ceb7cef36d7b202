import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";
import { plainEnvironment } from "../program.ts";
import { emptyRepository, type Repository, repositoryOf, temporaryFolder } from "../repository.ts";
import type { FakeGitHub } from "./fake.ts";
import { module, TAG } from "./job.ts";
import { withMatrixOutputs } from "./matrix-outputs.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../../..");

/** The workflows that others call. */
const REUSABLE = [".github/workflows/release.yml", ".github/workflows/release-checkout.yml"];

export interface Run {
  readonly status: number;
  readonly log: string;
}

export type EventName = "push" | "pull_request" | "release" | "workflow_dispatch";

/**
 * GitHub's runner, played by `act` without containers: each job has an empty folder on this machine and the
 * real shells, `git`, `go` and `node`. Actions of others are replaced by those in `actions/`, ours is this bundle.
 */
export class Runner {
  readonly #fake: FakeGitHub;
  readonly #folder: string;
  readonly #repository: string;
  readonly #pins: ReturnType<typeof pinsOf>;
  readonly #action: Repository;

  /** `workflow` is the text of a file below `.github/workflows` in a small module that is tagged. */
  constructor(fake: FakeGitHub, workflow: string, { tellsCommit = true } = {}) {
    this.#fake = fake;
    this.#folder = temporaryFolder("go-release-runner-");
    const own = withMatrixOutputs(workflow);
    const repository = repositoryOf({ ...module, ".github/workflows/release.yml": own }, TAG);
    repository.git("remote", "add", "origin", `https://github.com/${fake.repository}.git`);
    repository.git("update-ref", "refs/pull/12/merge", "HEAD");
    const other = repository.git("commit-tree", "HEAD^{tree}", "-m", "a branch of the tag's name");
    repository.git("update-ref", `refs/heads/${TAG}`, other);
    this.#repository = repository.folder;
    this.#pins = pinsOf(
      workflow + REUSABLE.map((path) => readFileSync(join(root, path), "utf8")).join(""),
    );
    fake.tags.set(TAG, repository.git("rev-parse", "HEAD"));
    mkdirSync(join(this.#folder, "artifacts"));
    this.#action = copyAction(join(this.#folder, "action"), tellsCommit);
  }

  /** A further commit of the action, which is not the one that workflows are called at. */
  moveAction(change: (folder: string) => void): void {
    change(this.#action.folder);
    this.#action.commit();
  }

  /** `secrets` are those of the repository, apart from the job's token. */
  async run(
    event: EventName,
    payload: object,
    secrets: Readonly<Record<string, string>> = {},
  ): Promise<Run> {
    const file = join(this.#folder, "event.json");
    writeFileSync(file, JSON.stringify(payload));
    const options = {
      cwd: this.#repository,
      env: plainEnvironment(),
      maxBuffer: 64 * 2 ** 20,
    };
    const kept = join(this.#folder, "secrets.yml");
    writeFileSync(kept, JSON.stringify(secrets));
    const given = ["--eventpath", file, "--secret-file", kept, ...this.#arguments()];
    return await run("act", [event, ...given], options).then(
      ({ stdout, stderr }) => ({ status: 0, log: stdout + stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        status: error.code,
        log: error.stdout + error.stderr,
      }),
    );
  }

  #arguments(): readonly string[] {
    const env = {
      GITHUB_API_URL: this.#fake.origin,
      ORIGIN: this.#repository,
      ARTIFACTS: join(this.#folder, "artifacts"),
      OUTPUTS: join(this.#folder, "outputs"),
      ACTION: this.#action.folder,
    };
    const local = {
      "org/go-release-action@v1": this.#action.folder,
      ...Object.fromEntries(
        this.#pins.map(([pin, name]) => [pin, join(import.meta.dirname, "actions", name)]),
      ),
    };
    return [
      "--platform=ubuntu-latest=-self-hosted",
      "--no-skip-checkout",
      `--action-cache-path=${join(this.#folder, "cache")}`,
      `--secret=GITHUB_TOKEN=${this.#fake.token}`,
      ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
      ...Object.entries(local).map(([pin, folder]) => `--local-repository=${pin}=${folder}`),
    ];
  }
}

/**
 * The action of ours as a user's workflow finds it, in a repository of its own: its descriptions, the bundle and the
 * reusable workflows. `act` knows neither `$/` nor what a called workflow is told of itself: both are written out.
 */
function copyAction(to: string, tellsCommit: boolean): Repository {
  for (const path of ["action.yml", "node24/action.yml", ...REUSABLE])
    cpSync(join(root, path), join(to, path));
  cpSync(dirname(inject("bundle")), join(to, "dist"), { recursive: true });
  const repository = emptyRepository({}, to);
  repository.commit();
  const commit = repository.git("rev-parse", "HEAD");
  for (const path of REUSABLE) {
    const told = readFileSync(join(to, path), "utf8")
      .replaceAll("uses: $/node24", "uses: org/go-release-action/node24@v1")
      .replaceAll("job.workflow_sha", tellsCommit ? `'${commit}'` : "''")
      .replaceAll("job.workflow_repository", "'org/go-release-action'");
    writeFileSync(join(to, path), withMatrixOutputs(told));
  }
  return repository;
}

/** What others' actions are called in a workflow, by the name of their stand-in. */
function pinsOf(workflow: string): readonly (readonly [pin: string, name: string])[] {
  return [...workflow.matchAll(/actions\/([\w-]+)@[0-9a-f]{40}/gu)].map(([pin, name = ""]) => [
    pin,
    name,
  ]);
}
