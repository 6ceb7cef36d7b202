import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { githubActions } from "../../../../src/hosts/github-actions/github-actions.ts";
import type { Event } from "../../../../src/model/event.ts";
import type { Manifest } from "../../../../src/model/manifest.ts";
import type { Plan } from "../../../../src/model/plan.ts";
import { Problem } from "../../../../src/model/problem.ts";
import { Secret } from "../../../../src/model/secret.ts";
import type { Step } from "../../../../src/model/step.ts";
import { files } from "../../../../src/world/node/files.ts";
import { random } from "../../../../src/world/node/random.ts";
import { release } from "../../../support/assets.ts";

// The runner's side is the real @actions/core; only its standard output is caught.
let folder: string;
let printed: string;
// One folder for all, for @actions/core remembers where the summary is.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "host-"));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  for (const name of ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"]) {
    vi.stubEnv(name, join(folder, name));
    await writeFile(join(folder, name), "");
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function host(env: Record<string, string> = {}) {
  return githubActions({
    env: { GITHUB_STEP_SUMMARY: join(folder, "GITHUB_STEP_SUMMARY"), ...env },
    folder: "/work",
    files,
    random,
  });
}

describe("what a workflow hands over", () => {
  it("inputs keep their hyphens, blanks are left out", async () => {
    const given = await host({
      "INPUT_WORKING-DIRECTORY": "cmd",
      "INPUT_DRY-RUN": " ",
      INPUT_TARGETS: "linux/amd64\n",
    });
    expect(given.inputs()).toEqual({ "working-directory": "cmd", targets: "linux/amd64\n" });
  });

  it.each([
    [
      "a tag",
      { GITHUB_REF: "refs/tags/v1.0.0", GITHUB_REF_NAME: "v1.0.0", GITHUB_REF_TYPE: "tag" },
      { kind: "tag", name: "v1.0.0" },
    ],
    [
      "a branch",
      { GITHUB_REF: "refs/heads/main", GITHUB_REF_NAME: "main", GITHUB_REF_TYPE: "branch" },
      { kind: "branch", name: "main" },
    ],
    [
      "a pull request",
      { GITHUB_REF: "refs/pull/12/merge", GITHUB_REF_NAME: "12/merge", GITHUB_REF_TYPE: "branch" },
      { kind: "pull-request", name: "12/merge" },
    ],
  ])("the ref: %s", async (_, env, ref) => {
    expect((await host(env)).surroundings.ref).toEqual(ref);
  });

  it.each([
    ["pull_request_target", {}],
    ["pull_request_review", {}],
    ["merge_group", {}],
    ["issue_comment", { issue: { pull_request: { url: "https://example.com" } } }],
    ["workflow_run", { workflow_run: { event: "pull_request" } }],
  ])("the ref: somebody's proposal, in the name of a branch: %s", async (name, payload) => {
    const path = join(folder, "proposal.json");
    await writeFile(path, JSON.stringify(payload));
    const env = { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, GITHUB_REF_NAME: "main" };
    const main = { ...env, GITHUB_REF: "refs/heads/main", GITHUB_REF_TYPE: "branch" };
    expect((await host(main)).surroundings.ref).toEqual({ kind: "pull-request", name: "main" });
  });

  it.each([
    ["issue_comment", { issue: {} }],
    ["workflow_run", { workflow_run: { event: "push" } }],
  ])("the ref: no proposal: %s", async (name, payload) => {
    const path = join(folder, "event.json");
    await writeFile(path, JSON.stringify(payload));
    const env = { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, GITHUB_REF_NAME: "main" };
    const main = { ...env, GITHUB_REF: "refs/heads/main", GITHUB_REF_TYPE: "branch" };
    expect((await host(main)).surroundings.ref).toEqual({ kind: "branch", name: "main" });
  });

  it.each([
    [{ RUNNER_DEBUG: "1" }, true],
    [{ ACTIONS_STEP_DEBUG: "true" }, true],
    [{ RUNNER_DEBUG: "" }, undefined],
  ])("debug logging, when it was asked for: %j", async (env, debug) => {
    expect((await host(env as Record<string, string>)).surroundings.debug).toBe(debug);
  });

  it("the event: a release's tag, and who may read the repository", async () => {
    const event = join(folder, "event.json");
    await writeFile(
      event,
      JSON.stringify({
        release: { tag_name: "v2.0.0" },
        repository: { visibility: "internal", private: true },
      }),
    );
    const { surroundings } = await host({
      GITHUB_EVENT_NAME: "release",
      GITHUB_EVENT_PATH: event,
      GITHUB_REF_NAME: "main",
    });
    expect(surroundings).toMatchObject({ ref: { kind: "tag", name: "v2.0.0" }, public: false });
  });

  it.each([
    ["published", "tag"],
    ["deleted", "withdrawn-release"],
    ["unpublished", "withdrawn-release"],
  ])("a release that is %s", async (action, kind) => {
    const event = join(folder, "event.json");
    await writeFile(event, JSON.stringify({ action, release: { tag_name: "v2.0.0" } }));
    const { surroundings } = await host({
      GITHUB_EVENT_NAME: "release",
      GITHUB_EVENT_PATH: event,
      GITHUB_REF: "refs/tags/v2.0.0",
      GITHUB_REF_NAME: "v2.0.0",
      GITHUB_REF_TYPE: "tag",
    });
    expect(surroundings.ref).toEqual({ kind, name: "v2.0.0" });
  });

  it("tokens that do not print themselves", async () => {
    const { surroundings } = await host({
      GITHUB_TOKEN: "ghs_one",
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://x?a=b",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "two",
    });
    expect(surroundings.token?.reveal()).toBe("ghs_one");
    expect(surroundings.identity).toMatchObject({ kind: "github", url: "https://x?a=b" });
    expect(JSON.stringify(surroundings)).not.toMatch(/ghs_one|two/);
  });

  it("its own run", async () => {
    const env = {
      GITHUB_REPOSITORY: "octo/age",
      GITHUB_RUN_ID: "7",
      GITHUB_RUN_ATTEMPT: "2",
      GITHUB_SERVER_URL: "https://ghe.example.com",
      GITHUB_API_URL: "https://ghe.example.com/api/v3",
      GITHUB_WORKFLOW_REF: "octo/age/.github/workflows/r.yml@refs/tags/v1",
    };
    expect((await host(env)).surroundings).toMatchObject({
      repository: "octo/age",
      apiUrl: "https://ghe.example.com/api/v3",
      runUrl: "https://ghe.example.com/octo/age/actions/runs/7/attempts/2",
      run: "7",
      builder: "https://ghe.example.com/octo/age/.github/workflows/r.yml@refs/tags/v1",
    });
  });
});

