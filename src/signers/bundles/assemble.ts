import {
  type BundleWithDsseEnvelope,
  type BundleWithMessageSignature,
  bundleToJSON,
  toMessageSignatureBundle,
} from "@sigstore/bundle";
import {
  DSSEBundleBuilder,
  MessageSignatureBundleBuilder,
  type Signature,
  type Witness,
} from "@sigstore/sign";
import type { Subject } from "../signer.ts";
import type { Credential } from "./credential.ts";
import { IN_TOTO } from "./dsse.ts";
import { derOf } from "./pem.ts";

/**
 * Signs a subject, lets every witness testify to it and writes the sigstore bundle v0.3 as JSON. A file is
 * hashed and signed as it streams by.
 */
export async function assembleBundle(
  subject: Subject,
  credential: Credential,
  witnesses: readonly Witness[],
  signal?: AbortSignal,
): Promise<string> {
  const bundle =
    subject.kind === "file"
      ? await assembleFile(subject, credential, [...witnesses], signal)
      : await assembleStatement(subject.statement, credential, [...witnesses], signal);
  return `${JSON.stringify(bundleToJSON(bundle))}\n`;
}

type FileSubject = Extract<Subject, { kind: "file" }>;

async function assembleFile(
  subject: FileSubject,
  credential: Credential,
  witnesses: Witness[],
  signal?: AbortSignal,
) {
  const { digest, signature } = await credential.key.sign(subject.open(), signal);
  const signer = { sign: async () => ({ signature, key: keyOf(credential) }) };
  return new StreamedBundleBuilder({ signer, witnesses }).create({ data: digest });
}

/** Takes the digest for its artifact, where the library's own takes the whole file, and writes v0.3, not v0.2. */
class StreamedBundleBuilder extends MessageSignatureBundleBuilder {
  protected override async package(
    { data: digest }: { readonly data: Buffer },
    { signature, key }: Signature,
  ): Promise<BundleWithMessageSignature> {
    const proof =
      key.$case === "x509Certificate"
        ? { certificate: derOf(key.certificate) }
        : { keyHint: key.hint ?? "" };
    const bundle = toMessageSignatureBundle({ digest, signature, ...proof });
    return bundle as BundleWithMessageSignature;
  }
}

async function assembleStatement(
  statement: Uint8Array,
  credential: Credential,
  witnesses: Witness[],
  signal?: AbortSignal,
): Promise<BundleWithDsseEnvelope> {
  const signer = {
    sign: async (data: Buffer): Promise<Signature> => ({
      signature: (await credential.key.sign([data], signal)).signature,
      key: withoutHint(keyOf(credential)),
    }),
  };
  const builder = new DSSEBundleBuilder({ signer, witnesses });
  const bundle = await builder.create({ data: Buffer.from(statement), type: IN_TOTO });
  const { content } = bundle.verificationMaterial;
  if (content.$case === "publicKey" && credential.proof.kind === "key") {
    content.publicKey.hint = credential.proof.hint;
  }
  return bundle;
}

function keyOf({ proof }: Credential): Signature["key"] {
  return proof.kind === "certificate"
    ? { $case: "x509Certificate", certificate: proof.pem }
    : { $case: "publicKey", publicKey: proof.pem, hint: proof.hint };
}

/** The library makes the hint the envelope's keyid, and cosign then finds no signature that matches. */
function withoutHint(key: Signature["key"]): Signature["key"] {
  return key.$case === "publicKey" ? { $case: "publicKey", publicKey: key.publicKey } : key;
}
