import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Secret } from "../../src/model/secret.ts";
import { readClaims } from "../../src/signers/sigstore/claims.ts";
import { certify } from "../../src/signers/sigstore/fulcio.ts";
import { clock } from "../../src/world/node/clock.ts";
import { http } from "../../src/world/node/http.ts";
import { Bench } from "../support/runs/bench.ts";
import { TAG } from "../support/runs/project.ts";
import { expectWhole } from "../support/runs/whole.ts";
import { seededBytes } from "../support/seeded.ts";
import { type Sigstore, startSigstore } from "../support/sigstore/services.ts";

let bench: Bench;
/** Services of the attacker's, whose trust root the commit brings along. */
let evil: Sigstore;
beforeEach(async () => {
  [bench, evil] = await Promise.all([Bench.open(), startSigstore()]);
});
afterEach(async () => {
  await bench.close();
  await evil.close();
});

/** Nothing of the job's own says which services sign. */
const UNSAID = {
  "INPUT_FULCIO-URL": undefined,
  "INPUT_REKOR-URL": undefined,
  "INPUT_TSA-URL": undefined,
  "INPUT_TRUSTED-ROOT": undefined,
};

/** A tagged commit, which whoever may tag has chosen. */
function commit(tree: Readonly<Record<string, string>>): void {
  bench.project.moveTag({ "evil-root.json": evil.trustedRoot, ...tree });
  bench.github.tags.set(TAG, bench.project.head);
}

function services(url: string): string {
  return `fulcio-url: ${url}\nrekor-url: ${url}\ntsa-url: ${url}\ntrusted-root: evil-root.json\n`;
}

describe("an identity token", () => {
  const files: readonly (readonly [string, (url: string) => Readonly<Record<string, string>>])[] = [
    ["the file", (url) => ({ ".go-release.yaml": `sign: keyless\n${services(url)}` })],
    [
      "a row of builds",
      (url) => ({ ".go-release.yaml": `sign: keyless\nbuilds:\n  - main: .\n${indented(url)}` }),
    ],
    [
      "keys in other spellings",
      (url) => ({
        ".go-release.yaml": `sign: keyless\n"fulcio\\x2durl": ${url}\n? rekor-url\n: ${url}\n'tsa-url': ${url}\n!!str trusted-root: evil-root.json\n`,
      }),
    ],
    [
      "keys merged from an anchor",
      (url) => ({
        ".go-release.yaml": `sign: keyless\nenv: &own\n${indented(url)}<<: *own\n`,
      }),
    ],
  ];

  it.each(files)("goes to nobody that the commit names: %s", async (_, tree) => {
    commit(tree(evil.url));
    const { status } = await bench.run({ env: UNSAID });
    expect(evil.requests).toEqual([]);
    expect(bench.sigstore.issued).toEqual([]);
    expect(bench.published()).toBeUndefined();
    expect(status).toBe(2);
  });

  it("nor where the commit's root would make its services believed", async () => {
    commit({ ".go-release.yaml": "trusted-root: evil-root.json\n" });
    await bench.run({ env: { ...UNSAID, "INPUT_FULCIO-URL": bench.sigstore.url } });
    expect(bench.sigstore.issued).toEqual([]);
    expect(bench.published()).toBeUndefined();
  });

  it("nor with a word from the commit whom it is for", async () => {
    commit({ ".go-release.yaml": "oidc-audience: evil\n" });
    await bench.run();
    expect(bench.sigstore.issued).toEqual([]);
  });
});

function indented(url: string): string {
  return services(url).replaceAll(/^/gmu, "    ").trimEnd().concat("\n");
}

describe("beside it, own services", () => {
  const places: readonly (readonly [string, (bench: Bench) => object])[] = [
    ["inputs of the job", () => ({})],
    [
      "flags",
      ({ sigstore: { url }, folder }) => ({
        env: UNSAID,
        args: [
          ...["fulcio-url", "rekor-url", "tsa-url"].map((name) => `--${name}=${url}`),
          `--trusted-root=${folder}/trusted_root.json`,
        ],
      }),
    ],
    [
      "the environment",
      ({ sigstore: { url }, folder }) => ({
        env: {
          ...UNSAID,
          GO_RELEASE_FULCIO_URL: url,
          GO_RELEASE_REKOR_URL: url,
          GO_RELEASE_TSA_URL: url,
          GO_RELEASE_TRUSTED_ROOT: `${folder}/trusted_root.json`,
        },
      }),
    ],
  ];
  it.each(places)("sign when they are named by %s", async (_, options) => {
    await expectWhole(bench, await bench.run(options(bench)));
    expect(bench.sigstore.issued.length).toBeGreaterThan(0);
  });

  it("are given tokens that are worth nothing at others", async () => {
    bench.sigstore.audience = bench.sigstore.url;
    await expectWhole(
      bench,
      await bench.run({ env: { "INPUT_OIDC-AUDIENCE": bench.sigstore.url } }),
    );
    const [issued = ""] = bench.sigstore.issued;
    const token = new Secret(issued);
    const replayed = certify(
      evil.url,
      { token, claims: readClaims(token) },
      { http, clock, random: seededBytes(1) },
    );
    await expect(replayed).rejects.toThrow("There was an error processing the identity token");
  });
});
