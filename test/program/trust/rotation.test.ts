import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { call } from "../../support/program.ts";
import { PROGRAM, repositoryOf, temporaryFolder } from "../../support/repository.ts";
import { tokenOf } from "../../support/sigstore/identity-tokens.ts";
import { type Sigstore, startSigstore } from "../../support/sigstore/services.ts";
import { hasTuf, startTuf } from "../../support/tuf/mirror.ts";

const QUICK = { ...PROGRAM, "main.go": "package main\n\nfunc main() {}\n" };

async function sigstore(): Promise<Sigstore> {
  const started = await startSigstore();
  onTestFinished(() => started.close());
  return started;
}

type Root = Record<string, { validFor?: object; publicKey?: { validFor: object } }[]>;

/** Both instances' logs and authorities: the first one's are closed. */
function afterRotation(old: Sigstore, young: Sigstore): string {
  const [closed, open] = [JSON.parse(old.trustedRoot), JSON.parse(young.trustedRoot)] as Root[];
  const end = new Date(Date.now() - 1).toISOString();
  const kinds = ["tlogs", "ctlogs", "certificateAuthorities", "timestampAuthorities"];
  for (const kind of kinds)
    for (const one of closed?.[kind] ?? []) {
      const { publicKey } = one;
      if (publicKey !== undefined) publicKey.validFor = { ...publicKey.validFor, end };
      else one.validFor = { ...one.validFor, end };
    }
  const merged = kinds.map((kind) => [kind, [...(closed?.[kind] ?? []), ...(open?.[kind] ?? [])]]);
  return JSON.stringify({ ...open, ...Object.fromEntries(merged) });
}

/** What an instance says of its services; `closed` is named first, and has come to its end. */
function signingConfig({ url }: Sigstore, closed?: Sigstore, version = 1): string {
  const start = "2020-01-01T00:00:00Z";
  const end = new Date(Date.now() - 1000).toISOString();
  const service = (majorApiVersion = 1) => [
    ...(closed === undefined
      ? []
      : [{ url: closed.url, majorApiVersion, validFor: { start, end }, operator: "x" }]),
    { url, majorApiVersion, validFor: { start }, operator: "x" },
  ];
  return JSON.stringify({
    mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
    caUrls: service(),
    oidcUrls: service(),
    rekorTlogUrls: service(version),
    tsaUrls: service(),
    rekorTlogConfig: { selector: "ANY" },
    tsaConfig: { selector: "ANY" },
  });
}

describe.skipIf(!hasTuf)("a program of today, after its instance rotated everything", () => {
  it.each([1, 2])("signs by Rekor v%i and verifies, old and new", async (version) => {
    const [old, young] = [await sigstore(), await sigstore()];
    const mirror = await startTuf({
      "trusted_root.json": old.trustedRoot,
      "signing_config.v0.2.json": signingConfig(old, undefined, version),
    });
    const root = join(temporaryFolder(), "root.json");
    writeFileSync(root, mirror.root);
    const trust = [`--tuf-url=${mirror.url}`, `--tuf-root=${root}`];
    const cache = temporaryFolder();
    const token = tokenOf({ exp: Math.floor(Date.now() / 1000) + 600, aud: "sigstore" });
    const env = { SIGSTORE_ID_TOKEN: token.reveal(), RUNNER_TOOL_CACHE: cache };
    const argv = ["--sign=keyless", "--forge=directory", "--dry-run=false", ...trust];
    const { folder } = repositoryOf(QUICK);
    const release = async (output: string) =>
      await call([...argv, "--targets=linux/amd64", `--output=${output}`], folder, env);
    const judge = async (output: string, ...more: string[]) =>
      await call(
        ["verify", output, "--certificate-identity-regexp=.+", ...trust, ...more],
        folder,
        env,
      );

    const first = await release("first");
    expect(first.status, first.stderr).toBe(0);
    expect(old.requests).toContain("POST /api/v2/signingCert");

    // A second is what times in certificates and timestamps are told in.
    await new Promise((done) => setTimeout(done, 1100));
    mirror.does(
      ...(["root", "targets", "snapshot", "timestamp"] as const).map(
        (role) => ["rotate", role] as const,
      ),
      [
        "publish",
        {
          "trusted_root.json": afterRotation(old, young),
          "signing_config.v0.2.json": signingConfig(young, old, version),
        },
      ],
    );
    old.requests.length = 0;
    const second = await release("second");
    expect(second.status, second.stderr).toBe(0);
    expect(old.requests).toEqual([]);
    expect(young.requests).toContain("POST /api/v2/signingCert");
    for (const output of ["first", "second"]) {
      const verdict = await judge(output);
      expect(verdict.status, verdict.stderr).toBe(0);
      expect(verdict.stdout).toContain(`as ${mirror.url} has it`);
    }
    rmSync(cache, { recursive: true });
    expect((await judge("second")).status).toBe(0);
    await mirror.close();
    const kept = await judge("second");
    expect(kept.status, kept.stderr).toBe(0);
    expect(kept.stderr).toContain("what an earlier run kept of it is used");
    const offline = await judge("second", "--offline");
    expect(offline.status, offline.stderr).toBe(0);
    expect(offline.stderr).not.toContain("warning");
  });

  it("asks nobody for a dry run, nor for a key without a log", async () => {
    const mirror = await startTuf({});
    const root = join(temporaryFolder(), "root.json");
    writeFileSync(root, mirror.root);
    mirror.asked.length = 0;
    const { folder } = repositoryOf(QUICK);
    const trust = [`--tuf-url=${mirror.url}`, `--tuf-root=${root}`, "--targets=linux/amd64"];
    const dry = await call(trust, folder);
    expect(dry.status, dry.stderr).toBe(0);
    const verdict = await call(["verify", "dist", "--any-signer", ...trust], folder);
    expect(verdict.status, verdict.stderr).toBe(0);
    expect(mirror.asked).toEqual([]);
  });

  it.each([
    [["--tuf-root=root.json"], "without the repository"],
    [["--tuf-root=root.json", "--trusted-root=root.json"], "were both given"],
    [["--tuf-root=missing.json", "--tuf-url=https://tuf.test"], "missing.json is not a file"],
  ])("%j is refused before anything is built", async (given, words) => {
    const { folder } = repositoryOf({ ...QUICK, "root.json": "{}" });
    const env = { SIGSTORE_ID_TOKEN: tokenOf({}).reveal() };
    const argv = [
      "--sign=keyless",
      "--forge=directory",
      "--dry-run=false",
      "--targets=linux/amd64",
    ];
    const { status, stderr } = await call([...argv, ...given], folder, env);
    expect(stderr).toContain(words);
    expect(status).not.toBe(0);
  });
});
