import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import pkg from "../../package.json" with { type: "json" };
import { bundle } from "../../scripts/bundle.mjs";
import { readableStack } from "../../scripts/stack.mjs";
import { watched } from "../support/program.ts";

/** A file system that fails as none does: whatever comes of it is a bug. */
const BROKEN = `
const files = require("node:fs/promises");
files.stat = async () => { throw new TypeError("what no file system says"); };
`;

it("a bug's stack names our functions, says where to report it, and leads to the sources", async () => {
  const folder = mkdtempSync(join(tmpdir(), "go-release-bug-"));
  writeFileSync(join(folder, "broken.cjs"), BROKEN);
  const args = ["--require", join(folder, "broken.cjs"), inject("bundle"), "plan"];
  const { status, stderr } = await watched(process.execPath, args, folder).ended;
  expect(status).toBe(70);
  expect(stderr).toMatch(/ {4}at loadConfig \(.*index\.js:\d+:\d+\)\n {4}at perform \(/u);
  expect(stderr).toContain(`→ please report it with the lines above: ${pkg.bugs.url}`);
  const { map } = await bundle();
  expect(readableStack(stderr, map)).toMatch(
    / {4}at loadConfig \(src\/config\/load\.ts:\d+:\d+\)\n {4}at perform \(src\/main\.ts:\d+:\d+\)/u,
  );
});
