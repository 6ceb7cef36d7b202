import * as z from "zod/mini";
import { Problem } from "../../model/problem.ts";
import { publicGood } from "./public-good.ts";

/** The services of an instance that are open, the best first. */
export interface SigstoreServices {
  readonly fulcioUrls: readonly string[];
  readonly logs: readonly { readonly url: string; readonly version: 1 | 2 }[];
  readonly tsaUrls: readonly string[];
}

const Span = z.object({ start: z.optional(z.string()), end: z.optional(z.string()) });
const Service = z.object({
  url: z.string(),
  majorApiVersion: z.number(),
  validFor: z.optional(Span),
});
type Service = z.infer<typeof Service>;
const Selection = z.object({ selector: z.optional(z.string()), count: z.optional(z.number()) });

/** sigstore's signing_config.v0.2.json (protobuf-specs, sigstore_trustroot.proto). */
const SigningConfig = z.object({
  mediaType: z.literal("application/vnd.dev.sigstore.signingconfig.v0.2+json"),
  caUrls: z.optional(z.array(Service)),
  rekorTlogUrls: z.optional(z.array(Service)),
  tsaUrls: z.optional(z.array(Service)),
  rekorTlogConfig: z.optional(Selection),
  tsaConfig: z.optional(Selection),
});

/** What of a trusted root says which logs there are. */
const Logs = z.object({
  tlogs: z.optional(
    z.array(
      z.object({
        baseUrl: z.optional(z.string()),
        publicKey: z.object({ validFor: z.optional(Span) }),
      }),
    ),
  ),
});

/**
 * Which services a signing configuration names that are open at `now`, in milliseconds since 1970: of several the one
 * with the newest API this program speaks, then the one that opened last. Throws a `Problem`.
 */
export function servicesOf(
  signingConfig: unknown,
  trustedRoot: unknown,
  now: number,
): SigstoreServices {
  const read = SigningConfig.safeParse(signingConfig);
  if (!read.success) {
    throw new Problem("signing-config", "the signing configuration is not sigstore's v0.2", {
      hint: "give the services: `fulcio-url`, `rekor-url` and `tsa-url`",
    });
  }
  const { caUrls, rekorTlogUrls, tsaUrls, rekorTlogConfig, tsaConfig } = read.data;
  assertOne("logs", "rekor-url", rekorTlogConfig);
  assertOne("timestamp authorities", "tsa-url", tsaConfig);
  const logs = open(rekorTlogUrls, 2, now).map(({ url, majorApiVersion }) => ({
    url,
    version: majorApiVersion === 2 ? (2 as const) : (1 as const),
  }));
  const named = new Set((rekorTlogUrls ?? []).map(({ url }) => url));
  const shards = shardsIn(trustedRoot, now).filter((url) => !named.has(url));
  return {
    fulcioUrls: open(caUrls, 1, now).map(({ url }) => url),
    // A shard that only the root knows is there for whoever asks for this API by name.
    logs: [...logs, ...shards.map((url) => ({ url, version: 2 as const }))],
    tsaUrls: open(tsaUrls, 1, now).map(({ url }) => url),
  };
}

/** The public good instance's as they came with this program. */
export function embeddedServices(now = Date.parse(publicGood.date)): SigstoreServices {
  return servicesOf(publicGood.signingConfig, publicGood.root, now);
}

function open(services: readonly Service[] = [], newest: number, now: number): readonly Service[] {
  return services
    .filter(
      ({ majorApiVersion: api, validFor }) => api >= 1 && api <= newest && isOpen(validFor, now),
    )
    .sort((a, b) => b.majorApiVersion - a.majorApiVersion || startOf(b) - startOf(a));
}

function startOf({ validFor }: Pick<Service, "validFor">): number {
  return Date.parse(validFor?.start ?? "1970-01-01");
}

/** The span includes its ends; a service without one is always open. */
function isOpen(span: z.infer<typeof Span> = {}, now: number): boolean {
  const { start, end } = span;
  return !(
    (start !== undefined && Date.parse(start) > now) ||
    (end !== undefined && Date.parse(end) < now)
  );
}

/** The logs of Rekor's second API, which is sharded by year: `https://log2025-1.rekor.sigstore.dev`. */
function shardsIn(trustedRoot: unknown, now: number): readonly string[] {
  const read = Logs.safeParse(trustedRoot);
  const tlogs = read.success ? (read.data.tlogs ?? []) : [];
  return tlogs
    .filter(({ publicKey }) => isOpen(publicKey.validFor, now))
    .sort((a, b) => startOf(b.publicKey) - startOf(a.publicKey))
    .flatMap(({ baseUrl = "" }) => (/^https:\/\/log\d{4}-\d+\./u.test(baseUrl) ? [baseUrl] : []));
}

/** When a log closed, where the trusted root says that it has: milliseconds since 1970. */
export function closedAt(url: string, trustedRoot: unknown, now: number): number | undefined {
  const read = Logs.safeParse(trustedRoot);
  const same = (other = "") => other.replace(/\/+$/u, "") === url.replace(/\/+$/u, "");
  const spans = (read.success ? (read.data.tlogs ?? []) : []).filter(({ baseUrl }) =>
    same(baseUrl),
  );
  if (spans.length === 0 || spans.some(({ publicKey }) => isOpen(publicKey.validFor, now)))
    return undefined;
  const ends = spans.map(({ publicKey }) => Date.parse(publicKey.validFor?.end ?? ""));
  const last = Math.max(...ends.filter((end) => end < now));
  return Number.isFinite(last) ? last : undefined;
}

function assertOne(
  what: string,
  input: string,
  { selector = "ANY", count = 1 }: z.infer<typeof Selection> = {},
) {
  if (selector !== "EXACT" || count <= 1) return;
  throw new Problem(
    "signing-config",
    `the signing configuration asks for ${count} ${what} at once`,
    {
      hint: `one is used: give it as \`${input}\``,
    },
  );
}
