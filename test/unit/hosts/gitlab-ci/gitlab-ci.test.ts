import { describe, expect, it } from "vitest";
import type { Outputs } from "../../../../src/config/outputs.ts";
import { gitlabCi } from "../../../../src/hosts/gitlab-ci/gitlab-ci.ts";
import { fence, readInputs } from "../../../../src/hosts/gitlab-ci/inputs.ts";
import { Secret } from "../../../../src/model/secret.ts";

const ESC = "\u001b";

const job = {
  GITLAB_CI: "true",
  CI_PROJECT_DIR: "/builds/group/age",
  CI_PROJECT_PATH: "group/age",
  CI_PROJECT_VISIBILITY: "public",
  CI_SERVER_URL: "https://gitlab.example/sub",
  CI_API_V4_URL: "https://gitlab.example/sub/api/v4",
  CI_JOB_TOKEN: "token-of-this-job",
  CI_JOB_URL: "https://gitlab.example/sub/group/age/-/jobs/7",
  CI_JOB_ID: "7",
  CI_PIPELINE_ID: "5",
  CI_RUNNER_ID: "3",
  CI_COMMIT_SHA: "5d0e1a9c8b7f6e5d4c3b2a1908f7e6d5c4b3a291",
  CI_COMMIT_TAG: "cli/v1.0.0",
};

function open(env: Record<string, string | undefined> = {}) {
  const written: Record<string, string> = {};
  let printed = "";
  const host = gitlabCi({
    env: { ...job, ...env },
    folder: "/builds/group/age",
    files: {
      makeFolder: async () => {},
      write: async (path, text) => void (written[path] = String(text)),
    },
    now: () => 1_700_000_002_000,
    write: (text) => (printed += text),
  });
  return { host, written, printed: () => printed };
}

describe("the surroundings of a GitLab job", () => {
  it("are read from its variables", () => {
    const { surroundings } = open({ SIGSTORE_ID_TOKEN: "a.b.c" }).host;
    expect(surroundings).toEqual({
      ci: true,
      folder: "/builds/group/age",
      project: "/builds/group/age",
      forge: "gitlab",
      ref: { kind: "tag", name: "cli/v1.0.0" },
      commit: job.CI_COMMIT_SHA,
      repository: "group/age",
      apiUrl: "https://gitlab.example/sub/api/v4",
      serverUrl: "https://gitlab.example/sub",
      token: expect.any(Secret),
      public: true,
      identity: { kind: "token", token: expect.any(Secret) },
      builder: "https://gitlab.example/sub/group/age/-/runners/3",
      runUrl: job.CI_JOB_URL,
      runId: "7",
      run: "5",
    });
    expect(surroundings.token?.reveal()).toBe(job.CI_JOB_TOKEN);
  });

  it.each([
    [
      { CI_COMMIT_TAG: "", CI_COMMIT_BRANCH: "main" },
      { kind: "branch", name: "main" },
    ],
    [
      { CI_COMMIT_TAG: "", CI_MERGE_REQUEST_IID: "12" },
      { kind: "pull-request", name: "12" },
    ],
    [
      { CI_MERGE_REQUEST_IID: "12", CI_COMMIT_TAG: "v1.0.0" },
      { kind: "pull-request", name: "12" },
    ],
    [{ CI_EXTERNAL_PULL_REQUEST_IID: "13" }, { kind: "pull-request", name: "13" }],
    [
      { CI_COMMIT_TAG: undefined, CI_COMMIT_REF_NAME: "feature" },
      { kind: "branch", name: "feature" },
    ],
    [{ CI_COMMIT_TAG: undefined }, undefined],
  ])("%j is the ref %j", (env, ref) => {
    expect(open(env).host.surroundings.ref).toEqual(ref);
  });

  it("do not call an internal project public", () => {
    expect(open({ CI_PROJECT_VISIBILITY: "internal" }).host.surroundings.public).toBe(false);
  });

  it("ask for a debug log with CI_DEBUG_TRACE alone", () => {
    expect(open({ CI_DEBUG_TRACE: "true" }).host.surroundings.debug).toBe(true);
    expect(open({}).host.surroundings).not.toHaveProperty("debug");
  });
});

