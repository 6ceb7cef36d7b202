import type { ForgeKind } from "./plan.ts";
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

/** Where the code that runs was taken from, as the place says that fetched it. */
export interface CodeOrigin {
  /** `owner/name`. */
  readonly repository: string;
  /** As it was asked for: a commit, a tag or a branch. */
  readonly ref: string;
}

/** What the place we run in says of itself; every field is a fact, none a decision. */
export interface Surroundings {
  readonly ci: boolean;
  /** Whether somebody asked for every detail in this place's log, as a runner's debug logging. */
  readonly debug?: boolean;
  /** Where the process was started; `working-directory` is relative to it. */
  readonly folder: string;
  /** Where a job's own checkout lies, absolute, whoever made it; absent where nobody says. */
  readonly project?: string;
  /** What started the run; a withdrawn release was deleted or is a draft again. */
  readonly ref?: {
    readonly kind: "tag" | "branch" | "pull-request" | "withdrawn-release";
    readonly name: string;
  };
  readonly commit?: string;
  /** The forge that this place belongs to. */
  readonly forge?: ForgeKind;
  readonly repository?: string;
  readonly apiUrl?: string;
  readonly serverUrl?: string;
  readonly token?: Secret;
  /** The registry of container images that belongs to this place, and who may push there. */
  readonly registry?: {
    readonly host: string;
    readonly user: string;
    readonly password: Secret;
    /** As people know it, e.g. `the job's token`. */
    readonly origin: string;
  };
  /** Whether anybody may read the project; absent when the place does not say. */
  readonly public?: boolean;
  readonly identity?: IdentitySource;
  /** SLSA's builder id and the run's URL; absent in a terminal. */
  readonly builder?: string;
  readonly runUrl?: string;
  readonly runId?: string;
  /** What all jobs of one run of a workflow or pipeline have in common; absent in a terminal. */
  readonly run?: string;
  /** Of this program, where it was fetched as an action. */
  readonly code?: CodeOrigin;
}
