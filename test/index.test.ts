import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { expect, inject, it } from "vitest";

it("goes on when nobody reads what it says any more", async () => {
  const child = spawn(process.execPath, [inject("bundle"), "--help"]);
  child.stdout.destroy();
  const status = new Promise((ended) => child.on("close", ended));
  expect(await text(child.stderr)).toBe("");
  expect(await status).toBe(0);
});
