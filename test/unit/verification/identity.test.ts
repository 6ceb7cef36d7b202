import { describe, expect, it } from "vitest";
import { patternRule } from "../../../src/config/value-rules.ts";
import { identityFaults, isSomebody } from "../../../src/verification/expected.ts";

const subject = "https://github.com/octo/tool/.github/workflows/release.yml@refs/tags/v1.2.3";
const issuer = "https://token.actions.githubusercontent.com";
const signatory = { kind: "certificate", subject, issuer } as const;

describe("whom a reader expects", () => {
  it.each([
    [{ identity: subject, issuer }, []],
    [{ identityPattern: "https://github\\.com/octo/tool/.+", issuer }, []],
    [{ identityPattern: `^${"https://github\\.com/octo/tool/.+"}$` }, []],
    [{ issuerPattern: "https://.*githubusercontent\\.com" }, []],
    [{ identityPattern: "a|https://github\\.com/octo/tool/.+" }, []],
    [{ identity: "x" }, [`it was made by ${subject}, expected x`]],
    // A part of a name is anybody's.
    [{ identityPattern: "octo/tool" }, [`it was made by ${subject}, expected what fits octo/tool`]],
    [
      { identityPattern: "https://github\\.com/octo/.*|x", identity: "y" },
      [`it was made by ${subject}, expected y`],
    ],
    [
      { issuer: "https://gitlab.com", issuerPattern: "https://gitlab.*" },
      [
        `its issuer is ${issuer}, expected https://gitlab.com`,
        `its issuer is ${issuer}, expected what fits https://gitlab.*`,
      ],
    ],
  ])("%j", (expected, faults) => {
    expect(identityFaults(signatory, expected)).toEqual(faults);
    expect(isSomebody(expected)).toBe(true);
  });

  it("is nobody where only a key or nothing is named", () => {
    expect(isSomebody({ publicKey: "x", anySigner: true })).toBe(false);
  });

  it.each([
    ["(", "must be a regular expression: unterminated group"],
    ["[a-", "must be a regular expression: unterminated character class"],
    [".*", undefined],
  ])("%s as a pattern", (given, rule) => {
    expect(patternRule(given)).toBe(rule);
  });
});
