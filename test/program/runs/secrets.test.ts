import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Bench } from "../../support/runs/bench.ts";
import { Secrets } from "../../support/runs/secrets.ts";

// That no run lets a secret out is shown by every test of this folder; here is shown that they would notice.

it("the search for secrets finds a planted text everywhere that it looks", async () => {
  const bench = await Bench.open();
  const commit = bench.project.head;
  bench.secrets.add("the commit", commit);
  const found = bench.leaks(await bench.run({ watched: true }));
  for (const place of ["spans", "processes"]) expect(found).toContain(`${place}: the commit`);
  expect(found).toEqual(expect.arrayContaining([expect.stringMatching(/^go-\d+: the commit$/u)]));
  expect(found).toContain("clone-1/dist/manifest.json: the commit");
  bench.secrets.add("the version", "1.2.3");
  const more = bench.leaks(await bench.run());
  expect(more).toContain("stdout: the version");
  expect(more).toContain("summary: the version");
  expect(more).toContain("outputs: the version");
  await bench.close();
});

it.each([
  ["as it is", (secret: string) => `x${secret}x`],
  ["in base64", (secret: string) => Buffer.from(secret).toString("base64")],
  ["in base64 for URLs", (secret: string) => Buffer.from(secret).toString("base64url")],
  ["in hex", (secret: string) => Buffer.from(secret).toString("hex")],
  ["for URLs", encodeURIComponent],
  ["in JSON", (secret: string) => JSON.stringify({ secret })],
])("a secret %s is recognised, in a text and in a file", (_how, disguise) => {
  const folder = mkdtempSync(join(tmpdir(), "secrets-"));
  const secrets = new Secrets();
  const secret = 'pass "word"/+ä';
  secrets.add("the password", secret);
  writeFileSync(join(folder, "file"), disguise(secret));
  expect(secrets.in(disguise(secret))).toEqual(["the password"]);
  expect(secrets.below(folder)).toEqual(["file: the password"]);
  rmSync(folder, { recursive: true });
});

it("the search for secrets finds one line of a key", () => {
  const secrets = new Secrets();
  const lines = [
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg",
    "b3JkaW5hcnkgYnl0ZXM0NTY3ODkwMTIzNDU2Nzg5MDEyMw==",
  ];
  secrets.add(
    "the key",
    ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----"].join("\n"),
  );
  expect(secrets.in(`… ${lines[1]} …`)).toEqual(["the key"]);
});
