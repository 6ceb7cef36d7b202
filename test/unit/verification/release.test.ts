import { generateKeyPairSync } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Manifest } from "../../../src/model/manifest.ts";
import { Secret } from "../../../src/model/secret.ts";
import { publicGood } from "../../../src/signers/trust/public-good.ts";
import type { ExpectedSigner } from "../../../src/verification/expected.ts";
import { coveredBy, type ReleasedFiles, verifyRelease } from "../../../src/verification/index.ts";
import { agePlan, sha256 } from "../../support/releases/binaries.ts";
import { type Folder, release } from "../../support/releases/folder.ts";
import { claims, tokenOf } from "../../support/sigstore/identity-tokens.ts";
import { type Sigstore, startSigstore } from "../../support/sigstore/services.ts";

let sigstore: Sigstore;
let keyless: Folder;
let keyed: Folder;
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
const key = new Secret(pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString());

beforeAll(async () => {
  sigstore = await startSigstore();
  const { trustedRoot } = sigstore;
  const identity = { kind: "token", token: tokenOf() } as const;
  keyless = await release(sigstore.signing(), { identity, trustedRoot });
  keyed = await release(sigstore.signing({ mode: "key", rekorUrl: null, tsaUrl: null }), { key });
});
afterAll(() => sigstore.close());

function filesOf(folder: Folder): ReleasedFiles {
  return {
    names: Object.keys(folder),
    open: (name, { start, end } = { start: 0, end: Number.POSITIVE_INFINITY }) =>
      Readable.from([Buffer.from(folder[name] as string).subarray(start, end + 1)]),
  };
}
function without(folder: Folder, ...names: string[]): Folder {
  return Object.fromEntries(Object.entries(folder).filter(([name]) => !names.includes(name)));
}
function verify(folder: Folder, expected: ExpectedSigner = {}) {
  const { trustedRoot } = sigstore;
  return verifyRelease(filesOf(folder), { trustedRoot, anySigner: true, ...expected });
}
async function faults(folder: Folder, expected?: ExpectedSigner) {
  return (await verify(folder, expected)).faults.map(({ file, message }) => `${file}: ${message}`);
}

describe("what a release speaks of", () => {
  const covered = async (folder: Folder) => [...(await coveredBy(filesOf(folder)))].sort();
  it("is what is listed, signed or stated", async () => {
    const all = Object.keys(keyless).filter((name) => name !== "manifest.json");
    const spoken = all.filter((name) => name !== "provenance.sigstore.json").sort();
    expect(await covered(keyless)).toEqual(spoken);
    expect(await covered(without(keyless, "checksums.txt"))).toEqual(spoken);
    const listed = spoken.filter((name) => !name.startsWith("checksums"));
    expect(await covered({ "checksums.txt": keyless["checksums.txt"] as string })).toEqual(listed);
    expect(await covered({ "a.zip.sigstore.json": "damaged" })).toEqual(["a.zip"]);
    expect(await covered({ "checksums.txt": "<html>", "a.zip": "" })).toEqual([]);
  });
});

describe("a sound release", () => {
  it("has no fault, and tells who signed it", async () => {
    const verdict = await verify(keyless);
    expect(verdict.faults).toEqual([]);
    expect(verdict.signatory).toEqual({
      kind: "certificate",
      subject: claims.sub,
      issuer: claims.iss,
    });
    expect(verdict.notices).toEqual([expect.stringContaining(claims.sub)]);
    expect(verdict.checked).toContain("the signature provenance.sigstore.json");
  });

  it("has none without the manifest either, as it is downloaded", async () => {
    const expected = { identity: claims.sub, issuer: claims.iss };
    const verdict = await verify(without(keyless, "manifest.json"), expected);
    expect(verdict).toMatchObject({ faults: [], notices: [] });
  });

  it("has none with the right key, and is not believed without one", async () => {
    expect(await faults(keyed, { publicKey })).toEqual([]);
    expect(await faults(keyed)).toEqual([
      expect.stringMatching(/checksums.*pass its public key/),
      expect.stringMatching(/provenance.*pass its public key/),
    ]);
  });

  it("says that a dry run's signature proves nothing", async () => {
    const dry = await release(sigstore.signing({ mode: "throwaway" }), {});
    const verdict = await verify(dry);
    expect(verdict).toMatchObject({
      faults: [],
      notices: [expect.stringContaining("proves nothing")],
    });
  });
});

