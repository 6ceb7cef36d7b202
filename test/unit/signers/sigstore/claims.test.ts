import { describe, expect, it } from "vitest";
import { readClaims } from "../../../../src/signers/sigstore/claims.ts";
import { tokenOf } from "../../../support/sigstore/identity-tokens.ts";

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
