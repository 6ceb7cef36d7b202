/** Whom the reader expects to have signed. */
export interface ExpectedSigner {
  /** The certificate's subject alternative name, to the letter. */
  readonly identity?: string;
  readonly issuer?: string;
  /** PEM (SPKI), as in cosign.pub. */
  readonly publicKey?: string;
  /** The text of sigstore's trusted_root.json; the public good one when absent. */
  readonly trustedRoot?: string;
  /** Whether a reader may have fetched some of the files only: what is not here is told, and is no fault. */
  readonly partial?: boolean;
  /** What was asked for: provenance must speak of this tag of this repository. */
  readonly source?: {
    readonly tag: string;
    readonly repository: string;
    readonly serverUrl: string;
  };
}
