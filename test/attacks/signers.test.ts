import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Secret } from "../../src/model/secret.ts";
import { served } from "../support/attacks/served.ts";
import { call, type Outcome } from "../support/program.ts";
import { agePlan } from "../support/releases/binaries.ts";
import { type Folder, release } from "../support/releases/folder.ts";
import { repositoryOf, temporaryFolder } from "../support/repository.ts";
import { tokenOf } from "../support/sigstore/identity-tokens.ts";
import { type Sigstore, startSigstore } from "../support/sigstore/services.ts";

const TAG = "v1.3.1";
const OWN = {
  sub: `https://github.com/octo/age/.github/workflows/release.yml@refs/tags/${TAG}`,
  repository: "octo/age",
  ref: `refs/tags/${TAG}`,
  sha: agePlan.release.commit,
};

let sigstore: Sigstore;
beforeAll(async () => {
  sigstore = await startSigstore();
});
afterAll(() => sigstore.close());

/** What a run with these claims would sign. */
async function signedBy(claims: Readonly<Record<string, unknown>>): Promise<Folder> {
  const { trustedRoot } = sigstore;
  const identity = { kind: "token", token: tokenOf(claims) } as const;
  return await release(sigstore.signing(), { identity, trustedRoot });
}

function without(folder: Folder, pattern: RegExp): Folder {
  return Object.fromEntries(Object.entries(folder).filter(([name]) => !pattern.test(name)));
}

/** The checksums are right for whatever the files are, as everybody can make them. */
function unsigned(folder: Folder): Folder {
  return without(folder, /sigstore\.json$|manifest/u);
}

/** `trusted-root` is what the reader trusts, in this test's world; whom it certified is what counts. */
function root(): string {
  const path = join(temporaryFolder(), "trusted_root.json");
  writeFileSync(path, sigstore.trustedRoot);
  return `--trusted-root=${path}`;
}

/** A reader's call; a script that goes on with the files does so when the status is 0. */
async function readerOf(folder: Folder, ...more: readonly string[]): Promise<Outcome> {
  const path = temporaryFolder();
  for (const [name, data] of Object.entries(folder)) writeFileSync(join(path, name), data);
  const { folder: somewhere } = repositoryOf({ "go.mod": "module example.com/x\n" });
  return await call(["verify", path, root(), ...more], somewhere);
}

async function readerOfForge(
  folder: Folder,
  tag = TAG,
  ...more: readonly string[]
): Promise<Outcome> {
  const { origin } = await served(folder);
  const { folder: somewhere } = repositoryOf({ "go.mod": "module example.com/x\n" });
  const url = `https://github.com/octo/age/releases/tag/${tag}`;
  return await call(["verify", url, `--api-url=${origin}`, root(), ...more], somewhere);
}

const ISSUER = "https://token.actions.githubusercontent.com";
const WHO = [`--certificate-identity=${OWN.sub}`, `--certificate-oidc-issuer=${ISSUER}`];

describe("a folder that somebody put together", () => {
  const cases: readonly (readonly [string, () => Promise<Folder>])[] = [
    ["nobody signed", async () => unsigned(await signedBy(OWN))],
    [
      "anybody signed",
      () => signedBy({ sub: "mallory@example.com", iss: "https://accounts.example" }),
    ],
    [
      "calls itself a dry run's",
      async () => {
        const folder = await release(sigstore.signing({ mode: "throwaway" }), {});
        return folder;
      },
    ],
    [
      "has a dry run's manifest beside forged files",
      async () => {
        const dry = await release(sigstore.signing({ mode: "throwaway" }), {}, () => "evil");
        return dry;
      },
    ],
  ];
  it.each(cases)("is not taken for sound: %s", async (_, make) => {
    const { status } = await readerOf(await make());
    expect(status).not.toBe(0);
  });
});

