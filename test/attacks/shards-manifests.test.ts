import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { payloadOf } from "../../src/provenance/payload.ts";
import { Assault, expectRefused } from "../support/runs/assault.ts";
import type { DownloadedShard } from "../support/runs/shards.ts";
import { expectWhole } from "../support/runs/whole.ts";

let assault: Assault;
beforeAll(async () => {
  assault = await Assault.open();
}, 120_000);
afterAll(() => assault.bench.close());
beforeEach(() => assault.forget());

/** What people can read of the release, and everything that was signed or logged. */
function told(): string {
  const { bench } = assault;
  const assets = bench.published()?.assets ?? [];
  const texts = assets
    .filter(({ name }) => /\.(json|txt)$/u.test(name))
    .map(({ content }) => content?.toString("utf8") ?? "");
  const statements = texts.map((text) => payloadOf(Buffer.from(text))?.toString("utf8") ?? "");
  const { requests, received } = bench.sigstore;
  return [...texts, ...statements, ...requests, ...received.map(({ body }) => body)].join("\n");
}

function statement(): {
  subject: { name: string }[];
  predicate: { buildDefinition: { resolvedDependencies: { name?: string; digest?: object }[] } };
} {
  const assets = assault.bench.published()?.assets ?? [];
  const bundle = assets.find(({ name }) => name === "provenance.sigstore.json")?.content;
  return JSON.parse(payloadOf(bundle)?.toString("utf8") ?? "{}");
}

/** The same lie in every shard, so that none differs from another. */
function everywhere(
  shard: (index: number) => DownloadedShard,
  lie: (one: DownloadedShard) => void,
) {
  for (const index of [1, 2, 3]) lie(shard(index));
}

describe("what shards say of the release is not repeated", () => {
  it("not in the statement, the bill of materials, the list or the release", async () => {
    const { folder, shard } = assault.shards();
    everywhere(shard, (one) => {
      const { manifest } = one;
      const { plan } = manifest;
      Object.assign(plan, { generator: "EVIL-generator", name: "EVIL-name", go: "go1.EVIL" });
      Object.assign(plan, { sbom: "none", provenance: false, parameters: { EVIL: "parameters" } });
      Object.assign(plan.release, { commit: null, title: "EVIL title", notes: "EVIL notes" });
      plan.checksum = { algorithm: "sha512", name: "EVIL.txt" };
      plan.signing = { ...plan.signing, mode: "none", fulcioUrl: "https://EVIL.example" };
      plan.destination = { ...plan.destination, repository: "EVIL/repository" };
      for (const binary of manifest.binaries) {
        binary.sha256 = "EVIL-digest";
        binary.inspection.buildInfo.go = "go1.EVIL";
        binary.inspection.buildInfo.deps = [{ path: "example.com/EVIL", version: "v1.0.0" }];
      }
      for (const artifact of manifest.artifacts) artifact.from = ["EVIL"];
      one.manifest = { ...manifest, url: "https://EVIL.example" };
    });
    const { outcome } = await assault.publish(folder);
    await expectWhole(assault.bench, outcome);
    expect(told() + outcome.summary).not.toContain("EVIL");
    const { resolvedDependencies } = statement().predicate.buildDefinition;
    expect(resolvedDependencies[0]?.digest).toEqual({ gitCommit: assault.bench.project.head });
    expect(resolvedDependencies[1]?.name).toMatch(/^go1\.\d+/u);
    expect(statement().subject.map(({ name }) => name)).toContain("age_1.2.3.sbom.json");
  });

  it("not in what is planned, by source code or programs that come with it into the checkout", async () => {
    const folder = assault.bench.project.clone();
    const { folder: downloaded } = assault.shards();
    const from = join(folder, "shards");
    cpSync(downloaded, from, { recursive: true });
    for (const place of ["cmd/evil", "shard-1/cmd/evil", "shard-2/evil"]) {
      mkdirSync(join(from, place), { recursive: true });
      writeFileSync(join(from, place, "main.go"), "package main\n\nfunc main() {}\n");
      writeFileSync(join(from, place, "LICENSE"), "EVIL\n");
    }
    const { outcome } = await assault.publish("shards", { folder });
    await expectWhole(assault.bench, outcome);
    expect(told()).not.toMatch(/evil/iu);
  });
});