describe("what the runner is told", () => {
  const linux: Step = { kind: "build", of: "linux/amd64" };
  const darwin: Step = { kind: "build", of: "darwin/arm64" };
  const tell = async (...events: readonly Event[]) => {
    const speaking = await host();
    for (const event of events) speaking.tell(event);
    await speaking.close(0);
  };

  it("parallel steps stay together, and a compiler gives no commands", async () => {
    await tell(
      { type: "started", step: linux, at: 0 },
      { type: "started", step: darwin, at: 0 },
      { type: "output", step: linux, line: "::set-output name=x::y" },
      { type: "output", step: darwin, line: "# darwin" },
      { type: "ended", step: linux, at: 1500 },
      { type: "ended", step: darwin, at: 2000, error: new Error("no") },
    );
    const fence = /^::group::(.*)\n::stop-commands::(.*)\n([^]*?)\n::\2::\n::endgroup::$/gm;
    expect([...printed.matchAll(fence)].map(([, title, , lines]) => [title, lines])).toEqual([
      ["✓ build linux/amd64 (1.5 s)", "::set-output name=x::y"],
      ["✗ build darwin/arm64 (2.0 s)", "# darwin"],
    ]);
  });

  it("a compiler's errors stand beside the code, each once, nine at most", async () => {
    const planned = {
      name: "age",
      release,
      builds: [],
      archives: [],
      module: { folder: "tools/age" },
    } as unknown as Plan;
    const diagnosed = (line: number): Event => ({
      type: "diagnosed",
      diagnostic: {
        file: "cmd/main.go",
        line,
        column: 2,
        message: "undefined: x",
        targets: ["linux/amd64"],
      },
    });
    await tell(
      { type: "planned", plan: planned, at: 0 },
      ...[1, 1, ...Array.from({ length: 20 }, (_, at) => at + 1)].map(diagnosed),
    );
    const errors = printed.split("\n").filter((line) => line.startsWith("::error"));
    expect(errors).toHaveLength(9);
    expect(errors[0]).toBe(
      "::error title=go build (linux/amd64),file=tools/age/cmd/main.go,line=1,col=2::undefined: x",
    );
  });

  it("what is too much for annotations gives no commands either", async () => {
    const notice = (at: number): Event => ({ type: "notice", message: `${at}\n::add-path::/evil` });
    await tell(...Array.from({ length: 11 }, (_, at) => notice(at)));
    expect(printed.match(/^::notice::/gm)).toHaveLength(10);
    expect(printed).toMatch(/^::stop-commands::(.*)\n10\n::add-path::\/evil\n::\1::$/m);
    expect(printed.match(/^::add-path/gm)).toHaveLength(1);
  });

  it("a failure with its cure, in the log and in the summary", async () => {
    const problem = new Problem("github-permission", "has no permission to write", {
      hint: "add to the job:\n    permissions:\n      contents: write",
    });
    await tell({ type: "failed", problem, at: 1 });
    expect(printed).toContain(
      "::error title=Not released::has no permission to write%0A  → add to the job:",
    );
    expect(await readFile(join(folder, "GITHUB_STEP_SUMMARY"), "utf8")).toContain(
      "contents: write",
    );
  });

  it("secrets to hide, and outputs for later steps", async () => {
    const speaking = await host();
    speaking.mask(new Secret("hush"));
    await speaking.output({ version: "1.0.0", artifacts: '[{"name":"a"}]' } as Parameters<
      typeof speaking.output
    >[0]);
    expect(printed).toContain("::add-mask::hush");
    expect(await readFile(join(folder, "GITHUB_OUTPUT"), "utf8")).toMatch(
      /^version<<(ghadelimiter_\S+)\n1\.0\.0\n\1\nartifacts<<(\S+)\n\[\{"name":"a"\}\]\n\2\n$/,
    );
  });

  it("a failure after the release as what it is", async () => {
    vi.stubEnv("GITHUB_OUTPUT", join(folder, "no such file"));
    const speaking = await host();
    speaking.tell({ type: "released", manifest: manifest(), folder: "dist", at: 1 });
    const failure = speaking.output({ version: "1.0.0" } as Parameters<typeof speaking.output>[0]);
    const problem = await failure.catch((error: unknown) => error);
    expect(problem).toMatchObject({
      code: "outputs",
      hint: expect.stringContaining("GITHUB_OUTPUT"),
    });
    speaking.tell({ type: "failed", problem: problem as Problem, at: 2 });
    await speaking.close(1);
    expect(printed).toContain(
      "::error title=Failed after publishing::the step's outputs cannot be written",
    );
    expect(await readFile(join(folder, "GITHUB_STEP_SUMMARY"), "utf8")).toMatch(
      /^## \[age 1\.0\.0\][^]*\n## Failed after publishing\n/,
    );
  });

  it("a summary with files, commands and the timeline", async () => {
    await tell({ type: "released", manifest: manifest(), folder: "dist", at: 1 });
    expect(await readFile(join(folder, "GITHUB_STEP_SUMMARY"), "utf8")).toMatchInlineSnapshot(`
      "## [age 1.0.0](https://github.com/octo/age/releases/tag/v1.0.0)

      Published from \`5d0e1a9c8b7f\` with go1.26.8.

      | File | Size | SHA-256 |
      |:---|---:|:---|
      | [age_1.0.0_linux_amd64.tar.gz](https://github.com/octo/age/releases/download/v1.0.0/age_1.0.0_linux_amd64.tar.gz) | 2.4 MiB | \`abababababababababababababababababababababababababababababababab\` |
      | [checksums.txt](https://github.com/octo/age/releases/download/v1.0.0/checksums.txt) | 95 B | \`cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\` |
      | [checksums.txt.sigstore.json](https://github.com/octo/age/releases/download/v1.0.0/checksums.txt.sigstore.json) | 3.9 KiB | \`efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef\` |
      | [provenance.sigstore.json](https://github.com/octo/age/releases/download/v1.0.0/provenance.sigstore.json) | 8.8 KiB | \`0101010101010101010101010101010101010101010101010101010101010101\` |

      ### Verify

      \`\`\`sh
      # that no file is corrupted
      sha256sum --ignore-missing -c checksums.txt
      # who signed checksums.txt
      cosign verify-blob --new-bundle-format --bundle checksums.txt.sigstore.json --certificate-identity https://github.com/octo/age/.github/workflows/release.yml@refs/tags/v1.0.0 --certificate-oidc-issuer https://token.actions.githubusercontent.com checksums.txt
      # where a file was built
      cosign verify-blob-attestation --new-bundle-format --type slsaprovenance1 --bundle provenance.sigstore.json --certificate-identity https://github.com/octo/age/.github/workflows/release.yml@refs/tags/v1.0.0 --certificate-oidc-issuer https://token.actions.githubusercontent.com age_1.0.0_linux_amd64.tar.gz
      # the same with GitHub's own tool
      gh attestation verify --repo octo/age --bundle provenance.sigstore.json age_1.0.0_linux_amd64.tar.gz
      \`\`\`

      <details><summary>Timeline</summary>

      \`\`\`mermaid
      gantt
        dateFormat x
        axisFormat %s s
        section build
          linux/amd64 :120, 9120
        section sign
          sign :9200, 10000
      \`\`\`

      </details>
      "
    `);
  });
});

