import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Asset, Forge, Published } from "../../../src/forges/forge.ts";
import type { ReleaseSpec } from "../../../src/model/plan.ts";
import { Problem } from "../../../src/model/problem.ts";
import { asset, assets, release } from "../../support/assets.ts";
import { Killed } from "../../support/mortal.ts";

/** What users can see of the release: sha256 by name; undefined while there is nothing to see. */
export type Visible = Readonly<Record<string, string>> | undefined;

/** One forge with a fake service behind it. */
export interface Bench {
  /** A fresh client, as a new run would make; `dieAfter` kills it at that request. */
  client(options?: { readonly replace?: boolean; readonly dieAfter?: number }): Forge;
  visible(): Visible;
  /** The title of an open milestone, and a client whose token may close it. */
  milestone(): { readonly forge: Forge; readonly title: string };
  /** Every different thing that users could see since the beginning, in order. */
  moments(): readonly Visible[];
  /** Unfinished releases and files that belong to no release. */
  orphans(): readonly string[];
  /** Requests or answers that the official description forbids. */
  violations(): readonly string[];
  close(): Promise<void>;
}

export function digests(list: readonly Asset[]): Visible {
  return Object.fromEntries(list.map(({ name, sha256 }) => [name, sha256]));
}

/** A whole release, as a run makes it. */
export async function ship(
  forge: Forge,
  list: readonly Asset[],
  spec: ReleaseSpec = release,
): Promise<Published> {
  await forge.check(spec);
  const staged = await forge.stage(spec);
  await Promise.all(list.map((one) => staged.put(one)));
  return await staged.publish(list);
}

