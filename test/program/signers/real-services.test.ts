import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import { derOf } from "../../../src/signers/bundles/pem.ts";
import { signerFor } from "../../../src/signers/index.ts";
import type { Signer, Subject } from "../../../src/signers/signer.ts";
import { clock } from "../../../src/world/node/clock.ts";
import { http } from "../../../src/world/node/http.ts";
import { random } from "../../../src/world/node/random.ts";
import { type Sigstore, startSigstore } from "../../support/sigstore/services.ts";

function has(program: string) {
  return spawnSync("which", [program]).status === 0;
}
const installed = [
  "fulcio",
  "timestamp-server",
  "rekor-server",
  "posix",
  "trillian-memory",
  "cosign",
].every(has);

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
let issuer: Server;
let sigstore: Sigstore;
let folder: string;
let trustedRoot: string;
const children: ChildProcess[] = [];
const place = { fulcio: "", tsa: "", issuer: "", rekor: "", tiles: "" };

/**
 * A campaign, not for every run. The services come from the Go module proxy:
 *
 *     go install github.com/sigstore/fulcio@v1.8.8
 *     go install github.com/sigstore/timestamp-authority/v2/cmd/timestamp-server@v2.1.5
 *     go install github.com/sigstore/rekor/cmd/rekor-server@v1.5.5
 *     go install github.com/sigstore/rekor-tiles/v2/cmd/rekor-server/posix@v2.3.0
 *     cd test/support/sigstore/trillian && go build -mod=mod -o "$(go env GOPATH)/bin/trillian-memory" .
 */
describe.skipIf(!installed)(
  "Fulcio, Rekor and the timestamp authority themselves",
  { timeout: 60_000 },
  () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "fulcio-"));
      sigstore = await startSigstore();
      await startIssuer();
      await startFulcio();
      await startTimestampAuthority();
      await startRekor();
      await startRekorTiles();
      trustedRoot = await trustTheirs();
      writeFileSync(join(folder, "trusted_root.json"), trustedRoot);
    });
    afterAll(async () => {
      for (const child of children) child.kill("SIGKILL");
      issuer.close();
      await sigstore.close();
      rmSync(folder, { recursive: true });
    });

    const signerOf = async (claims: object = {}): Promise<Signer> => {
      const identity = { kind: "token", token: jwt(claims) } as const;
      const signing = sigstore.signing({ fulcioUrl: place.fulcio, tsaUrl: place.tsa });
      return (await signerFor(
        signing,
        { identity, trustedRoot },
        { http, clock, random },
      )) as Signer;
    };

    it.each([
      ["Rekor v1", 1, () => place.rekor],
      ["Rekor v2", 2, () => place.tiles],
    ] as const)("make what cosign then accepts: %s", async (_which, rekorVersion, rekor) => {
      const identity = { kind: "token", token: jwt() } as const;
      const change = {
        fulcioUrl: place.fulcio,
        tsaUrl: place.tsa,
        rekorUrl: rekor(),
        rekorVersion,
      };
      const material = { identity, trustedRoot };
      const signer = (await signerFor(sigstore.signing(change), material, {
        http,
        clock,
        random,
      })) as Signer;
      await signer.check();
      const [bundle, attestation] = await Promise.all([signer.sign(file), signer.sign(statement)]);
      const by = { kind: "keyless", subject: workflow, issuer: place.issuer };
      expect(await signer.verify(file, bundle)).toMatchObject(by);
      expect(await signer.verify(statement, attestation)).toMatchObject(by);
      put("bundle.json", bundle);
      put("attestation.json", attestation);
      const who = (identity: string) => [
        "--use-signed-timestamps",
        "--insecure-ignore-sct",
        `--certificate-identity=${identity}`,
        `--certificate-oidc-issuer=${place.issuer}`,
      ];
      expect(cosign("verify-blob", "bundle.json", ...who(workflow)), rejection).toBe(true);
      expect(cosign("verify-blob", "bundle.json", ...who(`${workflow}x`))).toBe(false);
      const type = ["--type", "slsaprovenance1"];
      expect(
        cosign("verify-blob-attestation", "attestation.json", ...type, ...who(workflow)),
        rejection,
      ).toBe(true);
      expect(cosign("verify-blob-attestation", "attestation.json", ...type, ...who("x"))).toBe(
        false,
      );
    });

    const ecdsa = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
    const rsa = () => generateKeyPairSync("rsa", { modulusLength: 3072 });
    it.each([
      ["ECDSA, Rekor v1", ecdsa, 1, () => place.rekor],
      ["RSA, Rekor v1", rsa, 1, () => place.rekor],
      ["ECDSA, Rekor v2", ecdsa, 2, () => place.tiles],
      ["RSA, Rekor v2", rsa, 2, () => place.tiles],
    ] as const)(
      "log what a key signed, and what it signed again: %s",
      async (_type, makeKeys, rekorVersion, rekor) => {
        const { privateKey, publicKey } = makeKeys();
        const key = new Secret(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
        const signing = sigstore.signing({
          mode: "key",
          rekorUrl: rekor(),
          rekorVersion,
          tsaUrl: null,
        });
        put("key.pub", publicKey.export({ type: "spki", format: "pem" }).toString());
        const once = async () => {
          const signer = (await signerFor(
            signing,
            { key, trustedRoot },
            { http, clock, random },
          )) as Signer;
          for (const [subject, command] of [
            [file, "verify-blob"],
            [statement, "verify-blob-attestation"],
          ] as const) {
            const bundle = await signer.sign(subject);
            await signer.verify(subject, bundle);
            put("bundle.json", bundle);
            const type = subject === file ? [] : ["--type", "slsaprovenance1"];
            expect(cosign(command, "bundle.json", ...type, "--key", "key.pub"), rejection).toBe(
              true,
            );
          }
        };
        await once();
        // RSA signs the same bytes the same way, and a v2 log does not give its entries out again.
        if (rekorVersion === 2 && makeKeys === rsa)
          await expect(once()).rejects.toThrow("already contains this signature");
        else await once();
      },
    );

    it("an issuer that Fulcio does not know is named before anything is built", async () => {
      const signer = await signerOf({ iss: "https://other.test" });
      await expect(signer.check()).rejects.toThrow("does not accept the issuer https://other.test");
    });

    it("a token that Fulcio refuses is explained and not shown", async () => {
      const forged = new Secret(`${jwt().reveal().split(".").slice(0, 2).join(".")}.AAAA`);
      const signing = sigstore.signing({ fulcioUrl: place.fulcio, tsaUrl: place.tsa });
      const material = { identity: { kind: "token", token: forged } as const, trustedRoot };
      const signer = (await signerFor(signing, material, { http, clock, random })) as Signer;
      const error = await signer.sign(file).catch((reason: unknown) => reason as Error);
      expect(error).toMatchObject({
        message: expect.stringContaining("answered 400"),
        hint: expect.stringContaining(place.issuer),
      });
      expect(String((error as Error).stack)).not.toContain(forged.reveal());
    });
  },
);

