import {
  createHash,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
  X509Certificate,
} from "node:crypto";
import { json } from "@sigstore/core";
import { preAuthEncoding } from "../../../src/signers/bundles/dsse.ts";

/** A Merkle tree (RFC 6962 §2.1) that grows by one leaf at a time. */
export class Tree {
  readonly leaves: Buffer[] = [];

  append(body: Buffer): number {
    this.leaves.push(hash(Buffer.from([0]), body));
    return this.leaves.length - 1;
  }

  root(leaves = this.leaves): Buffer {
    if (leaves.length === 1) return leaves[0] as Buffer;
    const split = splitOf(leaves.length);
    return hash(
      Buffer.from([1]),
      this.root(leaves.slice(0, split)),
      this.root(leaves.slice(split)),
    );
  }

  path(index: number, leaves = this.leaves): Buffer[] {
    if (leaves.length === 1) return [];
    const split = splitOf(leaves.length);
    const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
    return index < split
      ? [...this.path(index, left), this.root(right)]
      : [...this.path(index - split, right), this.root(left)];
  }
}

function splitOf(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}
function hash(...parts: Buffer[]): Buffer {
  return parts.reduce((sum, part) => sum.update(part), createHash("sha256")).digest();
}

export function canonical(value: unknown): Buffer {
  return Buffer.from(json.canonicalize(value as object));
}

/** A checkpoint: a signed note over the tree's size and root. */
export function checkpoint(
  tree: Tree,
  origin: string,
  name: string,
  id: Buffer,
  key: KeyObject,
): string {
  const note = `${origin}\n${tree.leaves.length}\n${tree.root().toString("base64")}\n`;
  const algorithm = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  const signature = Buffer.concat([id.subarray(0, 4), sign(algorithm, Buffer.from(note), key)]);
  return `${note}\n\u2014 ${name} ${signature.toString("base64")}\n`;
}

/** A request as it may come in: anything may be missing, which the log answers with a 400. */
interface ProposedV1 {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: {
    readonly data: { readonly hash: { readonly value: string } };
    readonly signature: { readonly publicKey: { readonly content: string } };
    readonly proposedContent: { readonly envelope: string; readonly verifiers: readonly string[] };
  };
}

interface RequestV2 {
  readonly hashedRekordRequestV002: {
    readonly digest: string;
    readonly signature: {
      readonly verifier: {
        readonly keyDetails: string;
        readonly x509Certificate?: { readonly rawBytes: string };
        readonly publicKey?: { readonly rawBytes: string };
      };
    };
  };
}

/** Rekor v1's two types. Throws with the words of a 400 when the request is not right. */
export function storedV1(proposed: ProposedV1): object {
  if (proposed.apiVersion !== "0.0.1") throw new Error("unknown version");
  if (proposed.kind === "hashedrekord") {
    const { data, signature } = proposed.spec;
    if (!/^[0-9a-f]{64}$/.test(data.hash.value)) throw new Error("invalid digest");
    keyOf(signature.publicKey.content);
    return proposed;
  }
  if (proposed.kind !== "dsse") throw new Error("unknown kind");
  const { envelope: text, verifiers } = proposed.spec.proposedContent;
  const envelope = JSON.parse(text);
  const payload = Buffer.from(envelope.payload, "base64");
  const key = keyOf(verifiers[0] ?? "");
  const [{ sig }] = envelope.signatures;
  const encoded = preAuthEncoding(envelope.payloadType, payload);
  if (!verify("sha256", encoded, key, Buffer.from(sig, "base64")))
    throw new Error("invalid signature");
  const sha256 = (data: Buffer | string) => ({
    algorithm: "sha256",
    value: createHash("sha256").update(data).digest("hex"),
  });
  return {
    apiVersion: "0.0.1",
    kind: "dsse",
    spec: {
      envelopeHash: sha256(text),
      payloadHash: sha256(payload),
      signatures: [{ signature: sig, verifier: verifiers[0] }],
    },
  };
}

/** Rekor v2 takes one type. */
export function storedV2(request: RequestV2): object {
  const { digest, signature, ...rest } = request.hashedRekordRequestV002;
  if (Object.keys(rest).length > 0) throw new Error("unknown field");
  const { keyDetails, x509Certificate, publicKey } = signature.verifier;
  if ((x509Certificate === undefined) === (publicKey === undefined))
    throw new Error("one verifier");
  if (!/^PKIX_(ECDSA_P256_SHA_256|RSA_PKCS1V15_(2048|3072|4096)_SHA256)$/.test(keyDetails)) {
    throw new Error("unsupported key");
  }
  if (x509Certificate) new X509Certificate(Buffer.from(x509Certificate.rawBytes, "base64"));
  if (publicKey)
    createPublicKey({
      key: Buffer.from(publicKey.rawBytes, "base64"),
      format: "der",
      type: "spki",
    });
  return {
    apiVersion: "0.0.2",
    kind: "hashedrekord",
    spec: { hashedRekordV002: { data: { algorithm: "SHA2_256", digest }, signature } },
  };
}

function keyOf(base64: string): KeyObject {
  const pem = Buffer.from(base64, "base64").toString("utf8");
  return pem.includes("CERTIFICATE") ? new X509Certificate(pem).publicKey : createPublicKey(pem);
}
