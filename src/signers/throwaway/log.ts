import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { json } from "@sigstore/core";
import { HashAlgorithm, PublicKeyDetails, type TrustedRoot } from "@sigstore/protobuf-specs";
import type { SignatureBundle, VerificationMaterial, Witness } from "@sigstore/sign";
import type { Clock } from "../../world/world.ts";
import { emptyRoot } from "../trust/trusted-root.ts";

const NAME = "throwaway.invalid";

/**
 * A transparency log that lives as long as this process. Its entries verify as Rekor v1's do: signed entry
 * timestamp, inclusion proof, checkpoint; each is the first of a log of its own.
 */
export class LocalLog implements Witness {
  readonly #clock: Clock;
  readonly #privateKey: KeyObject;
  readonly #publicKey: Buffer;
  readonly #id: Buffer;
  readonly #start: Date;

  constructor(clock: Clock) {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#clock = clock;
    this.#privateKey = privateKey;
    this.#publicKey = publicKey.export({ type: "spki", format: "der" });
    this.#id = createHash("sha256").update(this.#publicKey).digest();
    this.#start = new Date(clock.now() - 60_000);
  }

  /** Trusts this log and nothing else. */
  root(): TrustedRoot {
    const publicKey = {
      rawBytes: this.#publicKey,
      keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256,
      validFor: { start: this.#start },
    };
    const log = {
      baseUrl: `https://${NAME}`,
      hashAlgorithm: HashAlgorithm.SHA2_256,
      publicKey,
      logId: { keyId: this.#id },
      checkpointKeyId: undefined,
      operator: "",
    };
    return { ...emptyRoot(), tlogs: [log] };
  }

  async testify(content: SignatureBundle, pem: string): Promise<VerificationMaterial> {
    const { kind, apiVersion: version, ...rest } = entryOf(content, pem);
    const body = Buffer.from(json.canonicalize({ kind, apiVersion: version, ...rest }));
    const integratedTime = Math.floor(this.#clock.now() / 1000);
    const entry = {
      logIndex: "0",
      logId: { keyId: this.#id },
      kindVersion: { kind, version },
      integratedTime: String(integratedTime),
      inclusionPromise: { signedEntryTimestamp: this.#promise(body, integratedTime) },
      inclusionProof: this.#proof(body),
      canonicalizedBody: body,
    };
    return { tlogEntries: [entry] };
  }

  #promise(body: Buffer, integratedTime: number): Buffer {
    const promise = {
      body: body.toString("base64"),
      integratedTime,
      logIndex: 0,
      logID: this.#id.toString("hex"),
    };
    return this.#sign(json.canonicalize(promise));
  }

  #proof(body: Buffer) {
    const rootHash = createHash("sha256").update("\0").update(body).digest();
    const note = `${NAME} - 1\n1\n${rootHash.toString("base64")}\n`;
    const signature = Buffer.concat([this.#id.subarray(0, 4), this.#sign(note)]);
    const envelope = `${note}\n\u2014 ${NAME} ${signature.toString("base64")}\n`;
    return { logIndex: "0", treeSize: "1", rootHash, hashes: [], checkpoint: { envelope } };
  }

  #sign(text: string): Buffer {
    return sign("sha256", Buffer.from(text), this.#privateKey);
  }
}

/** What Rekor v1 stores: hashedrekord 0.0.1 and dsse 0.0.1. */
function entryOf(content: SignatureBundle, pem: string) {
  const verifier = Buffer.from(pem).toString("base64");
  const apiVersion = "0.0.1";
  if (content.$case === "messageSignature") {
    const { messageDigest, signature } = content.messageSignature;
    const value = messageDigest?.digest.toString("hex");
    return {
      apiVersion,
      kind: "hashedrekord",
      spec: {
        data: { hash: { algorithm: "sha256", value } },
        signature: { content: signature.toString("base64"), publicKey: { content: verifier } },
      },
    };
  }
  const { payload, signatures } = content.dsseEnvelope;
  const value = createHash("sha256").update(payload).digest("hex");
  return {
    apiVersion,
    kind: "dsse",
    spec: {
      payloadHash: { algorithm: "sha256", value },
      signatures: signatures.map(({ sig }) => ({ signature: sig.toString("base64"), verifier })),
    },
  };
}
