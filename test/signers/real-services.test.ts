import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Secret } from "../../src/model/secret.ts";
import { signerFor } from "../../src/signers/index.ts";
import type { Signer, Subject } from "../../src/signers/signer.ts";
import { clock } from "../../src/world/node/clock.ts";
import { http } from "../../src/world/node/http.ts";
import { type Sigstore, startSigstore } from "../support/sigstore/services.ts";

const has = (program: string) => spawnSync("which", [program]).status === 0;
const installed = ["fulcio", "timestamp-server", "cosign"].every(has);

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
let issuer: Server;
let sigstore: Sigstore;
let folder: string;
let trustedRoot: string;
const children: ChildProcess[] = [];
const place = { fulcio: "", tsa: "", issuer: "" };

/** A campaign, not for every run: the services come from the Go module proxy. */
describe.skipIf(!installed)(
  "Fulcio and the timestamp authority themselves",
  { timeout: 60_000 },
  () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "fulcio-"));
      sigstore = await startSigstore();
      await startIssuer();
      await startFulcio();
      await startTimestampAuthority();
      trustedRoot = await trustTheirs();
      writeFileSync(join(folder, "trusted_root.json"), trustedRoot);
    });
    afterAll(async () => {
      for (const child of children) child.kill();
      issuer.close();
      await sigstore.close();
      rmSync(folder, { recursive: true });
    });

    const signerOf = async (claims: object = {}): Promise<Signer> => {
      const identity = { kind: "token", token: jwt(claims) } as const;
      const signing = sigstore.signing({ fulcioUrl: place.fulcio, tsaUrl: place.tsa });
      return (await signerFor(signing, { identity, trustedRoot }, { http, clock })) as Signer;
    };

    it.each([1, 2] as const)(
      "certify and stamp what cosign then accepts, with Rekor v%d",
      async (rekorVersion) => {
        const identity = { kind: "token", token: jwt() } as const;
        const signing = sigstore.signing({
          fulcioUrl: place.fulcio,
          tsaUrl: place.tsa,
          rekorVersion,
        });
        const signer = (await signerFor(
          signing,
          { identity, trustedRoot },
          { http, clock },
        )) as Signer;
        await signer.check();
        const bundle = await signer.sign(file);
        expect(await signer.verify(file, bundle)).toEqual({
          kind: "keyless",
          subject: workflow,
          issuer: place.issuer,
        });
        writeFileSync(join(folder, "checksums.txt"), "abc");
        writeFileSync(join(folder, "bundle.json"), bundle);
        const accepts = (identity: string) =>
          spawnSync(
            "cosign",
            [
              "verify-blob",
              "--bundle",
              "bundle.json",
              "--trusted-root",
              "trusted_root.json",
              "--use-signed-timestamps",
              "--insecure-ignore-sct",
              "--certificate-identity",
              identity,
              "--certificate-oidc-issuer",
              place.issuer,
              "checksums.txt",
            ],
            {
              cwd: folder,
              encoding: "utf8",
              env: { ...process.env, HTTPS_PROXY: "http://127.0.0.1:1" },
            },
          );
        const accepted = accepts(workflow);
        expect(accepted.status, accepted.stderr).toBe(0);
        expect(accepts(`${workflow}x`).status).not.toBe(0);
      },
    );

    it("an issuer that Fulcio does not know is named before anything is built", async () => {
      const signer = await signerOf({ iss: "https://other.test" });
      await expect(signer.check()).rejects.toThrow("does not know the issuer https://other.test");
    });

    it("a token that Fulcio refuses is explained and not shown", async () => {
      const forged = new Secret(`${jwt().reveal().split(".").slice(0, 2).join(".")}.AAAA`);
      const signing = sigstore.signing({ fulcioUrl: place.fulcio, tsaUrl: place.tsa });
      const material = { identity: { kind: "token", token: forged } as const, trustedRoot };
      const signer = (await signerFor(signing, material, { http, clock })) as Signer;
      const error = await signer.sign(file).catch((reason: unknown) => reason as Error);
      expect(error).toMatchObject({
        message: expect.stringContaining("answered 400"),
        hint: expect.stringContaining(place.issuer),
      });
      expect(String((error as Error).stack)).not.toContain(forged.reveal());
    });
  },
);

const file: Subject = {
  kind: "file",
  name: "checksums.txt",
  open: () => Readable.from([Buffer.from("abc")]),
};
const workflow = "https://github.com/octo/hello/.github/workflows/release.yml@refs/tags/v1.2.3";

