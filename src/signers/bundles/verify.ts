import { createHash, createVerify, type KeyObject, verify } from "node:crypto";
import { type Bundle, bundleFromJSON } from "@sigstore/bundle";
import { PublicKeyDetails, type TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { defined } from "../../model/defined.ts";
import { Problem } from "../../model/problem.ts";
import type { Subject } from "../signer.ts";
import { type CertifiedSource, certifiedSource } from "./certified-source.ts";
import { IN_TOTO, preAuthEncoding } from "./dsse.ts";
import { keyHint } from "./key-hint.ts";
import { wholeOf } from "./signing-key.ts";

/** What a bundle has to show for itself. */
export type Trust =
  /** A certificate from one of the root's authorities, written to one of its logs while it was valid. */
  | { readonly kind: "certificate"; readonly root: TrustedRoot }
  | {
      readonly kind: "key";
      readonly publicKey: KeyObject;
      readonly root: TrustedRoot;
      /** Whether an entry in one of the root's logs is demanded. */
      readonly log: boolean;
    };

/** Who signed: a certificate's subject alternative name and issuer, or a key's hint. */
export interface Signatory {
  readonly kind: "certificate" | "key";
  readonly subject: string;
  readonly issuer?: string;
  /** What the run was of, where the authority certifies that. */
  readonly source?: CertifiedSource;
}

/**
 * Verifies one bundle: signature, certificate chain, SCT, log entries and timestamps. Files are streamed.
 * Throws a `Problem`; whom to believe is left to the caller, who is told who signed.
 */
export async function verifyBundle(
  subject: Subject,
  text: string,
  trust: Trust,
): Promise<Signatory> {
  const bundle = readBundle(text, subject.name);
  checkKind(bundle, subject);
  const isWhole = trust.kind === "key" && trust.publicKey.asymmetricKeyType === "ed25519";
  const signed = await (isWhole ? readWhole(subject) : readSigned(subject));
  try {
    const entity = toSignedEntity(bundle);
    const signature = signatureContent(bundle, signed);
    const signer = verifierFor(trust, bundle).verify({ ...entity, signature });
    return signatoryOf(bundle, signer.identity);
  } catch (error) {
    throw rejected(subject.name, error);
  }
}

/** Reads a bundle's JSON. Throws a `Problem` when it is none. */
export function readBundle(text: string, name: string): Bundle {
  try {
    return bundleFromJSON(JSON.parse(text));
  } catch (error) {
    throw new Problem("verify", `the signature of ${name} is not a sigstore bundle`, {
      cause: error,
      hint: "it is corrupted, or was not made by cosign 3, sigstore or this program",
    });
  }
}

function checkKind(bundle: Bundle, subject: Subject): void {
  const { content } = bundle;
  if (subject.kind === "file" && content.$case === "messageSignature") return;
  if (subject.kind === "statement" && content.$case === "dsseEnvelope") {
    const { payloadType, payload } = content.dsseEnvelope;
    if (payloadType === IN_TOTO && payload.equals(subject.statement)) return;
    throw new Problem("verify", `the bundle of ${subject.name} contains another statement`);
  }
  throw new Problem("verify", `the bundle of ${subject.name} is not a bundle of a ${subject.kind}`);
}

/** What was signed, streamed once into its digest and into a verification that only lacks the key. */
interface SignedContent {
  readonly digest: Buffer;
  verify(key: KeyObject, signature: Buffer): boolean;
}

function chunksOf(subject: Subject) {
  return subject.kind === "file" ? subject.open() : [preAuthEncoding(IN_TOTO, subject.statement)];
}

/** The same of a key that has to see everything at once. */
async function readWhole(subject: Subject): Promise<SignedContent> {
  const whole = await wholeOf(chunksOf(subject));
  return {
    digest: createHash("sha256").update(whole).digest(),
    verify: (key, signature) => verify(null, whole, key, signature),
  };
}

async function readSigned(subject: Subject): Promise<SignedContent> {
  const hash = createHash("sha256");
  const verification = createVerify("sha256");
  for await (const chunk of chunksOf(subject)) {
    hash.update(chunk as Buffer);
    verification.update(chunk as Buffer);
  }
  return {
    digest: hash.digest(),
    verify: (key, signature) => verification.verify(key, signature),
  };
}

/** The library's view of what was signed, whose own holds a whole file in memory. */
function signatureContent({ content }: Bundle, signed: SignedContent) {
  const envelope = content.$case === "dsseEnvelope" ? content.dsseEnvelope : undefined;
  const message = content.$case === "messageSignature" ? content.messageSignature : undefined;
  const signature = message?.signature ?? envelope?.signatures[0]?.sig ?? Buffer.alloc(0);
  const claimed = message?.messageDigest?.digest;
  const payloadDigest = envelope && createHash("sha256").update(envelope.payload).digest();
  return {
    signature,
    compareSignature: (other: Buffer) => other.equals(signature),
    // Rekor v1 logs an envelope by its payload's digest, anything else by the digest of what was signed.
    compareDigest: (other: Buffer) => other.equals(payloadDigest ?? signed.digest),
    compareSignedDigest: (other: Buffer) => other.equals(signed.digest),
    verifySignature: (key: KeyObject) =>
      (claimed === undefined || claimed.equals(signed.digest)) && signed.verify(key, signature),
  };
}

function verifierFor(trust: Trust, bundle: Bundle): Verifier {
  const presents =
    bundle.verificationMaterial.content.$case === "publicKey" ? "key" : "certificate";
  if (presents !== trust.kind) throw new Error(`it was made with a ${presents}`);
  if (trust.kind === "certificate") {
    const { ctlogs, tlogs } = trust.root;
    // An instance without logs has time stamps in their place (at least one, as the library asks by itself).
    const thresholds = {
      ctlogThreshold: Math.min(ctlogs.length, 1),
      tlogThreshold: Math.min(tlogs.length, 1),
    };
    return new Verifier(toTrustMaterial(trust.root), thresholds);
  }
  const rawBytes = trust.publicKey.export({ type: "spki", format: "der" });
  const keys = { [keyHint(trust.publicKey)]: { rawBytes, keyDetails: UNSPECIFIED } };
  return new Verifier(toTrustMaterial(trust.root, keys), {
    tlogThreshold: trust.log ? 1 : 0,
    // A key has no lifetime that a timestamp would have to fall into.
    timestampThreshold: 0,
  });
}

const UNSPECIFIED = PublicKeyDetails.PUBLIC_KEY_DETAILS_UNSPECIFIED;

type CertificateIdentity = ReturnType<Verifier["verify"]>["identity"];

function signatoryOf(bundle: Bundle, identity: CertificateIdentity): Signatory {
  const { content } = bundle.verificationMaterial;
  if (content.$case === "publicKey") return { kind: "key", subject: content.publicKey.hint };
  const issuer = identity?.extensions?.issuer;
  const leaf = leafOf(bundle);
  return defined({
    kind: "certificate",
    subject: identity?.subjectAlternativeName ?? "",
    issuer,
    source: leaf === undefined ? undefined : certifiedSource(leaf),
  });
}

/** The DER of the certificate that signed; undefined where a key did. */
export function leafOf({ verificationMaterial: { content } }: Bundle): Buffer | undefined {
  if (content.$case === "publicKey") return undefined;
  return content.$case === "certificate"
    ? content.certificate.rawBytes
    : content.x509CertificateChain.certificates[0]?.rawBytes;
}

function rejected(name: string, error: unknown): Problem {
  return new Problem("verify", `the signature of ${name} is not valid: ${reasonOf(error)}`, {
    cause: error,
    hint: "the file, its signature or the trusted root was changed, or they do not belong together",
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The library's own words would be of its fields.
  if (error instanceof TypeError) return "it lacks a part that it has to have";
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
