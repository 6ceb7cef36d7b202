import type { SigningKey } from "./signing-key.ts";

/** What signs, and what proves to a reader who that is. */
export interface Credential {
  readonly key: SigningKey;
  readonly proof:
    | {
        readonly kind: "certificate";
        /** The leaf. */
        readonly pem: string;
      }
    | {
        readonly kind: "key";
        /** SPKI. */
        readonly pem: string;
        /** See `keyHint`. */
        readonly hint: string;
      };
}
