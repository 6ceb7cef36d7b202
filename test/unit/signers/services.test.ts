import { describe, expect, it } from "vitest";
import { chooseSigning, type SigningWish } from "../../../src/signers/choose.ts";
import type { SigningFacts } from "../../../src/signers/keyless-blockers.ts";
import { closedAt, embeddedServices, servicesOf } from "../../../src/signers/trust/services.ts";

const MEDIA = "application/vnd.dev.sigstore.signingconfig.v0.2+json";
const NOW = Date.parse("2027-06-01T00:00:00Z");
const service = (url: string, start: string, end?: string, majorApiVersion = 1) => ({
  url,
  majorApiVersion,
  validFor: { start, ...(end === undefined ? {} : { end }) },
  operator: "sigstore.dev",
});
const fulcio = service("https://fulcio.test", "2022-01-01T00:00:00Z");
const tsa = service("https://tsa.test", "2022-01-01T00:00:00Z");
const old = service("https://log2026-1.test", "2026-01-01T00:00:00Z", "2027-01-31T00:00:00Z", 2);
const young = service("https://log2027-1.test", "2027-01-01T00:00:00Z", undefined, 2);
const next = service("https://log2028-1.test", "2028-01-01T00:00:00Z", undefined, 2);
const first = service("https://rekor.test", "2021-01-01T00:00:00Z");
const third = service("https://rekor3.test", "2027-01-01T00:00:00Z", undefined, 3);

function config(change: object = {}) {
  const rekorTlogUrls = [old, young, next, first, third];
  return { mediaType: MEDIA, caUrls: [fulcio], tsaUrls: [tsa], rekorTlogUrls, ...change };
}
const root = (...tlogs: readonly object[]) => ({
  tlogs: tlogs.map((one) => {
    const { url: baseUrl, validFor } = one as typeof old;
    return { baseUrl, publicKey: { validFor } };
  }),
});

describe("the services of a signing configuration", () => {
  it("are those that are open, the newest API and the newest shard first", () => {
    expect(servicesOf(config(), root(), NOW)).toEqual({
      fulcioUrls: ["https://fulcio.test"],
      logs: [
        { url: "https://log2027-1.test", version: 2 },
        { url: "https://rekor.test", version: 1 },
      ],
      tsaUrls: ["https://tsa.test"],
    });
  });

  it.each([
    ["the last millisecond", old.validFor.end as string, ["https://log2027-1.test", old.url]],
    ["a moment before the first", "2025-12-31T23:59:59Z", []],
  ])("a shard is open in %s of its time", (_what, at, urls) => {
    const { logs } = servicesOf(config(), root(), Date.parse(at));
    expect(logs.filter(({ version }) => version === 2).map(({ url }) => url)).toEqual(urls);
  });

  it("a shard that only the root knows is there for who asks for its API by number", () => {
    const { logs } = servicesOf(
      config({ rekorTlogUrls: [first] }),
      root(first, old, young, { ...next }),
      NOW,
    );
    expect(logs).toEqual([
      { url: "https://rekor.test", version: 1 },
      { url: "https://log2027-1.test", version: 2 },
    ]);
  });

  it("a shard that the configuration calls closed is not used because the root calls it open", () => {
    const { logs } = servicesOf(
      config({ rekorTlogUrls: [first, old] }),
      root({ ...old, validFor: { start: "2026-01-01T00:00:00Z" } }),
      NOW,
    );
    expect(logs).toEqual([{ url: "https://rekor.test", version: 1 }]);
  });

  it.each([
    [config({ mediaType: "application/vnd.dev.sigstore.signingconfig.v0.3+json" }), "v0.2"],
    [config({ caUrls: [{ url: 1 }] }), "v0.2"],
    [undefined, "v0.2"],
    [config({ rekorTlogConfig: { selector: "EXACT", count: 2 } }), "asks for 2 logs at once"],
    [config({ tsaConfig: { selector: "EXACT", count: 3 } }), "3 timestamp authorities"],
  ])("%# that cannot be followed are refused", (given, words) => {
    expect(() => servicesOf(given, root(), NOW)).toThrow(words);
  });

  it("that came with this program are open when it was made", () => {
    const services = embeddedServices();
    expect(services.fulcioUrls).toEqual(["https://fulcio.sigstore.dev"]);
    expect(services.logs[0]).toEqual({ url: "https://rekor.sigstore.dev", version: 1 });
  });
});

describe("what signs", () => {
  const wish: SigningWish = { sign: "auto", key: false, everyArchive: false, trustedRoot: false };
  const facts: SigningFacts = {
    dryRun: false,
    identity: true,
    public: true,
    forge: "github",
    serverUrl: "https://github.com",
  };
  const services = servicesOf(config(), root(), NOW);

  it("are the services of today", () => {
    expect(chooseSigning({ ...wish, services }, facts)).toMatchObject({
      fulcioUrl: "https://fulcio.test",
      rekorUrl: "https://log2027-1.test",
      rekorVersion: 2,
      tsaUrl: "https://tsa.test",
    });
    expect(chooseSigning({ ...wish, services, rekorVersion: 1 }, facts).rekorUrl).toBe(first.url);
  });

  it("is an own instance's where one is given, in a private project too", () => {
    const own = { ...wish, services, ownInstance: true, audience: "own" };
    const { mode, fulcioUrl } = chooseSigning(own, { ...facts, public: false });
    expect([mode, fulcioUrl]).toEqual(["keyless", "https://fulcio.test"]);
    const { audience: _, ...unsaid } = own;
    expect(() => chooseSigning(unsaid, facts)).toThrow("without the audience");
    const key = chooseSigning({ ...own, key: true }, facts);
    expect([key.mode, key.rekorUrl]).toEqual(["key", "https://log2027-1.test"]);
  });

  it.each([
    [{ fulcioUrls: [] }, {}, "no certificate authority that is open now"],
    [{ logs: [] }, {}, "no log that is open now"],
    [
      { logs: [{ url: "https://rekor.test", version: 1 as const }] },
      { rekorVersion: 2 as const },
      "no log of Rekor v2",
    ],
    [{ tsaUrls: [] }, {}, "no timestamp authority is set"],
  ])("%j is not guessed where nothing is open", (missing, more, words) => {
    const given = { ...wish, ...more, services: { ...services, ...missing } };
    expect(() => chooseSigning(given, facts)).toThrow(words);
  });
});

it.each([
  [old.url, old.validFor.end],
  [`${old.url}/`, old.validFor.end],
  [young.url, undefined],
  ["https://elsewhere.test", undefined],
])("the root says when %s closed: %s", (url, end) => {
  const at = closedAt(url, root(old, young), NOW);
  expect(at).toBe(end === undefined ? undefined : Date.parse(end));
});