describe("a part of a release, as a reader fetches it", () => {
  const archive = "age_1.3.1_linux_amd64.tar.gz";
  const other = "age_1.3.1_windows_amd64.tar.gz";
  const expected = { identity: claims.sub, issuer: claims.iss, partial: true };
  const part = () => without(keyless, "manifest.json", other);

  it("is sound, and what is not here is told", async () => {
    const verdict = await verify(part(), expected);
    expect(verdict).toMatchObject({ faults: [], absent: [other] });
    expect(verdict.notices).toEqual([`missing, and not verified: ${other}`]);
    expect(verdict.checked).toEqual([
      "2 files against checksums.txt",
      "the signature checksums.txt.sigstore.json",
      "the signature provenance.sigstore.json",
      "4 subjects of provenance.sigstore.json",
      "the programs inside 1 files",
    ]);
  });

  it.each([
    ["a changed file", () => ({ ...part(), [archive]: "x" }), /the list says/],
    ["a file too many", () => ({ ...part(), "evil.sh": "x" }), /not listed in/],
    ["a list alone", () => without(part(), archive, "age_1.3.1.sbom.json"), /none of the files/],
  ])("%s is found all the same", async (_what, make, pattern) => {
    expect((await faults(make(), expected)).join("\n")).toMatch(pattern);
  });
});

const origin = {
  forge: "github" as const,
  tag: "v1.3.1",
  repository: agePlan.destination.repository,
  serverUrl: agePlan.destination.serverUrl,
};

describe("a release that another tool made", () => {
  const files = { "tool_1.0.0_linux_amd64.tar.gz": "a", "tool_1.0.0_darwin_arm64.tar.gz": "b" };
  const listed = (folder: Folder): string =>
    Object.entries(folder)
      .map(([name, data]) => `${sha256(data)}  ${name}\n`)
      .join("");
  it.each([
    "checksums.txt",
    "tool_1.0.0_checksums.txt",
    "SHA256SUMS",
    "tool_1.0.0_SHA256SUMS",
    "sha256sum.txt",
    "checksums.sha256",
  ])("is compared with its %s", async (list) => {
    const verdict = await verify({ ...files, [list]: listed(files) });
    expect(verdict.faults).toEqual([]);
    expect(verdict.checked).toEqual([`2 files against ${list}`]);
    expect(verdict.notices).toEqual([expect.stringContaining("nothing is signed")]);
    expect(await faults({ ...files, [list]: listed(files), evil: "x" })).toHaveLength(1);
  });

  it("has signatures and SBOMs that are told, and are no fault", async () => {
    const described = { ...files, "tool.sbom.json": '{"bomFormat":"CycloneDX"}' };
    const verdict = await verify({
      ...described,
      "checksums.txt": listed(described),
      "checksums.txt.sig": "MEUC",
      "checksums.txt.pem": "LS0t",
      "multiple.intoto.jsonl": "{}",
    });
    expect(verdict.faults).toEqual([]);
    expect(verdict.notices).toEqual([
      "created by another tool, and not verified: checksums.txt.sig, checksums.txt.pem, multiple.intoto.jsonl",
      expect.stringContaining("nothing is signed"),
      "tool.sbom.json was created by another tool: its content is not verified",
    ]);
    expect(await faults({ ...files, "checksums.txt": listed(files), "lonely.sig": "x" })).toEqual([
      "lonely.sig: it is not listed in checksums.txt",
    ]);
  });

  it("and that has nothing to go by is told from one that is damaged", async () => {
    await expect(verify(files)).rejects.toThrow("nothing to verify 2 files with: no checksums.txt");
  });
});

