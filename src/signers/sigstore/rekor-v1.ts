import { envelopeToJSON, type TransparencyLogEntry } from "@sigstore/bundle";
import type { SignatureBundle, Witness } from "@sigstore/sign";
import type { Reach } from "../../net/exchange.ts";
import { locationOf } from "../../net/follow.ts";
import { callService, JsonObject, nonsense, type Service } from "./service.ts";

/** Writes to a Rekor v1 log (api/v1); an entry that is already there is fetched. */
export function rekorV1(url: string, reach: Reach, signal?: AbortSignal): Witness {
  const entries: Service = { name: "Rekor", url: `${url}/api/v1/log/entries`, timeout: 30_000 };
  return {
    async testify(content, pem) {
      const answer = await callService(
        entries,
        {
          method: "POST",
          headers: JSON_HEADERS,
          body: JSON.stringify(proposedEntry(content, pem)),
          // A try that timed out may have been written: common enough.
          accept: [409],
          signal,
        },
        reach,
      );
      if (answer.status !== 409)
        return { tlogEntries: [readEntry(answer.as(JsonObject), entries)] };
      const uuid = /\/([0-9a-f]{64,80})$/.exec(locationOf(answer) ?? "")?.[1];
      if (uuid === undefined)
        throw nonsense(entries, "409 without the location of the existing entry");
      const found = { ...entries, url: `${entries.url}/${uuid}` };
      const entry = await callService(
        found,
        { method: "GET", headers: JSON_HEADERS, signal },
        reach,
      );
      return { tlogEntries: [readEntry(entry.as(JsonObject), found)] };
    },
  };
}

const JSON_HEADERS = { "content-type": "application/json", accept: "application/json" };

/** Rekor's types hashedrekord 0.0.1 and dsse 0.0.1. */
function proposedEntry(content: SignatureBundle, pem: string) {
  const verifier = Buffer.from(pem).toString("base64");
  if (content.$case === "dsseEnvelope") {
    const envelope = JSON.stringify(envelopeToJSON(content.dsseEnvelope));
    return {
      apiVersion: "0.0.1",
      kind: "dsse",
      spec: { proposedContent: { envelope, verifiers: [verifier] } },
    };
  }
  const { messageDigest, signature } = content.messageSignature;
  const value = messageDigest?.digest.toString("hex");
  return {
    apiVersion: "0.0.1",
    kind: "hashedrekord",
    spec: {
      data: { hash: { algorithm: "sha256", value } },
      signature: { content: signature.toString("base64"), publicKey: { content: verifier } },
    },
  };
}

interface LogEntry {
  body: string;
  integratedTime: number;
  logID: string;
  /** Go leaves it out when it is 0. */
  logIndex?: number;
  verification: {
    signedEntryTimestamp?: string;
    inclusionProof?: {
      logIndex?: number;
      treeSize: number;
      rootHash: string;
      hashes: string[];
      checkpoint: string;
    };
  };
}

function readEntry(answer: Record<string, unknown>, service: Service): TransparencyLogEntry {
  const [entry, ...more] = Object.values(answer) as LogEntry[];
  try {
    if (entry !== undefined && more.length === 0) return toTransparencyLogEntry(entry);
  } catch {
    // Told below.
  }
  throw nonsense(service, "JSON that is not a log entry");
}

function toTransparencyLogEntry(entry: LogEntry): TransparencyLogEntry {
  const canonicalizedBody = Buffer.from(entry.body, "base64");
  const { kind, apiVersion } = JSON.parse(canonicalizedBody.toString("utf8")) as {
    kind: string;
    apiVersion: string;
  };
  const { signedEntryTimestamp, inclusionProof: proof } = entry.verification;
  return {
    logIndex: String(entry.logIndex ?? 0),
    logId: { keyId: Buffer.from(entry.logID, "hex") },
    kindVersion: { kind, version: apiVersion },
    integratedTime: String(entry.integratedTime),
    inclusionPromise:
      signedEntryTimestamp === undefined
        ? undefined
        : { signedEntryTimestamp: Buffer.from(signedEntryTimestamp, "base64") },
    inclusionProof:
      proof === undefined
        ? undefined
        : {
            logIndex: String(proof.logIndex ?? 0),
            treeSize: String(proof.treeSize),
            rootHash: Buffer.from(proof.rootHash, "hex"),
            hashes: (proof.hashes ?? []).map((hash) => Buffer.from(hash, "hex")),
            checkpoint: { envelope: proof.checkpoint },
          },
    canonicalizedBody,
  };
}
