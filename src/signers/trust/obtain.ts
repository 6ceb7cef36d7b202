import { parsedJson } from "../../model/parsed-json.ts";
import { Problem } from "../../model/problem.ts";
import { inTime } from "../../net/deadline.ts";
import type { Reach } from "../../net/exchange.ts";
import type { TufCache } from "../tuf/cache.ts";
import { kept, refreshed, type TufRepository, type TufTargets } from "../tuf/repository.ts";
import { publicGood } from "./public-good.ts";
import { type SigstoreServices, servicesOf } from "./services.ts";
import { readTrustedRoot } from "./trusted-root.ts";

/** A sigstore instance: where it says who is trusted, and what is known of that without asking. */
export interface SigstoreInstance {
  /** For people. */
  readonly name: string;
  readonly repository: TufRepository;
  /** What of it came with this program, if anything. */
  readonly embedded?: Embedded;
}

interface Embedded {
  readonly trustedRoot: unknown;
  readonly signingConfig: unknown;
  /** When it was taken over. */
  readonly date: string;
  /** When the TUF root expires that came with it, ISO 8601. */
  readonly expires: string;
}

/** Which instance is meant, where that is not the caller's or the public good one. */
export type InstanceName = "github";

/** Whom to trust, and where that was learnt. */
export interface SigstoreTrust {
  /** The text of trusted_root.json. */
  readonly trustedRoot: string;
  readonly services: SigstoreServices;
  /** For people: what is trusted, and as of when. */
  readonly known: string;
  /** Why it is not as new as it could be. */
  readonly warnings: readonly string[];
}

/** The public good instance, at its own repository or at a mirror. */
export function publicGoodInstance(url: string = publicGood.tufUrl): SigstoreInstance {
  const { tufRoot, root: trustedRoot, signingConfig, date } = publicGood;
  const { expires } = tufRoot.signed;
  const repository = { url, root: Buffer.from(JSON.stringify(tufRoot)) };
  const embedded = { trustedRoot, signingConfig, date, expires };
  return { name: "sigstore's public good root", repository, embedded };
}

interface Asking {
  readonly cache: TufCache;
  /** Whether nobody is asked. */
  readonly offline: boolean;
  readonly signal: AbortSignal;
}

const TRUSTED_ROOT = "trusted_root.json";
const SIGNING_CONFIG = "signing_config.v0.2.json";
const WANTED = [
  { name: TRUSTED_ROOT, needed: true },
  { name: SIGNING_CONFIG, needed: false },
];

/**
 * What an instance's TUF repository says today. Where it cannot be asked, or is refused, what an earlier run kept of
 * it, then what came with this program; whoever keeps the repository away from us gains no more than its age. Throws a
 * `Problem` where there is neither.
 */
export async function obtainTrust(
  instance: SigstoreInstance,
  asking: Asking,
  reach: Reach,
): Promise<SigstoreTrust> {
  const { repository } = instance;
  const { cache, offline } = asking;
  if (offline)
    return embeddedTrust(instance, reach) ?? (await fromCache(instance, cache, reach, []));
  try {
    const targets = await asked(repository, asking, reach);
    return trustIn(targets, instance, reach, []);
  } catch (error) {
    asking.signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    return (
      (await keptTrust(instance, cache, reach, [error.message])) ??
      orThrow(embeddedTrust(instance, reach, error.message), error)
    );
  }
}

function orThrow(trust: SigstoreTrust | undefined, error: Problem): SigstoreTrust {
  if (trust !== undefined) return trust;
  throw error;
}

/** Milliseconds for all of it. */
const WITHIN = 15_000;

async function asked(
  repository: TufRepository,
  { cache, signal }: Asking,
  reach: Reach,
): Promise<TufTargets> {
  let late = false;
  const work = inTime(WITHIN, reach, async (over) => {
    over.addEventListener("abort", () => {
      late = true;
    });
    return await refreshed(repository, WANTED, cache, reach, AbortSignal.any([over, signal]));
  });
  return await work.catch((cause: unknown) => {
    if (!late) throw cause;
    throw new Problem(
      "tuf-unavailable",
      `the TUF repository ${repository.url} did not answer within ${WITHIN / 1000} seconds`,
      { hint: "see whether it is reachable from here (HTTPS_PROXY, NO_PROXY)", cause },
    );
  });
}

async function keptTrust(
  instance: SigstoreInstance,
  cache: TufCache,
  reach: Reach,
  why: readonly string[],
): Promise<SigstoreTrust | undefined> {
  const targets = await kept(instance.repository, WANTED, cache, reach);
  if (targets === undefined) return undefined;
  const warnings = why.map((one) => `${one}; what an earlier run kept of it is used`);
  return trustIn(targets, instance, reach, warnings);
}

async function fromCache(...given: Parameters<typeof keptTrust>): Promise<SigstoreTrust> {
  const trust = await keptTrust(...given);
  if (trust !== undefined) return trust;
  const [{ repository }] = given;
  throw new Problem(
    "offline",
    `\`offline\`, and nothing is kept of ${repository.url} that still holds`,
    {
      hint: "run it once without `offline`, or give `trusted-root`",
    },
  );
}

function trustIn(
  { files, snapshotVersion }: TufTargets,
  { name, repository, embedded }: SigstoreInstance,
  { clock }: Reach,
  warnings: readonly string[],
): SigstoreTrust {
  const trustedRoot = files.get(TRUSTED_ROOT)?.toString("utf8") ?? "";
  readTrustedRoot(trustedRoot, `${TRUSTED_ROOT} of ${repository.url}`);
  const config = files.get(SIGNING_CONFIG)?.toString("utf8");
  const signingConfig: unknown =
    config === undefined ? (embedded?.signingConfig ?? EMPTY) : parsedJson(config);
  return {
    trustedRoot,
    services: servicesOf(signingConfig, parsedJson(trustedRoot), clock.now()),
    known: `${name}, as ${repository.url} has it (version ${snapshotVersion})`,
    warnings,
  };
}

/** Of an instance that only says who is trusted. */
const EMPTY = { mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json" };

function embeddedTrust(
  { name, embedded }: SigstoreInstance,
  { clock }: Reach,
  why?: string,
): SigstoreTrust | undefined {
  if (embedded === undefined) return undefined;
  const { trustedRoot, signingConfig, date, expires } = embedded;
  const isOld = Date.parse(expires) < clock.now();
  const age = `${name} of ${date}, which came with this program`;
  return {
    trustedRoot: JSON.stringify(trustedRoot),
    services: servicesOf(signingConfig, trustedRoot, clock.now()),
    known: age,
    warnings: [
      ...(why === undefined ? [] : [`${why}; trusted is ${age}`]),
      ...(isOld
        ? [`${age}, has expired on ${expires.slice(0, 10)}: use a newer release of it`]
        : []),
    ],
  };
}