it("a checksum list that is far too large is not read", async () => {
  const names = ["checksums.txt"];
  const open = () => Readable.from(Array.from({ length: 65 }, () => Buffer.alloc(1 << 20)));
  await expect(verifyRelease({ names, open })).rejects.toThrow("larger than 64 MiB");
});

describe("a release that is not sound", () => {
  const archive = "age_1.3.1_linux_amd64.tar.gz";
  const change = (name: string, text = `${String(keyless[name])} `): Folder => ({
    ...keyless,
    [name]: text,
  });
  const cases: [string, () => Folder, RegExp[], ExpectedSigner?][] = [
    [
      "a changed archive",
      () => change(archive),
      [/manifest says/, /the list says/, /provenance says/],
    ],
    [
      "a missing archive",
      () => without(keyless, archive),
      [/is missing/, /listed but missing/, /provenance lists it/, /which is missing/],
    ],
    [
      "a file too many",
      () => change("evil.sh", "x"),
      [/not part of the release/, /not listed in/, /does not cover it/],
    ],
    [
      "a changed list",
      () => change("checksums.txt", "zz  a\n"),
      [/not a checksum/, /signature of checksums.txt is not valid/, /not listed/],
    ],
    [
      "a sound one in the place of another tag",
      () => keyless,
      [/it is for .*@refs\/tags\/v1\.3\.1, but v9\.0\.0 of /],
      { source: { ...origin, tag: "v9.0.0" } },
    ],
    [
      "a sound one of another project",
      () => keyless,
      [/but v1\.3\.1 of https:\/\/github\.com\/octo\/other was requested/],
      { source: { ...origin, repository: "octo/other" } },
    ],
    [
      "a sound one of a project of that name elsewhere",
      () => keyless,
      [/but v1\.3\.1 of https:\/\/git\.corp\.test\/octo\/age was requested/],
      { source: { ...origin, serverUrl: "https://git.corp.test" } },
    ],
    ["another identity", () => keyless, [/expected https:\/\/x/], { identity: "https://x" }],
    ["another issuer", () => keyless, [/its issuer is/], { issuer: "https://x" }],
    ["a key where an identity was", () => keyless, [/not with the expected key/], { publicKey }],
    [
      "the public root for own services",
      () => keyless,
      [/is not valid/],
      { trustedRoot: undefined as never },
    ],
    [
      "no signatures",
      () => without(keyless, "checksums.txt.sigstore.json", "provenance.sigstore.json"),
      [/nothing is signed/],
    ],
    [
      "a signature of one file where the list has none",
      () => {
        const genuine = String(keyless["checksums.txt"]);
        return {
          "genuine.txt": genuine,
          "genuine.txt.sigstore.json": String(keyless["checksums.txt.sigstore.json"]),
          "evil.sh": "x",
          "checksums.txt": `${sha256(genuine)}  genuine.txt\n${sha256("x")}  evil.sh\n`,
        };
      },
      [/^checksums.txt: it is not signed/],
      { identity: claims.sub, issuer: claims.iss },
    ],
    [
      "a damaged bundle",
      () => change("checksums.txt.sigstore.json", "{}"),
      [/not a sigstore bundle/],
    ],
    [
      "a stripped log",
      () => change("checksums.txt.sigstore.json", stripped("checksums.txt.sigstore.json")),
      [/is not valid/],
    ],
    [
      "swapped bundles",
      () => change("checksums.txt.sigstore.json", String(keyless["provenance.sigstore.json"])),
      [/not a bundle of a file/],
    ],
    ["a damaged manifest", () => change("manifest.json", "{}"), [/not a manifest/]],
    [
      "an SBOM of another binary",
      () => change("manifest.json", foreign()),
      [/belongs to another age/],
    ],
    [
      "another commit",
      () =>
        change(
          "manifest.json",
          String(keyless["manifest.json"]).replace("0123456789abcdef", "fedcba9876543210"),
        ),
      [/names commit/],
    ],
  ];
  const stripped = (name: string) => {
    const bundle = JSON.parse(String(keyless[name]));
    bundle.verificationMaterial.tlogEntries = [];
    return JSON.stringify(bundle);
  };
  const foreign = () => {
    const manifest = JSON.parse(String(keyless["manifest.json"])) as Manifest;
    return JSON.stringify({
      ...manifest,
      binaries: manifest.binaries.map((one) => ({ ...one, sha256: sha256("other") })),
    });
  };

  it.each(cases)("%s is found", async (_what, make, patterns, expected) => {
    const found = (await faults(make(), expected)).join("\n");
    for (const pattern of patterns) expect(found).toMatch(pattern);
  });

  it("two signatories are found", async () => {
    const mixed = {
      ...keyless,
      "checksums.txt.sigstore.json": keyed["checksums.txt.sigstore.json"] as string,
      "checksums.txt": keyed["checksums.txt"] as string,
    };
    expect((await faults(mixed, { publicKey })).join("\n")).toMatch(/not all by the same signer/);
  });
});

