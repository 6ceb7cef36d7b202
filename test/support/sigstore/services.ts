import { createHash, generateKeyPairSync, type KeyPairKeyObjectResult, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTSA,
  tsaHandler,
} from "@sigstore/mock";
import { HashAlgorithm, PublicKeyDetails, TrustedRoot } from "@sigstore/protobuf-specs";
import type { Signing } from "../../../src/model/plan.ts";
import { tokenOf } from "./identity-tokens.ts";
import { canonical, checkpoint, storedV1, storedV2, Tree } from "./log.ts";

/** Answers instead of a service; undefined lets the service answer. */
export type Fault = (path: string, request: IncomingMessage, response: ServerResponse) => boolean;

export interface Sigstore {
  readonly url: string;
  /** sigstore's trusted_root.json. */
  readonly trustedRoot: string;
  /** `METHOD path` of every request, in order. */
  readonly requests: string[];
  /** What those requests said that the services answered. */
  readonly received: Received[];
  /** What a job needs to be given an identity token, as GitHub offers it. */
  readonly offer: { readonly url: string; readonly token: string };
  /** The identity tokens that were given out. */
  readonly issued: string[];
  /** Claims of the tokens that are given out, besides the usual ones. */
  claims: Readonly<Record<string, unknown>>;
  /** Whom a token must be for to be certified. */
  audience: string;
  /** Milliseconds that the CA's clock is off. */
  skewCa: number;
  fault: Fault | undefined;
  signing(change?: Partial<Signing>): Signing;
  close(): Promise<void>;
}

export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

function ec(namedCurve: string) {
  return generateKeyPairSync("ec", { namedCurve });
}

