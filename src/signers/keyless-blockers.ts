import type { ForgeKind } from "../model/plan.ts";
import { GITHUB_PERMISSION, gitlabIdToken } from "./sigstore/permissions.ts";

/** What is true of the place we run in. */
export interface SigningFacts {
  readonly dryRun: boolean;
  /** Whether an identity token is offered. */
  readonly identity: boolean;
  /** Whether anybody may read the project; absent when the place does not say. */
  readonly public?: boolean;
  /** The forge whose CI runs this, and its address. */
  readonly forge?: ForgeKind;
  readonly serverUrl?: string;
}

/** What stands between a release and a keyless signature. */
export interface Obstacle {
  readonly why: string;
  readonly cure: string;
}

/** The public services ask for a public project on a forge they know; every service asks for an identity. */
export function obstacleTo(own: boolean, facts: SigningFacts): Obstacle | undefined {
  if (!own && facts.public === false) {
    return {
      why: "the project is not public, and the public Sigstore would publish its name",
      cure: isGithub(facts) ? `${ALTERNATIVES}; ${GITHUBS_OWN}` : ALTERNATIVES,
    };
  }
  if (!own && facts.public === undefined) {
    return {
      why: "it is unknown whether the project is public, and the public Sigstore would publish its name",
      cure: ALTERNATIVES,
    };
  }
  if (!own && !isKnownForge(facts)) {
    return {
      why: `the public Fulcio does not accept ${facts.serverUrl ?? "this environment"}`,
      cure: ALTERNATIVES,
    };
  }
  if (!facts.identity)
    return { why: "no identity token is available in this run", cure: cureFor(facts) };
  return undefined;
}

const ALTERNATIVES =
  "give a key (`sign-key`) or configure your own services (`fulcio-url`, `rekor-url`, `trusted-root`)";

const GITHUBS_OWN =
  "`sign: keyless` has GitHub's own instance sign, which publishes nothing and needs GitHub Enterprise Cloud";

/** GitHub's own instance certifies the jobs of github.com alone. */
export function isGithub({ serverUrl = "" }: SigningFacts): boolean {
  return serverUrl.replace(/\/+$/u, "") === "https://github.com";
}

const KNOWN_FORGES = ["https://github.com", "https://gitlab.com"];

/** A forge whose identity tokens the public Fulcio accepts. */
export function isKnownForge({ serverUrl }: SigningFacts): boolean {
  return serverUrl !== undefined && KNOWN_FORGES.includes(serverUrl.replace(/\/+$/, ""));
}

function cureFor({ forge }: SigningFacts): string {
  if (forge === "github") return GITHUB_PERMISSION;
  if (forge === "gitlab") return gitlabIdToken();
  return "set SIGSTORE_ID_TOKEN, or give a key (`sign-key`)";
}