/** The first object, at any depth, that has a field. */
function holderOf(value: unknown, field: string): Record<string, unknown> {
  const found = search(value, field);
  return found ?? expect.fail(`no ${field}`);
}
function search(value: unknown, field: string): Record<string, unknown> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (typeof (value as Record<string, unknown>)[field] === "string") {
    return value as Record<string, unknown>;
  }
  for (const inner of Object.values(value)) {
    const found = search(inner, field);
    if (found !== undefined) return found;
  }
  return undefined;
}

it("an SBOM of other programs than those in the archives is found, without the manifest too", async () => {
  const identity = { kind: "token", token: tokenOf() } as const;
  const { trustedRoot } = sigstore;
  const other = await release(sigstore.signing(), { identity, trustedRoot }, () => "another");
  const downloaded = without(other, "manifest.json");
  expect(await faults(downloaded)).toEqual([
    `age_1.3.1.sbom.json: age in age_1.3.1_linux_amd64.tar.gz is ${sha256("another")}, not ${sha256("age linux_amd64")}`,
    expect.stringMatching(/age\.exe in age_1\.3\.1_windows_amd64\.tar\.gz is/u),
  ]);
  const { checked } = await verify(without(keyless, "manifest.json"));
  expect(checked).toContain("the programs inside 2 files");
});

it("a file that was found wrong is not among what was checked", async () => {
  const { checked } = await verify(
    { ...keyless, "age_1.3.1_linux_amd64.tar.gz": "x" },
    { identity: "https://x", issuer: claims.iss },
  );
  expect(checked).toEqual(["the programs in age_1.3.1.sbom.json"]);
});

it("the trust root that came with this program is told with its date", async () => {
  const { notices } = await verify(keyless, { trustedRoot: undefined as never });
  expect(notices).toContainEqual(expect.stringContaining(`root of ${publicGood.date},`));
});

describe("a sound release with one byte changed anywhere in a signature", () => {
  it.each(["checksums.txt.sigstore.json", "provenance.sigstore.json"])(
    "%s is rejected",
    async (name) => {
      const bundle = JSON.parse(String(keyless[name]));
      const places = [
        ["certificate", "rawBytes"],
        ["signature", name.startsWith("checksums") ? "signature" : "sig"],
        ["log entry", "canonicalizedBody"],
        ["entry timestamp", "signedEntryTimestamp"],
        ["timestamp", "signedTimestamp"],
      ] as const;
      for (const [what, field] of places) {
        const copy = structuredClone(bundle);
        const holder = holderOf(copy, field);
        const bytes = Buffer.from(String(holder[field]), "base64");
        const middle = Math.floor(bytes.length * 0.7);
        bytes[middle] = (bytes[middle] as number) ^ 1;
        holder[field] = bytes.toString("base64");
        const changed = { ...without(keyless, "manifest.json"), [name]: JSON.stringify(copy) };
        expect(await faults(changed), what).toContainEqual(
          expect.stringMatching(`^${name}: .*is not valid`),
        );
      }
    },
  );
});
