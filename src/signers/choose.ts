import type { Signing } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { isGithub, isKnownForge, obstacleTo, type SigningFacts } from "./keyless-blockers.ts";
import { type KeyServiceName, keyServiceNames } from "./kms/reference.ts";
import { serviceUrl } from "./sigstore/url.ts";
import { githubServices, isGithubInstance } from "./trust/github.ts";
import { isPublicGood } from "./trust/public-good.ts";
import { embeddedServices, type SigstoreServices } from "./trust/services.ts";

/** What the user asked for. An absent URL is absent: an empty one is an error, never the public instance. */
export interface SigningWish {
  readonly sign: "auto" | "keyless" | "key" | "none";
  /** Whether `sign-key` or COSIGN_PRIVATE_KEY was given. */
  readonly key: boolean;
  /** The service that holds it; absent where the key itself was given. */
  readonly keyService?: KeyServiceName;
  readonly everyArchive: boolean;
  readonly fulcioUrl?: string;
  /** The audience that Fulcio's configuration asks for. */
  readonly audience?: string;
  /** Null: no log at all, which only a key can do without. */
  readonly rekorUrl?: string | null;
  readonly rekorVersion?: 1 | 2;
  readonly tsaUrl?: string;
  /** Whether `trusted-root` was given. */
  readonly trustedRoot: boolean;
  /** Whether an own instance was given (`tuf-root`), which names its services and its trust root itself. */
  readonly ownInstance?: boolean;
  /** What the instance names today; the public good one's as they came with this program when absent. */
  readonly services?: SigstoreServices;
}

/**
 * How a release is signed. Pure. Fulcio and Rekor publish the names of projects and workflows, so that
 * `auto` is keyless only for public projects on a forge the public instance knows, or with own services.
 * Throws a `Problem` when what was asked for cannot be had.
 */
export function chooseSigning(wish: SigningWish, facts: SigningFacts): Signing {
  const own = checkServices(wish);
  if (wish.sign === "none") return unsigned(wish, "`sign: none` was requested");
  if (facts.dryRun) {
    return {
      ...unsigned(wish, "a dry run signs with a throwaway key, which proves nothing"),
      mode: "throwaway",
    };
  }
  if (wish.sign === "key") return withKey(wish, facts);
  const obstacle = obstacleTo(own, facts);
  if (wish.sign === "keyless") {
    if (isForGithub(wish, facts)) return byGithub(wish);
    if (obstacle === undefined) return keyless(wish, own, facts, "`sign: keyless` was requested");
    throw new Problem("sign", `\`sign: keyless\` is not possible: ${obstacle.why}`, {
      hint: obstacle.cure,
    });
  }
  if (wish.key) return withKey(wish, facts);
  if (obstacle === undefined) return keyless(wish, own, facts, whyKeyless(own));
  return unsigned(wish, `${obstacle.why}; ${obstacle.cure}`);
}

/** For a job that builds for another one to sign: it holds no key and is offered no identity. Throws a `Problem`. */
export function signedElsewhere(wish: SigningWish): Signing {
  checkServices(wish);
  return unsigned(wish, "the job that publishes signs");
}

/** Whether the services are the user's own; then none is left to the public instance. */
function checkServices(wish: SigningWish): boolean {
  const given = Object.entries({
    "fulcio-url": wish.fulcioUrl,
    "rekor-url": wish.rekorUrl,
    "tsa-url": wish.tsaUrl,
  }).flatMap(([input, url]) => (url === undefined || url === null ? [] : [serviceUrl(input, url)]));
  return wish.ownInstance === true || given.some((url) => !isPublicGood(url));
}

function whyKeyless(own: boolean): string {
  return own
    ? "an identity token is available and your own Sigstore services are configured"
    : "an identity token is available and the project is public";
}

function keyless(wish: SigningWish, own: boolean, facts: SigningFacts, reason: string): Signing {
  if (wish.rekorUrl === null) {
    throw new Problem("sign", "`rekor-url: none`, but a keyless signature needs a log", {
      hint: "remove `rekor-url`, or sign with a key",
    });
  }
  if (own) checkOwn(wish);
  const { services = embeddedServices() } = wish;
  const fulcioUrl = wish.fulcioUrl ?? named(services.fulcioUrls[0], "fulcio-url");
  const { url: rekorUrl, version } = logOf(wish, services);
  const itsOwn = own && wish.ownInstance !== true;
  const tsaUrl = wish.tsaUrl ?? (itsOwn ? null : (services.tsaUrls[0] ?? null));
  if (version === 2 && tsaUrl === null) {
    throw new Problem("sign", "Rekor v2 records no time, and no timestamp authority is set", {
      hint: "set `tsa-url`, or use `rekor-version: 1`",
    });
  }
  return {
    mode: "keyless",
    reason,
    everyArchive: wish.everyArchive,
    fulcioUrl,
    audience: audienceFor(wish.ownInstance === true ? { ...wish, fulcioUrl } : wish, facts),
    rekorUrl,
    rekorVersion: version,
    tsaUrl,
  };
}

/** Whether GitHub's own instance signs: for what is not public there, where nobody gave other services. */
function isForGithub(wish: SigningWish, facts: SigningFacts): boolean {
  const { fulcioUrl, rekorUrl, tsaUrl, ownInstance = false } = wish;
  const isGiven = ownInstance || [fulcioUrl, rekorUrl, tsaUrl].some((url) => url !== undefined);
  return facts.public === false && isGithub(facts) && facts.identity && !isGiven;
}

