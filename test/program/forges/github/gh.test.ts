import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { asset, assets } from "../../../support/assets.ts";
import { type GitHubBench, gitHubBench } from "../../../support/github/bench.ts";
import { ship } from "../../../unit/forges/contract.ts";

const run = promisify(execFile);
const there = await run("gh", ["--version"]).then(
  () => true,
  () => false,
);
// In CI its absence is a failure.
const skipped = !there && process.env["CI"] === undefined;

let bench: GitHubBench;
let folder: string;
beforeEach(async () => {
  bench = await gitHubBench();
  folder = await mkdtemp(join(tmpdir(), "gh-"));
});
afterEach(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

/** GitHub's own client, which calls `github.localhost` by plain HTTP: the fake is its proxy. */
async function gh(...args: readonly string[]): Promise<string> {
  const { fake } = bench;
  const { stdout } = await run("gh", [...args], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      GH_HOST: "github.localhost",
      GH_ENTERPRISE_TOKEN: fake.token,
      GH_TOKEN: fake.token,
      GH_REPO: `github.localhost/${fake.repository}`,
      http_proxy: fake.origin,
    },
  });
  return stdout;
}

it.skipIf(skipped)("gh sees what was published", async () => {
  await ship(bench.client(), assets());
  const seen = JSON.parse(
    await gh("release", "view", "v1.0.0", "--json", "tagName,isDraft,name,assets"),
  );
  expect(seen).toMatchObject({ tagName: "v1.0.0", isDraft: false, name: "v1.0.0" });
  expect(seen.assets.map(({ name }: { name: string }) => name).sort()).toEqual(
    assets()
      .map(({ name }) => name)
      .sort(),
  );
});

it.skipIf(skipped)("gh downloads what was published", async () => {
  const list = [...assets(), asset("checksums.txt.sigstore.json", "{}", "signature")];
  await ship(bench.client(), list);
  await gh("release", "download", "v1.0.0", "--dir", "got");
  expect((await readdir(join(folder, "got"))).sort()).toEqual(list.map(({ name }) => name).sort());
  expect(await readFile(join(folder, "got", "checksums.txt"), "utf8")).toBe("sums of ");
});
