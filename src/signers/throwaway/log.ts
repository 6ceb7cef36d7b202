import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { json } from "@sigstore/core";
import { HashAlgorithm, PublicKeyDetails, type TrustedRoot } from "@sigstore/protobuf-specs";
import type { SignatureBundle, Witness } from "@sigstore/sign";
import type { Clock } from "../../world/world.ts";
import { emptyRoot } from "../trust/trusted-root.ts";

/** A transparency log that lives as long as this process and has one entry at a time. */
export interface LocalLog {
  readonly witness: Witness;
  /** Trusts this log and nothing else. */
  readonly root: TrustedRoot;
}

const NAME = "throwaway.invalid";

/** Makes a log whose entries verify as Rekor v1's do: signed entry timestamp, inclusion proof, checkpoint. */
export function localLog(clock: Clock): LocalLog {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const rawBytes = publicKey.export({ type: "spki", format: "der" });
  const keyId = createHash("sha256").update(rawBytes).digest();
  const signed = (text: string) => sign("sha256", Buffer.from(text), privateKey);
  const start = new Date(clock.now() - 60_000);

  return {
    root: {
      ...emptyRoot(),
      tlogs: [
        {
          baseUrl: `https://${NAME}`,
          hashAlgorithm: HashAlgorithm.SHA2_256,
          publicKey: {
            rawBytes,
            keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256,
            validFor: { start },
          },
          logId: { keyId },
          checkpointKeyId: undefined,
          operator: "",
        },
      ],
    },
    witness: {
      testify: async (content, pem) => {
        const entry = entryOf(content, pem);
        const canonicalizedBody = Buffer.from(json.canonicalize(entry));
        const integratedTime = Math.floor(clock.now() / 1000);
        const promise = json.canonicalize({
          body: canonicalizedBody.toString("base64"),
          integratedTime,
          logIndex: 0,
          logID: keyId.toString("hex"),
        });
        const rootHash = createHash("sha256").update("\0").update(canonicalizedBody).digest();
        const note = `${NAME} - 1\n1\n${rootHash.toString("base64")}\n`;
        const hintAndSignature = Buffer.concat([keyId.subarray(0, 4), signed(note)]);
        const envelope = `${note}\n\u2014 ${NAME} ${hintAndSignature.toString("base64")}\n`;
        return {
          tlogEntries: [
            {
              logIndex: "0",
              logId: { keyId },
              kindVersion: { kind: entry.kind, version: entry.apiVersion },
              integratedTime: String(integratedTime),
              inclusionPromise: { signedEntryTimestamp: signed(promise) },
              inclusionProof: {
                logIndex: "0",
                treeSize: "1",
                rootHash,
                hashes: [],
                checkpoint: { envelope },
              },
              canonicalizedBody,
            },
          ],
        };
      },
    },
  };
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
