import { expect } from "vitest";
import { verifyRelease } from "../../../src/verification/index.ts";
import { type Bench, filesOf, IDENTITY, manifestOf, OIDC_ISSUER, type Outcome } from "./bench.ts";

function essence(files: readonly { readonly name: string; readonly sha256: string }[]) {
  return new Set(files.map(({ name, sha256 }) => `${name} ${sha256}`));
}

/**
 * One of the runs that came through at once. Whoever published, each of them ends with what people see: the
 * signatures too, of which no two are alike.
 */
export function publisherOf(bench: Bench, outcomes: readonly Outcome[]): Outcome | undefined {
  const through = outcomes.filter(({ status }) => status === 0);
  for (const one of through)
    expect(essence(manifestOf(one).artifacts)).toEqual(essence(bench.published()?.assets ?? []));
  return through[0];
}

/**
 * What must be true when the last run is done, whatever happened before: one release, which became visible
 * once and whole and is what that run's manifest says; its signatures hold; nothing else is left, nowhere.
 */
export async function expectWhole(bench: Bench, last: Outcome, ...before: readonly Outcome[]) {
  expect(last.status, last.stdout + last.stderr).toBe(0);
  expect(bench.github.releases).toHaveLength(1);
  const release = bench.published() ?? expect.fail("nothing is published");
  expect(essence(release.assets)).toEqual(essence(manifestOf(last).artifacts));
  expect(bench.moments).toHaveLength(1);
  expect(bench.github.server.violations).toEqual([]);
  const expected = { identity: IDENTITY, issuer: OIDC_ISSUER };
  const { trustedRoot } = bench.sigstore;
  const { faults, checked } = await verifyRelease(filesOf(release), { ...expected, trustedRoot });
  expect(faults).toEqual([]);
  expect(checked).toContain("the signature provenance.sigstore.json");
  expect(bench.leaks(last, ...before)).toEqual([]);
}
