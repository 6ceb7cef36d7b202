import { createHash, createSign, type KeyObject, sign } from "node:crypto";
import { Problem } from "../../model/problem.ts";

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What a signature was made over, and the signature. */
interface Signed {
  /** sha256 of everything that was signed. */
  readonly digest: Buffer;
  readonly signature: Buffer;
}

/** A key that signs, wherever it is kept. */
export interface SigningKey {
  sign(chunks: Chunks, signal?: AbortSignal): Promise<Signed>;
}

/** What EdDSA signs it has to hold in memory: its own hash begins with the key (RFC 8032 §5.1.6). */
const LARGEST_IN_MEMORY = 2 ** 29;

/** A key in this process: ECDSA and RSA (PKCS#1 v1.5) over sha256, which is what cosign expects of every size; Ed25519. */
export function localKey(key: KeyObject): SigningKey {
  return {
    sign: async (chunks) =>
      key.asymmetricKeyType === "ed25519" ? signWhole(key, chunks) : signStream(key, chunks),
  };
}

async function signStream(key: KeyObject, chunks: Chunks): Promise<Signed> {
  const hash = createHash("sha256");
  const signer = createSign("sha256");
  for await (const chunk of chunks) {
    hash.update(chunk);
    signer.update(chunk);
  }
  return { digest: hash.digest(), signature: signer.sign(key) };
}

async function signWhole(key: KeyObject, chunks: Chunks): Promise<Signed> {
  const whole = await wholeOf(chunks);
  const digest = createHash("sha256").update(whole).digest();
  return { digest, signature: sign(null, whole, key) };
}

/** Everything at once, as Ed25519 needs it. Throws a `Problem` for more than can be held. */
export async function wholeOf(chunks: Chunks): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > LARGEST_IN_MEMORY) {
      throw new Problem(
        "sign-key",
        `an Ed25519 key signs files of ${LARGEST_IN_MEMORY / 2 ** 20} MiB at most`,
        { hint: "use an ECDSA or RSA key, or leave `sign-each` out" },
      );
    }
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
