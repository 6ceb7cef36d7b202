import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { digest } from "../../../src/checksums/digest.ts";
import type { ArchiveStep, BuildStep } from "../../../src/model/plan.ts";
import { OutputFolder } from "../../../src/output/output-folder.ts";
import { Budget } from "../../../src/release/budget.ts";
import { Journal } from "../../../src/release/journal.ts";
import { pack } from "../../../src/release/pack.ts";
import type { GoReleaseRun } from "../../../src/release/release-run.ts";
import { node } from "../../../src/world/node.ts";
import { agePlan, binaryOf, linux } from "../../support/releases/binaries.ts";
import { temporaryFolder } from "../../support/repository.ts";

const build = agePlan.builds[0] as BuildStep;

/** Packs a program that was inspected, after somebody wrote to its place. */
async function packed(format: ArchiveStep["format"], later: string) {
  const world = await node();
  const folder = temporaryFolder();
  const output = await OutputFolder.open(join(folder, "dist"), world.files);
  const path = join(output.binaries, "age");
  mkdirSync(output.binaries);
  writeFileSync(path, "inspected");
  const { size, sha256 } = await digest(() => world.files.source(path));
  writeFileSync(path, later);
  const step: ArchiveStep = {
    name: `age.${format}`,
    format,
    target: build.target,
    binaries: [{ build: build.id, name: "age", path: "age" }],
    files: [],
  };
  const run = {
    plan: agePlan,
    output,
    world,
    budget: new Budget(world.machine),
    journal: new Journal(() => {}, world.clock),
    signal: new AbortController().signal,
    folder,
  } as unknown as GoReleaseRun;
  return await pack(
    step,
    [{ build, name: "age", path, size, sha256, inspection: binaryOf(linux).inspection }],
    run,
  );
}

it.each(["tar.gz", "zip", "gz", "none"] as const)(
  "packs what was inspected, and nothing that a compiler of a killed run wrote in its place: %s",
  async (format) => {
    const { artifact, opened } = await packed(format, "inspected");
    expect(artifact.size).toBeGreaterThan(0);
    expect([...(opened ?? [])]).toEqual([
      ["age", createHash("sha256").update("inspected").digest("hex")],
    ]);
    await expect(packed(format, "exchanged")).rejects.toMatchObject({
      message: "age is no longer the file that was inspected",
    });
  },
);