function byGithub({ everyArchive, audience = PUBLIC_AUDIENCE }: SigningWish): Signing {
  return {
    mode: "keyless",
    reason: "`sign: keyless` was requested; GitHub's own instance signs for what is not public",
    everyArchive,
    audience,
    ...githubServices,
    rekorUrl: null,
    rekorVersion: 1,
  };
}

/** Of own services all are given, or their instance names them. */
function checkOwn(wish: SigningWish): void {
  if (wish.ownInstance === true) return;
  if (wish.fulcioUrl === undefined || wish.rekorUrl === undefined) {
    throw new Problem("sign", "your own Sigstore services need both `fulcio-url` and `rekor-url`", {
      hint: "set both: the public instance is never used for a missing one, since it would publish names",
    });
  }
  if (!wish.trustedRoot) {
    throw new Problem("sign", "your own Sigstore services have no trusted root", {
      hint: "set `trusted-root` (sigstore's trusted_root.json), so that their signatures can be verified",
    });
  }
}

/** The log that was given, or the best that the instance names. */
function logOf(
  { rekorUrl, rekorVersion }: SigningWish,
  { logs }: SigstoreServices,
): SigstoreServices["logs"][number] {
  if (typeof rekorUrl === "string") return { url: rekorUrl, version: rekorVersion ?? 1 };
  const log = logs.find(({ version }) => rekorVersion === undefined || version === rekorVersion);
  if (log !== undefined) return log;
  throw noService(
    rekorVersion === undefined ? "log" : `log of Rekor v${rekorVersion}`,
    "rekor-url",
  );
}

function named(url: string | undefined, input: string): string {
  if (url !== undefined) return url;
  throw noService("certificate authority", input);
}

function noService(what: string, input: string): Problem {
  return new Problem("sign", `sigstore's signing configuration names no ${what} that is open now`, {
    hint: `update this program, or give \`${input}\``,
  });
}

/**
 * Whom the identity token is for. Whoever is handed a token for the public Fulcio can sign there in the project's
 * name: of an issuer that the public one knows, an own Fulcio gets such a token only when that was said.
 */
function audienceFor({ audience, fulcioUrl }: SigningWish, facts: SigningFacts): string {
  if (audience !== undefined) return audience;
  if (fulcioUrl === undefined || isPublicGood(fulcioUrl) || !isKnownForge(facts))
    return PUBLIC_AUDIENCE;
  throw new Problem("sign", "your own `fulcio-url` was set without the audience of its tokens", {
    hint: "set `oidc-audience` to the issuer's ClientID in that Fulcio's configuration: with its own value (e.g. its URL) the token is useless elsewhere; with `sigstore` that Fulcio could obtain certificates from the public one in this project's name",
  });
}

/** What the public Fulcio asks for. */
const PUBLIC_AUDIENCE = "sigstore";

/** Whether the own Fulcio of a plan is handed tokens that are good at the public one too. */
export function isReplayable({ fulcioUrl, audience }: Signing, facts: SigningFacts): boolean {
  if (audience !== PUBLIC_AUDIENCE || !isKnownForge(facts)) return false;
  return !isPublicGood(fulcioUrl) && !isGithubInstance(fulcioUrl);
}

function withKey(wish: SigningWish, facts: SigningFacts): Signing {
  if (!wish.key) {
    throw new Problem("sign", "`sign: key` was requested but no key was given", {
      hint: "set `sign-key`, or set COSIGN_PRIVATE_KEY and COSIGN_PASSWORD from secrets",
    });
  }
  const log = logOfKey(wish, facts);
  const rekorUrl = log?.url ?? null;
  const version = log?.version ?? wish.rekorVersion ?? 1;
  const isKnown = wish.trustedRoot || wish.ownInstance === true;
  if (rekorUrl !== null && !isPublicGood(rekorUrl) && !isKnown) {
    throw new Problem("sign", `the log ${rekorUrl} was configured without its trusted root`, {
      hint: "set `trusted-root` (sigstore's trusted_root.json), so that its entries can be verified",
    });
  }
  const given =
    wish.keyService === undefined
      ? "a key was given"
      : `a key in ${keyServiceNames[wish.keyService]} was given`;
  return {
    mode: "key",
    reason: rekorUrl === null ? `${given}; no transparency log is used` : given,
    everyArchive: wish.everyArchive,
    fulcioUrl: "",
    audience: "",
    rekorUrl,
    rekorVersion: version,
    tsaUrl: wish.tsaUrl ?? null,
  };
}

/** A key needs no log; the public one is written to where the project is public. */
function logOfKey(
  wish: SigningWish,
  facts: SigningFacts,
): SigstoreServices["logs"][number] | undefined {
  const isLogged = wish.ownInstance === true || (facts.public === true && isKnownForge(facts));
  if (wish.rekorUrl === null || (wish.rekorUrl === undefined && !isLogged)) return undefined;
  return logOf(wish, wish.services ?? embeddedServices());
}

function unsigned({ everyArchive, rekorVersion = 1 }: SigningWish, reason: string): Signing {
  return {
    mode: "none",
    reason,
    everyArchive,
    fulcioUrl: "",
    audience: "",
    rekorUrl: null,
    rekorVersion,
    tsaUrl: null,
  };
}
