import { describe, expect, it } from "vitest";
import { chooseSigning, isReplayable, type SigningWish } from "../../../src/signers/choose.ts";
import type { SigningFacts } from "../../../src/signers/keyless-blockers.ts";

function wish(change: Partial<SigningWish> = {}): SigningWish {
  return {
    sign: "auto",
    key: false,
    everyArchive: false,
    trustedRoot: false,
    ...change,
  };
}
const github: SigningFacts = {
  dryRun: false,
  identity: true,
  public: true,
  forge: "github",
  serverUrl: "https://github.com",
};
const gitlab: SigningFacts = { ...github, forge: "gitlab", serverUrl: "https://gitlab.com" };
const { public: _unsaid, ...silent } = github;
const terminal: SigningFacts = { dryRun: false, identity: false };
const own = {
  fulcioUrl: "https://fulcio.corp.test",
  rekorUrl: "https://rekor.corp.test",
  audience: "https://fulcio.corp.test",
  trustedRoot: true,
};

describe("GitHub's own instance", () => {
  const hidden = { ...github, public: false };
  it("signs for what is not public on github.com, when that is asked for", () => {
    const signing = chooseSigning(wish({ sign: "keyless" }), hidden);
    expect(signing).toMatchObject({
      mode: "keyless",
      fulcioUrl: "https://fulcio.githubapp.com",
      tsaUrl: "https://timestamp.githubapp.com",
      rekorUrl: null,
      audience: "sigstore",
    });
    expect(isReplayable(signing, hidden)).toBe(false);
    expect(chooseSigning(wish(), hidden).reason).toContain(
      "`sign: keyless` has GitHub's own instance sign",
    );
  });

  it.each([
    ["on GitLab", wish({ sign: "keyless" }), { ...gitlab, public: false }],
    ["where nothing says whether it is public", wish({ sign: "keyless" }), silent],
    ["without an identity token", wish({ sign: "keyless" }), { ...hidden, identity: false }],
    [
      "where another log was given",
      wish({ sign: "keyless", rekorUrl: "https://rekor.sigstore.dev" }),
      hidden,
    ],
    ["on a server", wish({ sign: "keyless" }), { ...hidden, serverUrl: "https://ghe.corp.test" }],
  ] as const)("does not sign %s", (_where, asked, facts) => {
    expect(() => chooseSigning(asked, facts)).toThrow("`sign: keyless` is not possible");
  });
});

describe("sign: auto", () => {
  it.each([
    ["keyless", "on GitHub, public", wish(), github],
    ["keyless", "on GitLab, public", wish(), gitlab],
    [
      "keyless",
      "on GitLab with a final slash",
      wish(),
      { ...gitlab, serverUrl: "https://gitlab.com/" },
    ],
    ["none", "on GitHub, private", wish(), { ...github, public: false }],
    ["none", "where nothing says whether it is public", wish(), silent],
    [
      "none",
      "on a GitHub Enterprise server",
      wish(),
      { ...github, serverUrl: "https://ghe.corp.test" },
    ],
    ["none", "without an identity token", wish(), { ...github, identity: false }],
    ["none", "in a terminal", wish(), terminal],
    ["key", "with a key", wish({ key: true }), github],
    ["key", "with a key in a private project", wish({ key: true }), { ...github, public: false }],
    ["keyless", "with own services in a private project", wish(own), { ...github, public: false }],
    ["throwaway", "in a dry run", wish(), { ...github, dryRun: true }],
    ["throwaway", "in a dry run with a key", wish({ key: true }), { ...terminal, dryRun: true }],
  ] as const)("is %s %s", (mode, _where, asked, facts) => {
    const signing = chooseSigning(asked, facts);
    expect(signing.mode).toBe(mode);
    expect(signing.reason).not.toBe("");
  });

  it("uses the public instance as it is today", () => {
    expect(chooseSigning(wish(), github)).toMatchObject({
      fulcioUrl: "https://fulcio.sigstore.dev",
      rekorUrl: "https://rekor.sigstore.dev",
      rekorVersion: 1,
      tsaUrl: "https://timestamp.sigstore.dev/api/v1/timestamp",
    });
    expect(chooseSigning(wish({ rekorVersion: 2 }), github).rekorUrl).toContain(
      "log2025-1.rekor.sigstore.dev",
    );
  });

  it("asks for no token that an own Fulcio could use elsewhere, unless that was said", () => {
    const { audience: _own, ...unsaid } = own;
    expect(() => chooseSigning(wish(unsaid), github)).toThrow("without the audience");
    expect(() => chooseSigning(wish(unsaid), gitlab)).toThrow("without the audience");
    const said = chooseSigning(wish({ ...own, audience: "sigstore" }), github);
    expect([said.audience, isReplayable(said, github)]).toEqual(["sigstore", true]);
    const apart = chooseSigning(wish(own), github);
    expect([apart.audience, isReplayable(apart, github)]).toEqual([own.audience, false]);
  });

  it("keeps sigstore's usual audience where the public Fulcio would not know the issuer", () => {
    const { audience: _own, ...unsaid } = own;
    const enterprise = { ...github, serverUrl: "https://ghe.corp.test" };
    const signing = chooseSigning(wish(unsaid), enterprise);
    expect([signing.audience, isReplayable(signing, enterprise)]).toEqual(["sigstore", false]);
    expect(chooseSigning(wish(), github).audience).toBe("sigstore");
  });

  it("never mixes own services with public ones", () => {
    expect(chooseSigning(wish(own), github)).toMatchObject({ ...withoutRoot(own), tsaUrl: null });
  });
});

