import { describe, expect, it } from "vitest";
import { provenanceOf } from "../../../src/provenance/provenance.ts";
import { agePlan, binaryOf, linux, sha256, windows } from "../../support/releases/binaries.ts";

const artifacts = [
  { name: "checksums.txt", sha256: sha256("sums") },
  { name: "age_1.3.1_linux_amd64.tar.gz", sha256: sha256("archive") },
];
const run = {
  builder: "https://github.com/octo/age/.github/workflows/release.yml@refs/tags/v1.3.1",
  invocation: "https://github.com/octo/age/actions/runs/7/attempts/1",
  started: 1_767_322_800_123,
  finished: 1_767_322_900_999,
};
const binaries = [binaryOf(linux), binaryOf(windows)];
function statement(change = {}) {
  return JSON.parse(
    provenanceOf({ plan: agePlan, artifacts, binaries, run, ...change }).toString(),
  );
}

describe("provenance", () => {
  it("has every released file for a subject, sorted", () => {
    expect(statement()).toMatchObject({
      _type: "https://in-toto.io/Statement/v1",
      predicateType: "https://slsa.dev/provenance/v1",
      subject: [
        { name: "age_1.3.1_linux_amd64.tar.gz", digest: { sha256: sha256("archive") } },
        { name: "checksums.txt", digest: { sha256: sha256("sums") } },
      ],
    });
  });

  it("names the configuration, the commit, the toolchain and the modules by go.sum's digest", () => {
    const { buildDefinition } = statement().predicate;
    expect(buildDefinition.externalParameters).toEqual({
      source: "git+https://github.com/octo/age@refs/tags/v1.3.1",
      configuration: agePlan.parameters,
    });
    const [commit, go, ...modules] = buildDefinition.resolvedDependencies;
    expect(commit).toEqual({
      uri: "git+https://github.com/octo/age@refs/tags/v1.3.1",
      digest: { gitCommit: agePlan.release.commit },
    });
    expect(go).toEqual({ name: "go1.26.8", uri: "pkg:golang/stdlib@1.26.8" });
    expect(modules).toHaveLength(3);
    expect(modules[1]).toEqual({
      uri: "pkg:golang/golang.org/x/crypto@v0.45.0",
      digest: { dirHash: "8cc06bbcaba3db7313953d1b4043817001349a383c98af515c58511fa9f21774" },
    });
  });

  it("names by digest what the commit does not hold, declared or not", () => {
    const plan = {
      ...agePlan,
      generated: [{ path: "web/index.html", sha256: sha256("page") }],
      uncommitted: [
        { path: "local.go", sha256: sha256("local"), difference: "absent" as const },
        { path: "gone.go", difference: "missing" as const },
      ],
    };
    const { resolvedDependencies } = statement({ plan }).predicate.buildDefinition;
    expect(resolvedDependencies.slice(-2)).toEqual([
      { name: "web/index.html", digest: { sha256: sha256("page") } },
      { name: "local.go", digest: { sha256: sha256("local") } },
    ]);
  });

  it("names the builder and the run in whole seconds", () => {
    expect(statement().predicate.runDetails).toMatchObject({
      builder: { id: run.builder },
      metadata: {
        invocationId: run.invocation,
        startedOn: "2026-01-02T03:00:00Z",
        finishedOn: "2026-01-02T03:01:40Z",
      },
    });
  });

  it("claims no builder on a person's own machine and no commit without a repository", () => {
    const plan = { ...agePlan, release: { ...agePlan.release, commit: null, tag: null } };
    const { runDetails, buildDefinition } = statement({ run: {}, plan }).predicate;
    expect(runDetails.builder.id).toBe("urn:go-release-action:builder:local");
    expect(runDetails.metadata).toEqual({});
    expect(buildDefinition.resolvedDependencies[0].name).toBe("go1.26.8");
  });
});