function put(name: string, text: string) {
  return writeFileSync(join(folder, name), text);
}

let rejection = "";
/** Whether cosign accepts, without any network. */
function cosign(command: string, bundle: string, ...more: string[]): boolean {
  put("checksums.txt", "abc");
  const args = [
    command,
    "--bundle",
    bundle,
    "--trusted-root",
    "trusted_root.json",
    ...more,
    "checksums.txt",
  ];
  const env = { ...process.env, HTTPS_PROXY: "http://127.0.0.1:1" };
  const { status, stderr } = spawnSync("cosign", args, { cwd: folder, encoding: "utf8", env });
  if (status !== 0) rejection = stderr;
  return status === 0;
}

const statement: Subject = {
  kind: "statement",
  name: "provenance",
  statement: Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [
        {
          name: "checksums.txt",
          digest: { sha256: createHash("sha256").update("abc").digest("hex") },
        },
      ],
      predicateType: "https://slsa.dev/provenance/v1",
      predicate: { buildDefinition: {}, runDetails: {} },
    }),
  ),
};
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

async function startRekor(): Promise<void> {
  const trillian = spawn("trillian-memory", { stdio: ["ignore", "pipe", "ignore"] });
  children.push(trillian);
  const address = await new Promise<string>((done) =>
    trillian.stdout.once("data", (data) => done(String(data).trim())),
  );
  const port = await freePort();
  place.rekor = `http://127.0.0.1:${port}`;
  start("rekor-server", [
    "serve",
    `--port=${port}`,
    "--rekor_server.signer=memory",
    "--rekor_server.hostname=rekor.theirs",
    "--trillian_log_server.address=127.0.0.1",
    `--trillian_log_server.port=${address.split(":").at(-1)}`,
  ]);
  await answers(`${place.rekor}/api/v1/log/publicKey`);
}

async function startRekorTiles(): Promise<void> {
  const ports = [await freePort(), await freePort(), await freePort()];
  place.tiles = `http://127.0.0.1:${ports[0]}`;
  put("tiles.pem", tiles.privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  start("posix", [
    "serve",
    `--http-port=${ports[0]}`,
    `--grpc-port=${ports[1]}`,
    `--http-metrics-port=${ports[2]}`,
    `--hostname=${TILES}`,
    `--signer-filepath=${join(folder, "tiles.pem")}`,
    `--storage-dir=${join(folder, "tiles")}`,
    "--checkpoint-interval=1s",
    "--persistent-antispam",
  ]);
  await answers(`${place.tiles}/healthz`);
}

const TILES = "tiles.theirs";
const tiles = generateKeyPairSync("ed25519");

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
  const rawBytes = derOf(await answers(`${place.rekor}/api/v1/log/publicKey`));
  const [log] = root.tlogs;
  const rekor = {
    ...log,
    baseUrl: "https://rekor.theirs",
    publicKey: { ...log.publicKey, rawBytes: rawBytes.toString("base64") },
    logId: { keyId: createHash("sha256").update(rawBytes).digest("base64") },
  };
  return JSON.stringify({
    ...root,
    ctlogs: [],
    tlogs: [...root.tlogs, rekor, tilesLog(root.tlogs[1])],
    certificateAuthorities: [
      { ...authority, certChain: chain(bundle.chains[0].certificates.join("\n")) },
    ],
    timestampAuthorities: [{ ...authority, certChain: chain(stamps) }],
  });
}

/** C2SP signed-note: the key's id is the hash of its name, its algorithm and itself. */
function tilesLog(like: { publicKey: object }) {
  const rawBytes = tiles.publicKey.export({ type: "spki", format: "der" });
  const named = Buffer.concat([Buffer.from(`${TILES}\n\u0001`), rawBytes.subarray(-32)]);
  return {
    ...like,
    baseUrl: `https://${TILES}`,
    publicKey: { ...like.publicKey, rawBytes: rawBytes.toString("base64") },
    logId: { keyId: createHash("sha256").update(named).digest("base64") },
  };
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