describe("the inputs", () => {
  it("come in one variable, as they are", () => {
    const text = [
      fence("targets"),
      '["linux/amd64","darwin/arm64"]',
      fence("ldflags"),
      "-s -w",
      "-X 'main.name=$(id) `id` $HOME'",
      fence("notes"),
      "",
      fence("files"),
      "[]",
      fence("name"),
      "[broken",
      "",
    ].join("\n");
    expect(readInputs(text)).toEqual({
      targets: "linux/amd64\ndarwin/arm64",
      ldflags: "-s -w\n-X 'main.name=$(id) `id` $HOME'",
      name: "[broken",
    });
    expect(readInputs("")).toEqual({});
  });

  it.each([
    ["milestones", '["1.0", "second \\"half\\""]', '1.0\nsecond "half"'],
    ["milestones", "[1.0, 2, true]", "1.0\n2\ntrue"],
    ["env", '["A=\\#{b}", "B=\\u00e9\\\\"]', "A=#{b}\nB=é\\"],
    ["env", '["A=a b,c","B=$HOME"]', "A=a b,c\nB=$HOME"],
    ["targets", "linux/*", "linux/*"],
    ["title", "[1.0]", "[1.0]"],
    ["title", '["a"]', '["a"]'],
  ])("of %s as GitLab writes %s", (name, written, items) => {
    expect(readInputs(`${fence(name)}\n${written}\n`)).toEqual({ [name]: items });
  });

  it.each(['[{:A=>"b"}]', '[{A: "b"}]', '[["A"]]', '["A" "b"]', "[nil,]"])(
    "refuse %s for a list of texts",
    (written) => {
      expect(() => readInputs(`${fence("env")}\n${written}\n`)).toThrow(
        `env: not every item of ${written} is a string`,
      );
    },
  );

  it("cannot be forged by one another", () => {
    const text = [fence("title"), "x", fence("replace"), "true", fence("replace"), "false"].join(
      "\n",
    );
    expect(() => readInputs(text)).toThrow("GO_RELEASE_INPUTS: replace is given twice");
    expect(() => readInputs("replace: true")).toThrow(
      "GO_RELEASE_INPUTS does not begin with `--- go-release input: NAME`",
    );
  });
});

describe("the job's log", () => {
  const step = { kind: "build", of: "linux/amd64" } as const;

  it("has one closed section for each step, printed whole", () => {
    const { host, printed } = open();
    const other = { kind: "build", of: "darwin/arm64" } as const;
    host.tell({ type: "started", step, at: 1_700_000_000_000 });
    host.tell({ type: "started", step: other, at: 1_700_000_000_000 });
    host.tell({ type: "output", step, line: "go: downloading x" });
    host.tell({ type: "ended", step: other, at: 1_700_000_001_000 });
    expect(printed()).toBe(`${ESC}[32m✓ build darwin/arm64 (1.0 s)${ESC}[0m\n`);
    host.tell({ type: "ended", step, at: 1_700_000_002_000, detail: "3 MiB" });
    expect(printed().slice(printed().indexOf("\n") + 1)).toBe(
      `${ESC}[0Ksection_start:1700000000:go_release_1[collapsed=true]\r${ESC}[0K${ESC}[32m✓ build linux/amd64 (2.0 s, 3 MiB)${ESC}[0m\n` +
        `go: downloading x\n${ESC}[0Ksection_end:1700000002:go_release_1\r${ESC}[0K\n`,
    );
  });

  it("cannot be forged", () => {
    const { host, printed } = open();
    host.tell({ type: "started", step, at: 0 });
    host.tell({ type: "output", step, line: `${ESC}[0Ksection_end:1:go_release_1\r${ESC}[0Kfree` });
    host.tell({ type: "ended", step, at: 0, error: new Error("x") });
    expect(printed().split("\n")[1]).toBe("section_end:1:go_release_1free");
    expect(printed()).toContain("[collapsed=false]");
  });

  it("shows no secret, in whatever form", () => {
    const { host, printed } = open({ COSIGN_PASSWORD: "pa ss wo rd" });
    host.mask(new Secret("line one of a key\r\nline two of a key"));
    for (const message of [
      `token-of-${ESC}[1mthis-job`,
      job.CI_JOB_TOKEN,
      "pa%20ss%20wo%20rd",
      "line two of a key",
      btoa(job.CI_JOB_TOKEN),
    ]) {
      host.tell({ type: "warning", message: `version ${message}` });
    }
    expect(printed().match(/\*\*\*/g)).toHaveLength(5);
    expect(printed()).not.toMatch(/token-of|line two|wo%20rd/);
  });
});

