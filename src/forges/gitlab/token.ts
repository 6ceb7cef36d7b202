import { JobToken, type Secret } from "../../model/secret.ts";

/** What opens the project: the job's own token, or a personal, project or group access token. */
export interface Token {
  readonly kind: "job" | "private";
  readonly secret: Secret;
}

export function tokenOf(secret: Secret): Token {
  return {
    kind: secret instanceof JobToken ? "job" : "private",
    secret,
  };
}

const HEADERS = { job: "job-token", private: "private-token" } as const;

/** The one header that carries it. Job tokens sent as `PRIVATE-TOKEN` are refused, and the reverse. */
export function tokenHeader({ kind, secret }: Token): Record<string, string> {
  return {
    [HEADERS[kind]]: secret.reveal(),
  };
}
