import type { Readable } from "node:stream";

/** What is signed: a file as it is (a message signature), or an in-toto statement in a DSSE envelope. */
export type Subject =
  | {
      readonly kind: "file";
      readonly name: string;
      /** A fresh stream over the file's bytes. */
      readonly open: () => Readable;
    }
  | { readonly kind: "statement"; readonly name: string; readonly statement: Uint8Array };

/** Who signed, as the certificate or the key tells it. */
export interface Identity {
  readonly kind: "keyless" | "key" | "throwaway";
  /** The certificate's subject alternative name, or the key's hint (base64 of sha256 of its SPKI DER). */
  readonly subject: string;
  /** The OIDC issuer; only of keyless signatures. */
  readonly issuer?: string;
  /** The commit that the run was started for, where the certificate names it. */
  readonly commit?: string;
}

/** What a reader is given to verify a signer's bundles, besides whom to expect. */
export interface ReaderTrust {
  /** PEM (SPKI); absent where certificates say whose a key is. */
  readonly publicKey?: string;
  /** The text of sigstore's trusted_root.json. */
  readonly trustedRoot: string;
}

/** Makes sigstore bundles (v0.3 JSON) as `cosign sign-blob` and `cosign attest-blob` would. One serves a run. */
export interface Signer {
  /**
   * Claims, keys and services are looked at before anything is built; throws a `Problem` with the cure.
   * Contacts no transparency log and leaves no trace.
   */
  check(signal?: AbortSignal): Promise<void>;
  /** The bundle as JSON text. Throws a `Problem` when a service refuses or stays away. */
  sign(subject: Subject, signal?: AbortSignal): Promise<string>;
  /** The gate: verifies a bundle this signer just made against the trust root. Throws a `Problem`. */
  verify(subject: Subject, bundle: string): Promise<Identity>;
  /** For those who verify what it made with nothing else at hand. */
  trust(): Promise<ReaderTrust>;
}
