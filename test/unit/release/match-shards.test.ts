import { describe, expect, it } from "vitest";
import type { Manifest } from "../../../src/model/manifest.ts";
import { plan } from "../../../src/plan/plan.ts";
import { planDigest } from "../../../src/plan/plan-digest.ts";
import type { FoundShard } from "../../../src/release/find-shards.ts";
import { matchShards, type ShardExpectations } from "../../../src/release/match-shards.ts";
import { archivesOf } from "../../../src/release/matrix.ts";
import { configOf, factsOf, TERMINAL } from "../../support/facts.ts";

const planned = plan({
  config: configOf(),
  facts: factsOf(),
  surroundings: TERMINAL,
  generator: "1.0.0",
});

/** A shard as another job leaves it. */
function shard(index: number, count: number, change: Partial<Manifest["shard"]> = {}): FoundShard {
  const manifest: Manifest = {
    schema: 1,
    plan: planned,
    shard: { index, count, plan: planDigest(planned), run: "42", ...change },
    artifacts: archivesOf(planned, { index, count }).map(({ name }) => ({
      kind: "archive",
      name,
      path: "../../etc/passwd",
      size: 1,
      sha256: `digest of ${name}`,
      from: [],
    })),
    binaries: [],
    timings: [],
    url: null,
  };
  return { folder: `/shards/shard-${index}`, manifest, digest: `digest-${index}` };
}

function match(found: readonly FoundShard[], change: Partial<ShardExpectations> = {}) {
  return matchShards(found, { plan: planned, run: "42", digests: undefined, ...change });
}

function refusal(found: readonly FoundShard[], change: Partial<ShardExpectations> = {}): string {
  try {
    match(found, change);
  } catch (error) {
    return (error as Error).message;
  }
  return "none";
}

const both = [shard(2, 2), shard(1, 2)];
const reported = new Map([
  [1, "digest-1"],
  [2, "digest-2"],
]);

describe("shards of this plan and run", () => {
  it("hold each archive of the plan, in its order and by its own name", () => {
    const matched = match(both, { digests: reported });
    expect(matched.map(({ step }) => step)).toEqual(planned.archives);
    expect(matched.map(({ folder }) => folder)).toEqual(
      planned.archives.map((_, at) => `/shards/shard-${(at % 2) + 1}`),
    );
    expect(JSON.stringify(matched)).not.toContain("passwd");
  });

  it("may have been downloaded twice", () => {
    expect(match([...both, { ...shard(1, 2), folder: "/again" }])).toHaveLength(6);
  });

  it("may be of any run where the publisher is a person in a terminal", () => {
    expect(match(both, { run: undefined })).toHaveLength(6);
  });
});

describe("refused is a shard", () => {
  it.each<readonly [string, readonly FoundShard[], Partial<ShardExpectations>, RegExp]>([
    ["of another run", [shard(1, 1, { run: "41" })], {}, /shard-1 is of run "41", and .* run 42/u],
    ["of a terminal, in CI", [shard(1, 1, { run: null })], {}, /is of no CI run/u],
    ["of another plan", [shard(1, 1, { plan: "0" })], {}, /planned differently .* its digest/u],
    ["that is missing", [shard(2, 2)], {}, /shard 1\/2 is missing/u],
    [
      "that is there twice, and not alike",
      [...both, { ...shard(1, 2), digest: "x", folder: "/x" }],
      {},
      /shard 1\/2 is in \/shards\/shard-1 and, with other contents, in \/x/u,
    ],
    ["of another number of parts", [shard(1, 2), shard(2, 3)], {}, /one of 2 shards, and .* of 3/u],
    [
      "that nobody reported",
      [...both],
      { digests: new Map([[1, "digest-1"]]) },
      /shards 1 were reported/u,
    ],
    [
      "that was exchanged",
      [...both],
      { digests: new Map([...reported, [2, "other"]]) },
      /shard-2 is not what its job produced/u,
    ],
    [
      "beside the one that was reported",
      [...both, { ...shard(1, 2), digest: "x", folder: "/evil" }],
      { digests: reported },
      /\/evil is not what its job produced/u,
    ],
    [
      "with fewer archives than its part",
      [{ ...shard(1, 1), manifest: { ...shard(1, 1).manifest, artifacts: [] } }],
      {},
      /does not contain tool_1\.2\.3_linux_amd64/u,
    ],
    ["numbered 0", [shard(0, 1)], {}, /is shard 0\/1/u],
    ["numbered 1.5", [shard(1.5, 2)], {}, /is shard 1\.5\/2/u],
    ["of a billion", [shard(1, 1e9)], {}, /of 6 archives/u],
    ["of none", [shard(1, Number.NaN)], {}, /is shard 1\/NaN/u],
  ])("%s", (_name, found, expected, words) => {
    expect(refusal(found, expected)).toMatch(words);
  });
});
