import type { Secret } from "./secret.ts";

/** How this run can obtain an OIDC identity token, if at all. */
export type IdentitySource =
  | {
      readonly kind: "github";
      /** `ACTIONS_ID_TOKEN_REQUEST_URL`. */
      readonly url: string;
      /** `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
      readonly token: Secret;
    }
  /** `SIGSTORE_ID_TOKEN`. */
  | { readonly kind: "token"; readonly token: Secret };
