import { describe, expect, it } from "vitest";
import type { CodeOrigin } from "../../../../src/model/surroundings.ts";
import { readClaims } from "../../../../src/signers/sigstore/claims.ts";
import { assertSameCode } from "../../../../src/signers/sigstore/same-code.ts";
import { tokenOf } from "../../../support/sigstore/identity-tokens.ts";

describe("the code that a certificate will name", () => {
  const [repository, commit] = ["org/action", "5d0e1a9c8b7f6e5d4c3b2a1908f7e6d5c4b3a291"];
  const claims = readClaims(
    tokenOf({
      job_workflow_ref: `${repository}/.github/workflows/release.yml@refs/tags/v1`,
      job_workflow_sha: commit,
    }),
  );

  it.each<readonly [string, CodeOrigin | undefined]>([
    ["of the same commit", { repository, ref: commit }],
    ["whose repository is written otherwise", { repository: "Org/Action", ref: commit }],
    ["of another repository than the workflow", { repository: "octo/action", ref: "v1" }],
    ["that was checked out", undefined],
  ])("may be one %s", (_, code) => {
    expect(() => assertSameCode(claims, code)).not.toThrow();
  });

  it.each(["v1", "main", "0".repeat(40)])("is not that of %s", (ref) => {
    expect(() => assertSameCode(claims, { repository, ref })).toThrow(
      expect.objectContaining({ code: "code-elsewhere" }),
    );
  });

  it("is nobody's where the token does not tell", () => {
    expect(readClaims(tokenOf()).workflow).toBeUndefined();
  });
});

describe("whom a certificate will name", () => {
  const ref = "octo/hello/.github/workflows/release.yml@refs/tags/v1.2.3";
  it.each([
    ["GitHub's job", { job_workflow_ref: ref }, `https://github.com/${ref}`],
    [
      "a job of GitHub Enterprise Server",
      { iss: "https://ghe.corp.test/_services/token", job_workflow_ref: ref },
      `https://ghe.corp.test/${ref}`,
    ],
    [
      "GitLab's job",
      {
        iss: "https://gitlab.com",
        ci_config_ref_uri: "gitlab.com/octo/hello//.gitlab-ci.yml@refs/tags/v1",
      },
      "https://gitlab.com/octo/hello//.gitlab-ci.yml@refs/tags/v1",
    ],
    ["a person", { email: "octo@example.test", email_verified: true }, "octo@example.test"],
    ["a machine", { sub: "https://machine.test/7" }, "https://machine.test/7"],
  ])("for %s", (_who, change, name) => {
    expect(readClaims(tokenOf(change)).names).toEqual([name]);
  });
});
