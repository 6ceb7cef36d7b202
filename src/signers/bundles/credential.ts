import type { KeyObject } from "node:crypto";

/** What signs, and what proves to a reader who that is. */
export interface Credential {
  readonly privateKey: KeyObject;
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