function jwt(changed: object = {}): Secret {
  const now = Math.floor(Date.now() / 1000);
  const path = "octo/hello/.github/workflows/release.yml@refs/tags/v1.2.3";
  const claims = {
    iss: place.issuer,
    aud: "sigstore",
    sub: "repo:octo/hello:ref:refs/tags/v1.2.3",
    iat: now,
    nbf: now,
    exp: now + 300,
    job_workflow_ref: path,
    workflow_ref: path,
    job_workflow_sha: "a".repeat(40),
    workflow_sha: "a".repeat(40),
    sha: "a".repeat(40),
    event_name: "push",
    repository: "octo/hello",
    repository_id: "1",
    repository_owner: "octo",
    repository_owner_id: "2",
    repository_visibility: "public",
    workflow: "release",
    ref: "refs/tags/v1.2.3",
    runner_environment: "github-hosted",
    run_id: "7",
    run_attempt: "1",
    ...changed,
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "RS256", kid: "one", typ: "JWT" })}.${part(claims)}`;
  return new Secret(
    `${signed}.${sign("sha256", Buffer.from(signed), keys.privateKey).toString("base64url")}`,
  );
}

async function startIssuer(): Promise<void> {
  issuer = createServer((request, response) => {
    const body = request.url?.endsWith("/jwks")
      ? {
          keys: [
            { ...keys.publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" },
          ],
        }
      : {
          issuer: place.issuer,
          jwks_uri: `${place.issuer}/jwks`,
          id_token_signing_alg_values_supported: ["RS256"],
          response_types_supported: ["id_token"],
          subject_types_supported: ["public"],
          authorization_endpoint: `${place.issuer}/auth`,
        };
    response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  });
  await new Promise<void>((done) => issuer.listen(0, "127.0.0.1", done));
  place.issuer = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
}

async function startFulcio(): Promise<void> {
  const config = {
    OIDCIssuers: {
      [place.issuer]: { IssuerURL: place.issuer, ClientID: "sigstore", Type: "github-workflow" },
    },
  };
  writeFileSync(join(folder, "fulcio.json"), JSON.stringify(config));
  const [port, grpc, metrics] = [await freePort(), await freePort(), await freePort()];
  place.fulcio = `http://127.0.0.1:${port}`;
  start("fulcio", [
    "serve",
    "--ca=ephemeralca",
    "--ct-log-url=",
    "--host=127.0.0.1",
    `--port=${port}`,
    "--grpc-host=127.0.0.1",
    `--grpc-port=${grpc}`,
    `--metrics-port=${metrics}`,
    `--config-path=${join(folder, "fulcio.json")}`,
    `--legacy-unix-domain-socket=${join(folder, "s")}`,
  ]);
  await answers(`${place.fulcio}/api/v2/trustBundle`);
}

async function startTimestampAuthority(): Promise<void> {
  const port = await freePort();
  place.tsa = `http://127.0.0.1:${port}`;
  start("timestamp-server", [
    "serve",
    "--host=127.0.0.1",
    `--port=${port}`,
    "--timestamp-signer=memory",
    "--disable-ntp-monitoring",
  ]);
  await answers(`${place.tsa}/api/v1/timestamp/certchain`);
}

/** The loopback logs' root with Fulcio's own and the timestamp authority's own certificates. */
async function trustTheirs(): Promise<string> {
  const root = JSON.parse(sigstore.trustedRoot);
  const chain = (pem: string) => ({
    certificates: [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END/g)].map(
      ([, body]) => ({
        rawBytes: (body ?? "").replace(/\s/g, ""),
      }),
    ),
  });
  const bundle = JSON.parse(await answers(`${place.fulcio}/api/v2/trustBundle`));
  const stamps = await answers(`${place.tsa}/api/v1/timestamp/certchain`);
  const [authority] = root.certificateAuthorities;
  return JSON.stringify({
    ...root,
    ctlogs: [],
    certificateAuthorities: [
      { ...authority, certChain: chain(bundle.chains[0].certificates.join("\n")) },
    ],
    timestampAuthorities: [{ ...authority, certChain: chain(stamps) }],
  });
}

function start(program: string, args: string[]): void {
  const child = spawn(program, args, { stdio: "ignore", cwd: folder });
  children.push(child);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function answers(url: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return response.text();
    await clock.sleep(100);
  }
  throw new Error(`${url} does not answer`);
}
