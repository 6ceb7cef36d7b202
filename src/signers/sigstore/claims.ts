import { defined } from "../../model/defined.ts";
import { parsedJson } from "../../model/parsed-json.ts";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";

/** What an identity token says, read without checking its signature: Fulcio does that. */
export interface Claims {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** What the certificate request proves possession of a key for: the verified e-mail address, else `sub`. */
  readonly subject: string;
  /** What a certificate for this token may be issued to. */
  readonly names: readonly string[];
  /** Seconds since 1970. */
  readonly expires: number;
  /** The workflow that has the job's steps, on GitHub. */
  readonly workflow?: { readonly repository: string; readonly commit: string };
}

/** Reads the claims of a JWT (RFC 7519 §7.2). Throws a `Problem` that never quotes the token. */
export function readClaims(token: Secret): Claims {
  const payload = decodePayload(token.reveal());
  if (payload["email"] !== undefined && payload["email_verified"] !== true) {
    throw malformed("its e-mail address is not verified by the issuer");
  }
  const subject = payload["email"] ?? payload["sub"];
  const { iss: issuer, aud, exp: expires } = payload;
  if (typeof subject !== "string" || subject === "") throw malformed("it has no subject");
  if (typeof issuer !== "string" || issuer === "") throw malformed("it has no issuer");
  if (!URL.canParse(issuer)) throw malformed("its issuer is not a URL");
  if (typeof expires !== "number" || expires <= 0) throw malformed("it has no expiry");
  const audience = (Array.isArray(aud) ? aud : [aud]).filter((one) => typeof one === "string");
  const names = namesOf(payload, issuer, subject);
  return defined({ issuer, audience, subject, names, expires, workflow: workflowOf(payload) });
}

/** `OWNER/NAME/.github/workflows/FILE@REF` (docs.github.com, "OpenID Connect reference"). */
function workflowOf({
  job_workflow_ref: ref,
  job_workflow_sha: commit,
}: Record<string, unknown>): Claims["workflow"] {
  const repository = /^([^/@]+\/[^/@]+)\//u.exec(typeof ref === "string" ? ref : "")?.[1];
  return repository === undefined || typeof commit !== "string"
    ? undefined
    : { repository, commit };
}

/** Fulcio names GitHub's and GitLab's jobs after their workflow, everybody else after the subject. */
function namesOf(payload: Record<string, unknown>, issuer: string, subject: string): string[] {
  const { job_workflow_ref: github, ci_config_ref_uri: gitlab } = payload;
  if (typeof gitlab === "string") return [`https://${gitlab}`];
  if (issuer === GITLAB && subject.startsWith("project_path:")) throw nameless();
  if (typeof github !== "string") return [subject];
  const origin = issuer === GITHUB ? "https://github.com" : new URL(issuer).origin;
  return [`${origin}/${github}`];
}

const GITHUB = "https://token.actions.githubusercontent.com";
const GITLAB = "https://gitlab.com";

function decodePayload(token: string): Record<string, unknown> {
  const parts = token.split(".");
  if (parts.length !== 3) throw malformed("it is not a JSON Web Token");
  const payload = parseObject(Buffer.from(parts[1] ?? "", "base64url").toString("utf8"));
  if (payload === undefined) throw malformed("its claims are not a JSON object");
  return payload;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  const value = parsedJson(text);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function malformed(why: string): Problem {
  return new Problem("identity-token", `the identity token cannot be used: ${why}`, {
    hint: "pass the token exactly as the CI system or the issuer created it",
  });
}

/** GitLab leaves the claim out unless the pipeline's definition is in the project itself. */
function nameless(): Problem {
  return new Problem(
    "identity-token",
    "the identity token does not say which file configures the pipeline (ci_config_ref_uri), and no certificate is issued without it",
    {
      hint: "release from a pipeline whose .gitlab-ci.yml is in this project (it may include others), or sign with a key (`sign-key`)",
    },
  );
}