describe("a release at the address that was asked for", () => {
  const cases: readonly (readonly [string, () => Promise<Folder>, string?])[] = [
    ["nobody signed", async () => unsigned(await signedBy(OWN))],
    [
      "a person signed",
      () => signedBy({ sub: "mallory@example.com", iss: "https://accounts.example" }),
    ],
    [
      "a run of another repository signed",
      () =>
        signedBy({ ...OWN, sub: OWN.sub.replace("octo", "mallory"), repository: "mallory/age" }),
    ],
    [
      "another repository's run signed, through a workflow of this one",
      () => signedBy({ ...OWN, repository: "mallory/age" }),
    ],
    [
      "a branch of it signed",
      () =>
        signedBy({
          ...OWN,
          sub: OWN.sub.replace("tags/v1.3.1", "heads/evil"),
          ref: "refs/heads/evil",
        }),
    ],
    [
      "a branch named like the tag signed",
      () => signedBy({ ...OWN, ref: "refs/heads/refs/tags/v1.3.1" }),
    ],
    [
      "the right words, of another issuer",
      () => signedBy({ ...OWN, iss: "https://issuer.example" }),
    ],
    [
      "an issuer whose name begins like the right one",
      () => signedBy({ ...OWN, iss: `${ISSUER}.mallory.example` }),
    ],
    ["a sound one of another tag", () => signedBy(OWN), "v9.9.9"],
    [
      "a sound one of another tag, its provenance left out",
      async () => without(await signedBy(OWN), /provenance/u),
      "v9.9.9",
    ],
    ["its provenance left out", async () => without(await signedBy(OWN), /provenance/u)],
    ["another commit than its certificate names", () => signedBy({ ...OWN, sha: "f".repeat(40) })],
    [
      "signed with some key",
      async () => {
        const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
        const key = new Secret(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
        return await release(sigstore.signing({ mode: "key", rekorUrl: null, tsaUrl: null }), {
          key,
        });
      },
    ],
  ];
  it.each(cases.map(([name, make, tag = TAG]) => ({ name, make, tag })))(
    "is not taken for sound: $name",
    async ({ make, tag }) => {
      const { status, stdout } = await readerOfForge(await make(), tag);
      expect(status, stdout).toBe(1);
    },
  );

  it("is not taken for sound because the server calls it by its own tag", async () => {
    const { origin } = await served(await signedBy(OWN), TAG);
    const { folder } = repositoryOf({ "go.mod": "module example.com/x\n" });
    const asked = "https://github.com/octo/age/releases/tag/v9.9.9";
    const { status } = await call(["verify", asked, `--api-url=${origin}`, root()], folder);
    expect(status).toBe(1);
  });

  it("is not taken for sound by whom the reader named, when it is of another tag", async () => {
    const { status } = await readerOfForge(await signedBy(OWN), "v9.9.9", ...WHO);
    expect(status).toBe(1);
  });
});

describe("beside them", () => {
  it("the project's own release needs no further word, and is told whom it is of", async () => {
    const { status, stdout } = await readerOfForge(await signedBy(OWN));
    expect(stdout).toContain("a run of https://github.com/octo/age for refs/tags/v1.3.1");
    expect(status).toBe(0);
  });

  it("one that a reusable workflow of another repository signed does not either", async () => {
    const sub =
      "https://github.com/org/go-release-action/.github/workflows/release.yml@refs/tags/v1";
    const { status, stdout } = await readerOfForge(await signedBy({ ...OWN, sub }));
    expect(status, stdout).toBe(0);
  });

  it("nor one by an authority that certifies no more than the workflow's name", async () => {
    const { repository: _r, ref: _f, sha: _s, ...bare } = OWN;
    expect((await readerOfForge(await signedBy(bare))).status).toBe(0);
    const other = { sub: bare.sub.replace("octo", "mallory") };
    expect((await readerOfForge(await signedBy(other))).status).toBe(1);
  });

  it("letter case is the same repository", async () => {
    const sub = OWN.sub.replace("octo/age", "Octo/Age");
    const { status } = await readerOfForge(await signedBy({ ...OWN, sub, repository: "Octo/Age" }));
    expect(status).toBe(0);
  });

  it.each(["a folder", "a forge"])("whom the reader names is believed, of %s", async (place) => {
    const ask = (folder: Folder, ...more: readonly string[]) =>
      place === "a folder" ? readerOf(folder, ...more) : readerOfForge(folder, TAG, ...more);
    const branch = {
      ...OWN,
      sub: OWN.sub.replace("tags/v1.3.1", "heads/main"),
      ref: "refs/heads/main",
    };
    const folder = await signedBy(branch);
    const who = [`--certificate-identity=${branch.sub}`, `--certificate-oidc-issuer=${ISSUER}`];
    expect((await ask(folder, ...who)).status).toBe(0);
    expect((await ask(folder)).status).toBe(1);
    expect((await ask(folder, ...WHO)).status).toBe(1);
  });

  it("anybody will do where a reader says so, and damage is found all the same", async () => {
    const folder = unsigned(await signedBy(OWN));
    expect((await readerOf(folder, "--any-signer")).status).toBe(0);
    expect((await readerOfForge(folder, TAG, "--any-signer")).status).toBe(0);
    const damaged = Object.fromEntries(
      Object.entries(folder).map(([name, data]) => [name, name.endsWith("gz") ? "x" : data]),
    );
    expect((await readerOf(damaged, "--any-signer")).status).toBe(1);
  });
});
