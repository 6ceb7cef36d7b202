import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { expect, inject, it } from "vitest";

it("--help ends well when nobody reads standard output any more", async () => {
  const child = spawn(process.execPath, [inject("bundle"), "--help"]);
  child.stdout.destroy();
  const status = new Promise((ended) => child.on("close", ended));
  expect(await text(child.stderr)).toBe("");
  expect(await status).toBe(0);
});

it("a GitLab job's input that cannot be read is a usage error in words", async () => {
  const env = {
    GITLAB_CI: "true",
    GO_RELEASE_INPUTS: "--- go-release input: env\n[{A: 1}]",
  };
  const child = spawn(process.execPath, [inject("bundle"), "plan"], { env });
  const status = new Promise((ended) => child.on("close", ended));
  expect(stripVTControlCharacters(await text(child.stderr))).toBe(
    'error: env: not every item of [{A: 1}] is a string\n  → put each item in quotes, e.g. `["A=1", "B=2"]`\n',
  );
  expect(await status).toBe(2);
});

it("--version tells the version alone, with --verbose also how old the trust root is that came with it", async () => {
  const { publicGood } = await import("../../src/signers/trust/public-good.ts");
  const told = async (...argv: string[]) => {
    const child = spawn(process.execPath, [inject("bundle"), ...argv]);
    return await text(child.stdout);
  };
  expect(await told("--version")).toMatch(/^\d+\.\d+\.\d+\n$/u);
  const all = await told("--version", "--verbose");
  expect(all).toContain(`public good instance of ${publicGood.date}`);
  expect(all).toContain(`expires on ${publicGood.tufRoot.signed.expires.slice(0, 10)}`);
});