function manifest(): Manifest {
  return {
    plan: {
      name: "age",
      release,
      go: "go1.26.8",
      checksum: { algorithm: "sha256", name: "checksums.txt" },
      destination: {
        forge: "github",
        repository: "octo/age",
        serverUrl: "https://github.com",
      },
      signing: { rekorUrl: null, fulcioUrl: "" },
    },
    artifacts: [
      {
        kind: "archive",
        name: "age_1.0.0_linux_amd64.tar.gz",
        path: "",
        size: 2_500_000,
        sha256: "ab".repeat(32),
        from: [],
      },
      {
        kind: "checksums",
        name: "checksums.txt",
        path: "",
        size: 95,
        sha256: "cd".repeat(32),
        from: [],
      },
      {
        kind: "signature",
        name: "checksums.txt.sigstore.json",
        path: "",
        size: 4000,
        sha256: "ef".repeat(32),
        from: ["checksums.txt"],
      },
      {
        kind: "provenance",
        name: "provenance.sigstore.json",
        path: "",
        size: 9000,
        sha256: "01".repeat(32),
        from: [],
      },
    ],
    identity: {
      kind: "keyless",
      subject: "https://github.com/octo/age/.github/workflows/release.yml@refs/tags/v1.0.0",
      issuer: "https://token.actions.githubusercontent.com",
    },
    timings: [
      { step: { kind: "build", of: "linux/amd64" }, start: 120, duration: 9000 },
      { step: { kind: "sign", of: "" }, start: 9200, duration: 800 },
    ],
    url: "https://github.com/octo/age/releases/tag/v1.0.0",
  } as unknown as Manifest;
}