/** Fulcio, Rekor v1, Rekor v2, a timestamp authority and an issuer of identity tokens on loopback, with a trust root of their own. */
export async function startSigstore(): Promise<Sigstore> {
  const keys = {
    ca: ec("P-384"),
    ct: ec("P-256"),
    tsa: ec("P-384"),
    v1: ec("P-256"),
    v2: generateKeyPairSync("ed25519"),
  };
  const [caClock, tsaClock] = [new Date(), new Date()];
  const ctlog = await initializeCTLog(keys.ct, caClock);
  const ca = await initializeCA(keys.ca, ctlog, caClock);
  const tsa = await initializeTSA(keys.tsa, tsaClock);
  const [fulcio, stamp] = [fulcioHandler(ca), tsaHandler(tsa)];
  const [v1, v2] = [rekorV1(keys.v1), rekorV2(keys.v2)];

  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    sigstore.requests.push(`${request.method} ${path}`);
    if (sigstore.fault?.(path, request, response)) return;
    const body = await read(request);
    sigstore.received.push({ path, headers: request.headers, body });
    const reply = (status: number, type: string, data: string | Buffer, headers = {}) =>
      response.writeHead(status, { "content-type": type, ...headers }).end(data);
    const secondsNow = Math.floor(Date.now() / 1000) * 1000;
    caClock.setTime(secondsNow + sigstore.skewCa);
    tsaClock.setTime(secondsNow);
    try {
      if (path === "/api/v2/signingCert" || path === "/api/v1/timestamp") {
        if (path.endsWith("Cert")) assertAudience(body, sigstore.audience);
        const answer = await (path.endsWith("stamp") ? stamp.fn(body) : fulcio.fn(named(body)));
        reply(answer.statusCode, answer.contentType ?? "text/plain", answer.response as Buffer);
      } else if (path.startsWith("/api/v1/log/entries")) {
        const answer = v1(request.method ?? "", path, body);
        reply(answer.status, "application/json", JSON.stringify(answer.body), answer.headers);
      } else if (path === "/api/v2/log/entries") {
        reply(201, "application/json", JSON.stringify(v2(body)));
      } else if (path.startsWith(`${ISSUER}&audience=`)) {
        if (request.headers.authorization !== `Bearer ${sigstore.offer.token}`)
          throw new Error("not the job's own token");
        const aud = new URL(path, url).searchParams.get("audience");
        const exp = Math.floor(Date.now() / 1000) + 300;
        const issued = tokenOf({ exp, aud, ...sigstore.claims }).reveal();
        sigstore.issued.push(issued);
        reply(200, "application/json", JSON.stringify({ value: issued }));
      } else reply(404, "application/json", '{"message":"not found"}');
    } catch (error) {
      reply(400, "application/json", JSON.stringify({ message: (error as Error).message }));
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const validFor = { start: new Date(Date.now() - 7_200_000) };
  const log = (keyPair: KeyPairKeyObjectResult, baseUrl: string, keyId: Buffer, isEd = false) => ({
    baseUrl,
    hashAlgorithm: HashAlgorithm.SHA2_256,
    publicKey: {
      rawBytes: spki(keyPair),
      keyDetails: isEd ? PublicKeyDetails.PKIX_ED25519 : PublicKeyDetails.PKIX_ECDSA_P256_SHA_256,
      validFor,
    },
    logId: { keyId },
    checkpointKeyId: undefined,
    operator: "",
  });
  const authority = (certificates: Buffer[]) => ({
    subject: { commonName: "sigstore", organization: "sigstore.mock" },
    uri: url,
    certChain: { certificates: certificates.map((rawBytes) => ({ rawBytes })) },
    validFor,
    operator: "",
  });
  const root: TrustedRoot = {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [
      log(keys.v1, `https://${V1}`, sha256(spki(keys.v1))),
      log(keys.v2, `https://${V2}`, ed25519Id(keys.v2), true),
    ],
    ctlogs: [log(keys.ct, "https://ct.test", sha256(spki(keys.ct)))],
    certificateAuthorities: [authority([ca.rootCertificate as Buffer])],
    timestampAuthorities: [authority([tsa.intCertificate, tsa.rootCertificate] as Buffer[])],
  };

  const sigstore: Sigstore = {
    url,
    trustedRoot: JSON.stringify(TrustedRoot.toJSON(root)),
    requests: [],
    received: [],
    offer: { url: `${url}${ISSUER}`, token: "request-token-7d0c2f9be1a4" },
    issued: [],
    claims: {},
    audience: "sigstore",
    skewCa: 0,
    fault: undefined,
    signing: (change = {}) => ({
      mode: "keyless",
      reason: "",
      everyArchive: false,
      fulcioUrl: url,
      audience: sigstore.audience,
      rekorUrl: url,
      rekorVersion: 1,
      tsaUrl: url,
      ...change,
    }),
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return sigstore;
}

function claimsIn(body: string): Record<string, unknown> {
  const request = JSON.parse(body) as { credentials: { oidcIdentityToken: string } };
  const [, payload = ""] = request.credentials.oidcIdentityToken.split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
}

/** As Fulcio does, in its words. */
function assertAudience(body: string, audience: string): void {
  if (claimsIn(body)["aud"] !== audience)
    throw new Error("There was an error processing the identity token");
}

/** The mock names a certificate after `sub`; Fulcio names GitLab's after the pipeline's configuration file. */
function named(body: string): string {
  const { ci_config_ref_uri: file } = claimsIn(body);
  if (typeof file !== "string") return body;
  const request = JSON.parse(body) as object;
  const sub = `https://${file}`;
  const oidcIdentityToken = tokenOf({ ...claimsIn(body), iss: GITLAB, sub }).reveal();
  return JSON.stringify({ ...request, credentials: { oidcIdentityToken } });
}

const GITLAB = "https://gitlab.com";
const ISSUER = "/idtoken?api-version=2.0";
const V1 = "rekor.test";
const V2 = "log2026.rekor.test";

function rekorV1(keys: KeyPairKeyObjectResult) {
  const tree = new Tree();
  const id = sha256(spki(keys));
  const entries = new Map<string, { body: Buffer; index: number; time: number }>();
  const answer = (uuid: string) => {
    const {
      body,
      index: logIndex,
      time: integratedTime,
    } = entries.get(uuid) as never as {
      body: Buffer;
      index: number;
      time: number;
    };
    const signed = {
      body: body.toString("base64"),
      integratedTime,
      logIndex,
      logID: id.toString("hex"),
    };
    return {
      [uuid]: {
        ...signed,
        verification: {
          signedEntryTimestamp: sign("sha256", canonical(signed), keys.privateKey).toString(
            "base64",
          ),
          inclusionProof: {
            logIndex,
            treeSize: tree.leaves.length,
            rootHash: tree.root().toString("hex"),
            hashes: tree.path(logIndex).map((one) => one.toString("hex")),
            checkpoint: checkpoint(tree, `${V1} - 42`, V1, id, keys.privateKey),
          },
        },
      },
    };
  };
  return (method: string, path: string, text: string) => {
    if (method === "GET") return { status: 200, body: answer(path.split("/").at(-1) as string) };
    const body = canonical(storedV1(JSON.parse(text)));
    const uuid = `${"0".repeat(16)}${sha256(body).toString("hex")}`;
    if (entries.has(uuid)) {
      const headers = { location: `/api/v1/log/entries/${uuid}` };
      return {
        status: 409,
        body: { code: 409, message: "an equivalent entry already exists" },
        headers,
      };
    }
    entries.set(uuid, { body, index: tree.append(body), time: Math.floor(Date.now() / 1000) });
    return { status: 201, body: answer(uuid) };
  };
}

function rekorV2(keys: KeyPairKeyObjectResult) {
  const tree = new Tree();
  const id = ed25519Id(keys);
  return (text: string) => {
    const body = canonical(storedV2(JSON.parse(text)));
    const index = tree.append(body);
    return {
      // Go leaves out what is 0.
      ...(index === 0 ? {} : { logIndex: String(index) }),
      logId: { keyId: id.toString("base64") },
      kindVersion: { kind: "hashedrekord", version: "0.0.2" },
      inclusionProof: {
        ...(index === 0 ? {} : { logIndex: String(index) }),
        treeSize: String(tree.leaves.length),
        rootHash: tree.root().toString("base64"),
        hashes: tree.path(index).map((one) => one.toString("base64")),
        checkpoint: { envelope: checkpoint(tree, V2, V2, id, keys.privateKey) },
      },
      canonicalizedBody: body.toString("base64"),
    };
  };
}

function sha256(data: Buffer): Buffer {
  return createHash("sha256").update(data).digest();
}
function spki({ publicKey }: KeyPairKeyObjectResult): Buffer {
  return publicKey.export({ type: "spki", format: "der" });
}
/** C2SP signed-note: the key's id is the hash of its name, its algorithm and itself. */
function ed25519Id(keys: KeyPairKeyObjectResult): Buffer {
  return sha256(Buffer.concat([Buffer.from(`${V2}\n\u0001`), spki(keys).subarray(-32)]));
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
