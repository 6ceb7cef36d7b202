import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { expect, inject, it } from "vitest";

it("goes on when nobody reads what it says any more", async () => {
  const child = spawn(process.execPath, [inject("bundle"), "--help"]);
  child.stdout.destroy();
  const status = new Promise((ended) => child.on("close", ended));
  expect(await text(child.stderr)).toBe("");
  expect(await status).toBe(0);
});

it("says in words what it cannot read of a job's inputs", async () => {
  const env = {
    GITLAB_CI: "true",
    GO_RELEASE_INPUTS: "--- go-release input: env\n[{A: 1}]",
  };
  const child = spawn(process.execPath, [inject("bundle"), "plan"], { env });
  const status = new Promise((ended) => child.on("close", ended));
  expect(stripVTControlCharacters(await text(child.stderr))).toBe(
    'error: env: not every item of [{A: 1}] is a text\n  → put each item in quotes, e.g. `["A=1", "B=2"]`\n',
  );
  expect(await status).toBe(2);
});
