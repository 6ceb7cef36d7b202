import { afterEach, beforeEach, expect, it } from "vitest";
import { Bench, manifestOf } from "../support/runs/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(async () => {
  expect(bench.github.server.violations).toEqual([]);
  await bench.close();
});

const env = { "INPUT_CLOSE-MILESTONES": "{tag}\nnever made" };

it("are closed once the release is visible, and once", async () => {
  const { milestones, server } = bench.github;
  const milestone = milestones.add("v1.2.3");
  const first = await bench.run({ env });
  expect(first.status, first.stdout).toBe(0);
  expect(milestone.state).toBe("closed");
  expect(manifestOf(first).milestones).toEqual([
    { title: "v1.2.3", result: "closed" },
    { title: "never made", result: "missing" },
  ]);
  expect(first.stdout).toContain("there is no milestone never made");
  const at = (path: RegExp) =>
    server.log.findIndex((one) => one.method === "PATCH" && path.test(one.path));
  expect(at(/\/milestones\/1$/u)).toBeGreaterThan(at(/\/releases\/\d+$/u));
  const again = await bench.run({ env });
  expect(manifestOf(again).milestones?.[0]).toEqual({ title: "v1.2.3", result: "there" });
});

it("that may not be closed fail the run, which can be made again", async () => {
  const { milestones } = bench.github;
  const milestone = milestones.add("v1.2.3");
  milestones.writable = false;
  const first = await bench.run({ env });
  expect(first.status).toBe(1);
  expect(bench.published()).toBeDefined();
  expect(first.stdout).toContain("the token may not close the milestone v1.2.3 of octo/age");
  expect(first.stdout).toContain("issues: write");
  milestones.writable = true;
  const again = await bench.run({ env });
  expect(again.status, again.stdout).toBe(0);
  expect(milestone.state).toBe("closed");
});
