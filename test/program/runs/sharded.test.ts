import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Bench, manifestOf, type Outcome } from "../../support/runs/bench.ts";
import { buildShards } from "../../support/runs/shards.ts";
import { expectWhole } from "../../support/runs/whole.ts";

let bench: Bench;
/** Where the publishing job has downloaded the shards to. */
let shards: string;
let parts: readonly Outcome[];
beforeAll(async () => {
  bench = await Bench.open();
  shards = join(bench.folder, "downloaded");
  parts = await buildShards(bench, shards);
}, 120_000);
afterAll(() => bench.close());

/** The job that publishes, in a clone of its own. */
function publish(from: string): Promise<Outcome> {
  return bench.run({ args: ["publish", `--from=${from}`] });
}

function error({ stdout }: Outcome): string {
  return (/^::error title=Not released::(.*)$/mu.exec(stdout)?.[1] ?? "").replaceAll("%0A", "\n");
}
function sums({ folder }: Outcome): string {
  return readFileSync(join(folder, "dist", "checksums.txt"), "utf8");
}

it("is refused, and nothing is published, when a shard is wrong", async () => {
  const broken = (name: string, change: (folder: string) => void): string => {
    const copy = join(bench.folder, name);
    cpSync(shards, copy, { recursive: true });
    change(copy);
    return copy;
  };
  const archiveIn = (folder: string): string => {
    const { artifacts } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as {
      artifacts: { name: string }[];
    };
    return join(folder, artifacts[0]?.name ?? "");
  };
  const another = await Bench.open();
  another.project.moveTag({ "more.go": "package main\n" });
  const foreign = join(bench.folder, "foreign");
  await buildShards(another, foreign);
  const rows: readonly (readonly [string, (folder: string) => void, string])[] = [
    ["missing", (all) => rmSync(join(all, "shard-2"), { recursive: true }), "shard 2/3 is missing"],
    [
      "damaged",
      (all) => {
        const path = archiveIn(join(all, "shard-3"));
        const bytes = readFileSync(path);
        bytes.writeUInt8(bytes.readUInt8(50) ^ 1, 50);
        writeFileSync(path, bytes);
      },
      "is not the file that its manifest.json describes",
    ],
    [
      "lost",
      (all) => rmSync(archiveIn(join(all, "shard-1"))),
      "is not the file that its manifest.json describes",
    ],
    [
      "of another commit",
      (all) => cpSync(join(foreign, "shard-2"), join(all, "shard-2"), { recursive: true }),
      "was planned differently from this checkout: release",
    ],
    [
      "all of another commit",
      (all) => cpSync(foreign, all, { recursive: true }),
      "was planned differently from this checkout: release",
    ],
  ];
  for (const [name, change, words] of rows) {
    const outcome = await publish(broken(name, change));
    expect(outcome.status, `${name}: ${outcome.stdout}`).toBe(1);
    expect(error(outcome)).toContain(words);
    expect(error(outcome)).toMatch(/\n {2}→ /u);
    expect(bench.github.releases).toEqual([]);
  }
  await another.close();
});

it("publishes the bytes that one machine would have made", async () => {
  expect(parts).toHaveLength(3);
  for (const [at, { folder, summary, stdout }] of parts.entries()) {
    expect(manifestOf({ folder }).url).toBeNull();
    expect(summary).toContain(`Part ${at + 1} of 3`);
    expect(summary + stdout).not.toMatch(/dry run|checksums\.txt/u);
  }
  const outcome = await publish(shards);
  await expectWhole(bench, outcome, ...parts);
  const alone = await Bench.open();
  const whole = await alone.run();
  expect(sums(outcome)).toBe(sums(whole));
  expect(whole.status).toBe(0);
  await alone.close();
});