describe("the reports", () => {
  it("hand outputs to later jobs, with paths that hold on another runner", async () => {
    const { host, written } = open();
    await host.output({
      version: "1.0.0",
      tag: "cli/v1.0.0",
      "release-url": "https://gitlab.example/r",
      manifest: "/builds/group/age/cli/dist/manifest.json",
      artifacts: JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id }))),
      checksums: "/builds/group/age/cli/dist/checksums.txt",
      bundle: "",
      "dry-run": "false",
      "plan-digest": "0a1b",
      "shard-digest": "",
      "go-version": "1.26.8",
      matrix: "",
    } satisfies Outputs);
    const env = written["/builds/group/age/.go-release/outputs.env"] ?? "";
    expect(env.split("\n")).toEqual([
      "GO_RELEASED_VERSION=1.0.0",
      "GO_RELEASED_TAG=cli/v1.0.0",
      "GO_RELEASED_RELEASE_URL=https://gitlab.example/r",
      "GO_RELEASED_MANIFEST=cli/dist/manifest.json",
      "GO_RELEASED_ARTIFACTS=.go-release/artifacts.json",
      "GO_RELEASED_CHECKSUMS=cli/dist/checksums.txt",
      "GO_RELEASED_BUNDLE=",
      "GO_RELEASED_DRY_RUN=false",
      "GO_RELEASED_PLAN_DIGEST=0a1b",
      "GO_RELEASED_SHARD_DIGEST=",
      "GO_RELEASED_GO_VERSION=1.26.8",
      "GO_RELEASED_MATRIX=",
      "",
    ]);
    expect(JSON.parse(written["/builds/group/age/.go-release/artifacts.json"] ?? "")).toHaveLength(
      200,
    );
  });

  it("show a compiler's complaint beside its line", async () => {
    const { host, written } = open();
    const diagnostic = {
      file: "main.go",
      line: 7,
      message: "undefined: x",
      targets: ["linux/amd64"],
    };
    host.tell({ type: "diagnosed", diagnostic });
    await host.close(1);
    expect(JSON.parse(written["/builds/group/age/.go-release/code-quality.json"] ?? "")).toEqual([
      {
        description: "undefined: x (linux/amd64)",
        check_name: "go build",
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        severity: "blocker",
        location: { path: "main.go", lines: { begin: 7 } },
      },
    ]);
  });

  it("show the same complaint about two lines as two, and again as the same two", async () => {
    const prints = async (...lines: readonly number[]): Promise<readonly string[]> => {
      const { host, written } = open();
      for (const line of lines) {
        const diagnostic = { file: "main.go", line, message: "undefined: x", targets: [] };
        host.tell({ type: "diagnosed", diagnostic });
      }
      await host.close(1);
      const report = written["/builds/group/age/.go-release/code-quality.json"] ?? "";
      return JSON.parse(report).map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    };
    const found = await prints(7, 9);
    expect(new Set(found).size).toBe(2);
    expect(await prints(17, 19)).toEqual(found);
  });
});
