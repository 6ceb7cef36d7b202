import type { Secret } from "../../model/secret.ts";
import { PATIENT, type RetryPolicy } from "../../net/retry.ts";
import type { Server } from "../../net/server.ts";

export function githubServer(token: Secret | undefined): Server {
  return {
    name: "GitHub",
    code: "github-unavailable",
    again: "run it again: uploaded files are kept in the draft",
    secrets: token === undefined ? [] : [token],
    limits: /rate limit|abuse/iu,
  };
}

/** A primary limit is reset within the hour. */
export const GITHUB_PATIENCE: RetryPolicy = { ...PATIENT, patience: 75 * 60_000 };

export const USER_AGENT = "go-release-action";