describe("refused is", () => {
  it("a plan that other jobs came to, whatever its digest says", async () => {
    const { folder, shard } = assault.shards();
    everywhere(shard, (one) => {
      const { manifest } = one;
      if (manifest.shard !== undefined) manifest.shard.plan = "0".repeat(64);
      one.manifest = manifest;
    });
    expectRefused(assault, await assault.publish(folder));
  });

  it("an empty list of archives", async () => {
    const { folder, shard } = assault.shards();
    everywhere(shard, (one) => {
      one.manifest = { ...one.manifest, artifacts: [], binaries: [] };
    });
    expectRefused(assault, await assault.publish(folder));
  });

  it("a list of other archives than those of its part", async () => {
    const { folder, shard } = assault.shards();
    const [one, two] = [shard(1).manifest, shard(2).manifest];
    shard(1).manifest = { ...one, artifacts: two.artifacts };
    shard(2).manifest = { ...two, artifacts: one.artifacts };
    expectRefused(assault, await assault.publish(folder));
  });

  it("a shard of an earlier run of the same commit", async () => {
    const { folder } = assault.shards();
    expectRefused(assault, await assault.publish(folder, { env: { GITHUB_RUN_ID: "43" } }));
  });

  it("any artifact that is named like a shard, though it is a true one's double", async () => {
    const { folder, shard } = assault.shards();
    const stray = join(folder, "shard-0-of-3");
    cpSync(shard(1).folder, stray, { recursive: true });
    writeFileSync(
      join(stray, "manifest.json"),
      JSON.stringify({ ...shard(1).manifest, timings: [] }),
    );
    expectRefused(assault, await assault.publish(folder));
  });

  it("a release that a dry run made, taken for a shard", async () => {
    const { folder, shard } = assault.shards();
    const { shard: _, ...whole } = shard(1).manifest;
    shard(1).manifest = whole;
    expectRefused(assault, await assault.publish(folder));
  });

  it.each<readonly [string, (text: string) => string]>([
    [
      "with a number of parts that no machine counts to",
      (text) => text.replaceAll(/"count":\s*3/gu, '"count": 1e308'),
    ],
    ["of part 0", (text) => text.replace(/"index":\s*1\b/u, '"index": 0')],
    ["that is no JSON", (text) => text.slice(1)],
    ["without a plan", (text) => text.replace('"plan"', '"plans"')],
  ])("a manifest %s", async (_, change) => {
    const { folder, shard } = assault.shards();
    const path = join(shard(1).folder, "manifest.json");
    writeFileSync(path, change(readFileSync(path, "utf8")));
    expectRefused(assault, await assault.publish(folder));
  });

  it("a manifest without an end", async () => {
    const { folder, shard } = assault.shards();
    writeFileSync(join(shard(1).folder, "manifest.json"), Buffer.alloc(70 << 20, 0x20));
    expectRefused(assault, await assault.publish(folder));
  });
});

describe("a shard that was exchanged after its job reported it", () => {
  const reported = (shard: (index: number) => DownloadedShard): string =>
    JSON.stringify(
      Object.fromEntries([1, 2, 3].map((index) => [`shard-${index}`, shard(index).digest])),
      null,
      2,
    );

  it("is refused, however well it was made", async () => {
    const { folder, shard } = assault.shards();
    const digests = reported(shard);
    shard(2).manifest = { ...shard(2).manifest, timings: [] };
    expectRefused(assault, await assault.publish(folder, { args: [`--shard-digests=${digests}`] }));
  });

  it("is refused when it is one that no job reported", async () => {
    const { folder, shard } = assault.shards();
    const digests = JSON.stringify({ "shard-1": shard(1).digest, "shard-2": shard(2).digest });
    expectRefused(assault, await assault.publish(folder, { args: [`--shard-digests=${digests}`] }));
  });

  it("is not mistaken for an honest one, which is published", async () => {
    const { folder, shard } = assault.shards();
    const { outcome } = await assault.publish(folder, {
      args: [`--shard-digests=${reported(shard)}`],
    });
    await expectWhole(assault.bench, outcome);
  });

  it("is refused in place of another plan's, when the planning job reported its own", async () => {
    const { folder } = assault.shards();
    const args = [`--plan-digest=${"0".repeat(64)}`];
    expectRefused(assault, await assault.publish(folder, { args }));
  });
});
