import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { inject } from "vitest";
import type { Manifest } from "../../../src/model/manifest.ts";
import type { ReleasedFiles } from "../../../src/verification/index.ts";
import { clock } from "../../../src/world/node/clock.ts";
import { Collector } from "../../program/traces/collector.ts";
import { FakeGitHub } from "../github/fake.ts";
import type { StoredRelease } from "../github/state.ts";
import { type Sigstore, startSigstore } from "../sigstore/services.ts";
import { ProcWatch, Wrappers } from "./children.ts";
import { Project, TAG } from "./project.ts";
import { Secrets } from "./secrets.ts";

export interface RunOptions {
  /** The job's working folder; a fresh clone when it is left out. */
  readonly folder?: string;
  readonly args?: readonly string[];
  /** Added to the job's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Looks at every process of the run all the time, which costs some. */
  readonly watched?: boolean;
}

/** What a run left: everything it said to anybody. */
export interface Outcome {
  /** Null when it was killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: string;
  /** `$GITHUB_OUTPUT` as later steps see it. */
  readonly outputs: Readonly<Record<string, string>>;
  /** `$GITHUB_OUTPUT` as it was written. */
  readonly rawOutputs: string;
  readonly folder: string;
  /** Arguments of all processes and environments of the children, as /proc shows them; when watched. */
  readonly seen: readonly string[];
}

/** A run under way. */
export interface Running {
  readonly outcome: Promise<Outcome>;
  kill(signal?: NodeJS.Signals): void;
}

export const IDENTITY =
  "https://github.com/octo/hello/.github/workflows/release.yml@refs/tags/v1.2.3";
export const OIDC_ISSUER = "https://token.actions.githubusercontent.com";