/** What every forge must do; each runs it over its own fake. */
export function forgeContract(name: string, open: () => Promise<Bench>): void {
  describe(`${name} as a forge`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(async () => {
      const violations = bench.violations();
      await bench.close();
      expect(violations).toEqual([]);
    });

    it("publishes what was put, and says where it is", async () => {
      const published = await ship(bench.client(), assets());
      expect(bench.visible()).toEqual(digests(assets()));
      expect(published).toMatchObject({ changed: true, url: expect.stringContaining("v1.0.0") });
    });

    it("says of each thing that it needs what it is, without a tag too", async () => {
      for (const spec of [release, { ...release, tag: null, snapshot: true }]) {
        const checks = bench.client().checks(spec);
        expect(checks[0]?.what).toBe("token");
        expect(checks.some(({ what }) => what === "tag")).toBe(spec.tag !== null);
        for (const { look } of checks) expect((await look()).result).not.toBe("will fail");
      }
      expect(bench.visible()).toBeUndefined();
    });

    it("closes a milestone once, and knows of none that is not there", async () => {
      const { forge, title } = bench.milestone();
      expect(await forge.closeMilestone(title)).toBe("closed");
      expect(await forge.closeMilestone(title)).toBe("there");
      expect(await forge.closeMilestone("another")).toBe("missing");
      const checks = forge.checks({ ...release, closeMilestones: [title, "another"] });
      const seen = checks.filter(({ what }) => what.startsWith("milestone "));
      const results = await Promise.all(seen.map(async ({ look }) => (await look()).result));
      expect(results).toEqual(["ok", "cannot tell"]);
    });

    it("shows nothing before it is published", async () => {
      const staged = await bench.client().stage(release);
      for (const one of assets()) await staged.put(one);
      expect(bench.moments().filter((moment) => moment !== undefined)).toEqual([]);
    });

    it("puts the same file twice without harm", async () => {
      const staged = await bench.client().stage(release);
      for (const one of [...assets(), ...assets()]) await staged.put(one);
      await staged.publish(assets());
      expect(bench.visible()).toEqual(digests(assets()));
    });

    it("puts a file again when its content has changed", async () => {
      const [first, ...others] = assets();
      const staged = await bench.client().stage(release);
      await staged.put(asset(first?.name ?? "", "an older build"));
      for (const one of assets()) await staged.put(one);
      await staged.publish(assets());
      expect(bench.visible()).toEqual(digests([...(first ? [first] : []), ...others]));
    });

    it("stays invisible when a file is missing", async () => {
      const [, ...others] = assets();
      const staged = await bench.client().stage(release);
      for (const one of others) await staged.put(one);
      await expect(staged.publish(assets())).rejects.toThrow(Problem);
      expect(bench.visible()).toBeUndefined();
    });

    it("stays invisible when a file differs", async () => {
      const staged = await bench.client().stage(release);
      for (const one of assets("other")) await staged.put(one);
      await expect(staged.publish(assets())).rejects.toThrow(Problem);
      expect(bench.visible()).toBeUndefined();
    });

    it("resumes what a killed run left, whenever it was killed", async () => {
      for (let last = 1; ; last += 1) {
        const done = await ship(bench.client({ dieAfter: last }), assets()).then(
          () => true,
          (error: unknown) => {
            if (!killed(error)) throw error;
            return false;
          },
        );
        if (done) break;
        expect(last).toBeLessThan(200);
      }
      expect(bench.visible()).toEqual(digests(assets()));
      expect(bench.moments().filter((moment) => moment !== undefined)).toEqual([digests(assets())]);
      await ship(bench.client(), assets());
      expect(bench.orphans()).toEqual([]);
    });

    it("drops what a dead run left and this one does not have", async () => {
      const staged = await bench.client().stage(release);
      await staged.put(asset("old_name.tar.gz", "old"));
      await ship(bench.client(), assets());
      expect(bench.visible()).toEqual(digests(assets()));
    });

    it("changes nothing when the same release is there", async () => {
      await ship(bench.client(), assets());
      const again = await ship(bench.client(), assets());
      expect(again.changed).toBe(false);
      expect(bench.moments().filter((moment) => moment !== undefined)).toHaveLength(1);
    });

    it("takes a signature made anew for the same release", async () => {
      const signed = (signature: string) => [
        ...assets(),
        asset("checksums.txt.sigstore.json", signature, "signature"),
      ];
      await ship(bench.client(), signed('{"of":"Monday"}'));
      const again = await ship(bench.client(), signed('{"of":"Tuesday"}'));
      expect(again.changed).toBe(false);
      expect(bench.visible()).toEqual(digests(signed('{"of":"Monday"}')));
    });

    it("exchanges a signature alone when told to", async () => {
      const signed = (signature: string) => [
        ...assets(),
        asset("checksums.txt.sigstore.json", signature, "signature"),
      ];
      await ship(bench.client(), signed('{"of":"nobody"}'));
      const again = await ship(bench.client({ replace: true }), signed('{"of":"us"}'));
      expect(again.changed).toBe(true);
      expect(bench.visible()).toEqual(digests(signed('{"of":"us"}')));
      const same = await ship(bench.client({ replace: true }), signed('{"of":"us"}'));
      expect(same.changed).toBe(false);
    });

    it("recalls what an earlier run put, and nothing else", async () => {
      const earlier = await bench.client().stage(release);
      await earlier.put(asset("checksums.txt.sigstore.json", '{"of":"Monday"}', "signature"));
      const staged = await bench.client().stage(release);
      const recalled = await staged.existing("checksums.txt.sigstore.json");
      expect(Buffer.from(recalled ?? []).toString()).toBe('{"of":"Monday"}');
      expect(await staged.existing("other.sigstore.json")).toBeUndefined();
    });

    it("refuses to change a published release", async () => {
      await ship(bench.client(), assets());
      await expect(ship(bench.client(), assets("other"))).rejects.toThrow(Problem);
      expect(bench.visible()).toEqual(digests(assets()));
    });

    it("changes a published release when told to", async () => {
      await ship(bench.client(), assets());
      const again = await ship(bench.client({ replace: true }), assets("other"));
      expect(again.changed).toBe(true);
      expect(bench.visible()).toEqual(digests(assets("other")));
    });

    it("stops when it is aborted, and goes on the next time", async () => {
      const [first, second] = assets();
      if (first === undefined || second === undefined) throw new Error("no assets");
      const stop = new AbortController();
      const staged = await bench.client().stage(release);
      await staged.put(first, stop.signal);
      stop.abort(new Error("stopped"));
      await expect(staged.put(second, stop.signal)).rejects.toThrow();
      expect(bench.visible()).toBeUndefined();
      await ship(bench.client(), assets());
      expect(bench.visible()).toEqual(digests(assets()));
      expect(bench.orphans()).toEqual([]);
    });
  });
}

function killed(error: unknown): boolean {
  if (error instanceof Killed) return true;
  return error instanceof Error && error.cause !== undefined && killed(error.cause);
}
