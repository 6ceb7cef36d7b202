import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readBundle, verifyBundle } from "../../../src/signers/bundles/verify.ts";
import { isPublicGood, publicGood } from "../../../src/signers/trust/public-good.ts";
import { readTrustedRoot } from "../../../src/signers/trust/trusted-root.ts";

// What npm published for sigstore 2.0.0, as sigstore-go 1.2.2 carries it among its test data (Apache-2.0).
const text = readFileSync(
  new URL("fixtures/sigstore-2.0.0-provenance.sigstore.json", import.meta.url),
  "utf8",
);

it("a bundle that the public instance made verifies against the root that came with us", async () => {
  const { content } = readBundle(text, "sigstore");
  if (content.$case !== "dsseEnvelope") return expect.fail("it is an envelope");
  const statement = content.dsseEnvelope.payload;
  const trust = { kind: "certificate", root: readTrustedRoot() } as const;
  expect(
    await verifyBundle({ kind: "statement", name: "sigstore", statement }, text, trust),
  ).toEqual({
    kind: "certificate",
    subject:
      "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main",
    issuer: "https://token.actions.githubusercontent.com",
    source: {
      commit: "f0b49a04e5a62250e0f60fb128004a73110fe311",
      ref: "refs/heads/main",
      repository: "https://github.com/sigstore/sigstore-js",
    },
  });
});

it("the public trust root that came with us is the one its comment names", () => {
  const file = readFileSync(
    new URL("../../../src/signers/trust/public-good-trusted-root.json", import.meta.url),
  );
  expect(createHash("sha256").update(file).digest("hex")).toBe(
    "6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66",
  );
  const { tlogs } = readTrustedRoot();
  expect(tlogs.map(({ baseUrl }) => baseUrl)).toEqual([
    "https://rekor.sigstore.dev",
    "https://log2025-1.rekor.sigstore.dev",
  ]);
});

it.each([
  ["https://rekor.sigstore.dev", true],
  ["https://log2026-1.rekor.sigstore.dev/", true],
  ["https://sigstore.dev.corp.test", false],
  ["https://notsigstore.dev", false],
])("%s belongs to the public instance: %s", (url, expected) => {
  expect(isPublicGood(url)).toBe(expected);
});

it.each(["", "{}", "[]", '{"mediaType":"x"}'])("%j is no trust root", (given) => {
  expect(() => readTrustedRoot(given)).toThrow("not sigstore's trusted_root.json");
});

type Root = Record<string, { [field: string]: unknown }[]>;
it.each<[string, (root: Root) => void, string]>([
  [
    "a damaged key of a log",
    ({ tlogs }) => Object.assign(tlogs?.[0]?.["publicKey"] as object, { rawBytes: "AAAA" }),
    "cannot be read",
  ],
  [
    "a damaged certificate",
    ({ certificateAuthorities }) =>
      Object.assign(certificateAuthorities?.[0] as object, {
        certChain: { certificates: [{ rawBytes: "AAAA" }] },
      }),
    "cannot be read",
  ],
  [
    "an authority without one",
    (root) => root["certificateAuthorities"]?.push({}),
    "cannot be read",
  ],
  [
    "nobody in it",
    (root) => delete root["tlogs"] && delete root["certificateAuthorities"],
    "no log",
  ],
])("a trust root with %s is refused before anything depends on it", (_what, damage, words) => {
  const root = structuredClone(publicGood.root) as Root;
  damage(root);
  expect(() => readTrustedRoot(JSON.stringify(root))).toThrow(words);
});