/** A repository on a fake GitHub, sigstore's services, a project and the jobs that release it: all of one machine. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), "whole-run-"));
  readonly project = new Project(this.folder);
  readonly wrappers = new Wrappers(this.folder);
  readonly secrets = new Secrets();
  readonly github = new FakeGitHub(clock);
  readonly sigstore: Sigstore;
  /** Takes the traces. */
  readonly collector = new Collector();
  #collectorUrl = "";
  /** What people saw at the release's page, one entry for each change: names and digests. */
  readonly moments: string[] = [];
  #jobs = 0;

  private constructor(sigstore: Sigstore) {
    this.sigstore = sigstore;
    this.github.tags.set(TAG, this.project.head);
    this.secrets.add("the forge's token", this.github.token);
    this.secrets.add("the request token", sigstore.offer.token);
    this.secrets.add("the collector's token", COLLECTOR_TOKEN);
    writeFileSync(join(this.folder, "trusted_root.json"), sigstore.trustedRoot);
    this.github.server.changed = () => {
      const files = this.published()
        ?.assets.map(({ name, sha256 }) => `${name} ${sha256}`)
        .sort();
      const now = files?.join("\n") ?? "";
      if (now !== (this.moments.at(-1) ?? "")) this.moments.push(now);
    };
  }

  static async open(): Promise<Bench> {
    const bench = new Bench(await startSigstore());
    await bench.github.server.listen();
    bench.#collectorUrl = await bench.collector.listen();
    return bench;
  }

  async close(): Promise<void> {
    await this.github.server.close();
    await this.sigstore.close();
    await this.collector.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  async run(options: RunOptions = {}): Promise<Outcome> {
    return await this.start(options).outcome;
  }

  /** Starts the program as the runner starts a step of a job on a tag. */
  start({ folder = this.project.clone(), args = [], env = {}, watched = false }: RunOptions = {}) {
    this.#jobs += 1;
    const job = join(this.folder, `job-${this.#jobs}`);
    mkdirSync(join(job, "tmp"), { recursive: true });
    for (const file of ["summary.md", "output"]) writeFileSync(join(job, file), "");
    writeFileSync(
      join(job, "event.json"),
      JSON.stringify({ repository: { visibility: "public" } }),
    );
    const child = spawn(process.execPath, [inject("bundle"), ...args], {
      cwd: folder,
      env: { ...this.#environment(job, folder), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const watch = watched ? new ProcWatch(child.pid ?? 0) : undefined;
    const [stdout, stderr] = [child.stdout, child.stderr].map(textOf);
    const outcome = new Promise<Outcome>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", async (status) => {
        const read = (name: string) => readFileSync(join(job, name), "utf8");
        const rawOutputs = read("output");
        for (const token of this.sigstore.issued) this.secrets.add("the identity token", token);
        resolve({
          status,
          stdout: (await stdout) ?? "",
          stderr: (await stderr) ?? "",
          summary: read("summary.md"),
          outputs: outputsOf(rawOutputs),
          rawOutputs,
          folder,
          seen: watch?.stop() ?? [],
        });
      });
    });
    return { outcome, kill: (signal = "SIGKILL") => void child.kill(signal) } satisfies Running;
  }

  published(): StoredRelease | undefined {
    return this.github.published(TAG);
  }

  get drafts(): readonly StoredRelease[] {
    return this.github.releases.filter(({ draft }) => draft);
  }

  /** All that the forge holds, to be compared with another moment. */
  state(): string {
    return JSON.stringify(this.github.releases, (key, value: unknown) =>
      key === "content" ? undefined : value,
    );
  }

  /** How often the transparency log was written to. */
  get entries(): number {
    return this.sigstore.requests.filter((one) => /^POST .*log\/entries$/u.test(one)).length;
  }

  /** Every secret that is where it should not be, after what a run said. */
  leaks(...outcomes: readonly Outcome[]): readonly string[] {
    const { secrets } = this;
    const said = outcomes.flatMap(({ stdout, stderr, summary, rawOutputs, seen }) =>
      // What the runner is told to hide, it is told.
      Object.entries({
        stdout: stdout.replace(/^::add-mask::.*$/gmu, ""),
        stderr,
        summary,
        outputs: rawOutputs,
        processes: seen.join("\n"),
      }),
    );
    const spans = this.collector.requests.map(({ body }) => ["spans", textOfSpans(body)] as const);
    const children = this.wrappers.children().map(({ name, text }) => [name, text] as const);
    return [
      ...[...said, ...spans, ...children].flatMap(([where, text]) =>
        secrets.in(text).map((secret) => `${where}: ${secret}`),
      ),
      ...secrets.below(this.folder),
    ];
  }

  #environment(job: string, home: string): Readonly<Record<string, string>> {
    const { github, project, sigstore } = this;
    return {
      PATH: `${this.wrappers.bin}:${process.env["PATH"]}`,
      HOME: job,
      TMPDIR: join(job, "tmp"),
      ...goFolders,
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: home,
      GITHUB_REPOSITORY: github.repository,
      GITHUB_SERVER_URL: github.origin,
      GITHUB_API_URL: github.origin,
      GITHUB_SHA: project.head,
      GITHUB_REF: `refs/tags/${TAG}`,
      GITHUB_REF_NAME: TAG,
      GITHUB_REF_TYPE: "tag",
      GITHUB_EVENT_NAME: "push",
      GITHUB_EVENT_PATH: join(job, "event.json"),
      GITHUB_RUN_ID: "42",
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_WORKFLOW_REF: "octo/hello/.github/workflows/release.yml@refs/tags/v1.2.3",
      GITHUB_STEP_SUMMARY: join(job, "summary.md"),
      GITHUB_OUTPUT: join(job, "output"),
      GITHUB_TOKEN: github.token,
      OTEL_EXPORTER_OTLP_ENDPOINT: this.#collectorUrl,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${COLLECTOR_TOKEN}`,
      ACTIONS_ID_TOKEN_REQUEST_URL: sigstore.offer.url,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: sigstore.offer.token,
      "INPUT_FULCIO-URL": sigstore.url,
      "INPUT_REKOR-URL": sigstore.url,
      "INPUT_TSA-URL": sigstore.url,
      "INPUT_TRUSTED-ROOT": join(this.folder, "trusted_root.json"),
    };
  }
}

const COLLECTOR_TOKEN = "collector-token-5e0b77aa19";

/** protobuf keeps strings as they are. */
function textOfSpans(body: Buffer): string {
  return (body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body).toString("utf8");
}

/** The manifest that a run left in its output folder. */
export function manifestOf({ folder }: Pick<Outcome, "folder">): Manifest {
  return JSON.parse(readFileSync(join(folder, "dist", "manifest.json"), "utf8")) as Manifest;
}

/** What people can download. */
export function filesOf({ assets }: StoredRelease): ReleasedFiles {
  return {
    names: assets.map(({ name }) => name),
    open: (name, { start, end } = { start: 0, end: Number.POSITIVE_INFINITY }) => {
      const { content } = assets.find((one) => one.name === name) ?? {};
      return Readable.from([(content ?? Buffer.alloc(0)).subarray(start, end + 1)]);
    },
  };
}

/** Go's caches are shared by all runs, or each would compile the standard library. */
const goFolders = {
  ...(JSON.parse(
    execFileSync("go", ["env", "-json", "GOCACHE", "GOMODCACHE", "GOPATH"], { encoding: "utf8" }),
  ) as Record<string, string>),
  GOPROXY: "off",
};

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** `name<<delimiter`, lines, `delimiter`. */
function outputsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^([^\n<]+)<<(\S+)\n([\s\S]*?)\n\2$/gmu)].map(
      ([, name = "", , value = ""]) => [name, value],
    ),
  );
}