function withoutRoot({ fulcioUrl, rekorUrl }: typeof own) {
  return { fulcioUrl, rekorUrl };
}

describe("a key", () => {
  it("is logged where the project is public, and nowhere else unless asked", () => {
    expect(chooseSigning(wish({ key: true }), github).rekorUrl).toBe("https://rekor.sigstore.dev");
    expect(chooseSigning(wish({ key: true }), { ...github, public: false }).rekorUrl).toBeNull();
    expect(chooseSigning(wish({ key: true }), terminal).rekorUrl).toBeNull();
    expect(chooseSigning(wish({ key: true, ...own }), terminal).rekorUrl).toBe(own.rekorUrl);
  });
});

it("`sign: none` stays unsigned even in a dry run", () => {
  expect(chooseSigning(wish({ sign: "none" }), { ...github, dryRun: true }).mode).toBe("none");
});

describe("what cannot be had is a problem with its cure", () => {
  it.each([
    [
      "keyless in a private project",
      wish({ sign: "keyless" }),
      { ...gitlab, public: false },
      /not public/,
      /sign-key/,
    ],
    [
      "keyless on an unknown forge",
      wish({ sign: "keyless" }),
      { ...github, serverUrl: "https://ghe.test" },
      /does not accept https:\/\/ghe.test/,
      /fulcio-url/,
    ],
    [
      "keyless without permission",
      wish({ sign: "keyless" }),
      { ...github, identity: false },
      /no identity token/,
      /id-token: write/,
    ],
    [
      "keyless without id_tokens",
      wish({ sign: "keyless" }),
      { ...gitlab, identity: false },
      /no identity token/,
      /id_tokens:\n {2}SIGSTORE_ID_TOKEN:\n {4}aud: sigstore/,
    ],
    [
      "a key that is not there",
      wish({ sign: "key" }),
      github,
      /no key was given/,
      /COSIGN_PRIVATE_KEY/,
    ],
    ["an empty URL", wish({ fulcioUrl: "" }), github, /`fulcio-url` is not a URL/, /remove it/],
    ["an ftp URL", wish({ rekorUrl: "ftp://x.test" }), github, /http or https/, undefined],
    [
      "own services without a root",
      wish({ ...own, trustedRoot: false }),
      github,
      /services have no trusted root/,
      /trusted-root/,
    ],
    [
      "half of own services",
      wish({ fulcioUrl: own.fulcioUrl, trustedRoot: true }),
      github,
      /both/,
      /public instance/,
    ],
    [
      "own Rekor v2 without time",
      wish({ ...own, rekorVersion: 2 }),
      github,
      /records no time/,
      /tsa-url/,
    ],
    [
      "an own log for a key without a root",
      wish({ key: true, rekorUrl: own.rekorUrl }),
      github,
      /trusted root/,
      /trusted-root/,
    ],
  ])("%s", (_what, asked, facts, message, hint) => {
    const attempt = () => chooseSigning(asked, facts);
    expect(attempt).toThrow(message);
    try {
      attempt();
    } catch (error) {
      if (hint !== undefined) expect((error as { hint: string }).hint).toMatch(hint);
    }
  });
});
