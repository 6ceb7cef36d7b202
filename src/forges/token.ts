import type { Secret } from "../model/secret.ts";

/** What opens a project: a CI job's own token, or a personal, project or group access token. */
export interface Token {
  readonly kind: "job" | "private";
  readonly secret: Secret;
}
