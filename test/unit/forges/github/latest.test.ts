import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { github } from "../../../../src/forges/github/github.ts";
import { Secret } from "../../../../src/model/secret.ts";
import { http } from "../../../../src/world/node/http.ts";
import { random } from "../../../../src/world/node/random.ts";
import type { Http } from "../../../../src/world/world.ts";
import { assets, release } from "../../../support/assets.ts";
import { destination, type GitHubBench, gitHubBench } from "../../../support/github/bench.ts";
import { digests, ship } from "../contract.ts";

let bench: GitHubBench;
beforeEach(async () => {
  bench = await gitHubBench();
});
afterEach(async () => {
  await bench.close();
  expect(bench.violations()).toEqual([]);
});

describe("the latest release on GitHub", () => {
  /** Releases that are there already, the newest last. */
  const published = (...tags: readonly string[]) => {
    for (const tag of tags)
      bench.fake.seed({ tag, draft: false, prerelease: tag.endsWith("-pre") });
  };

  it.each<[string, readonly string[], string]>([
    ["v1.0.0", [], "v1.0.0"],
    ["v1.0.0", ["v0.9.0", "cli/v3.0.0", "v2.0.0-pre", "nightly"], "v1.0.0"],
    ["v1.0.0", ["v2.0.0", "v1.9.0"], "v2.0.0"],
    ["cli/v1.0.0", ["v0.1.0"], "v0.1.0"],
    ["cli/v1.0.0", ["cli/v0.9.0", "sdk/v2.0.0"], "cli/v1.0.0"],
    ["cli/v1.0.0", ["cli/v2.0.0"], "cli/v2.0.0"],
  ])("after %s beside %j is %s", async (tag, others, latest) => {
    published(...others);
    const best = bench.fake.releases.find((one) => one.tag === latest);
    if (best !== undefined) best.latest = "true";
    bench.fake.tags.set(tag, release.commit ?? "");
    await ship(bench.client(), assets(), { ...release, tag });
    expect(bench.fake.latest()?.tag).toBe(latest);
  });

  it("is looked for on every page", async () => {
    published("v2.0.0", ...Array.from({ length: 150 }, (_, at) => `v0.${at}.0`));
    await ship(bench.client(), assets());
    expect(bench.fake.published("v1.0.0")?.latest).toBe("false");
  });

  it("is decided when it is published, not when it is begun", async () => {
    const staged = await bench.client().stage(release);
    for (const one of assets()) await staged.put(one);
    published("v1.1.0");
    await staged.publish(assets());
    expect(bench.fake.published("v1.0.0")?.latest).toBe("false");
  });

  it.each<[Partial<typeof release>, string]>([
    [{ latest: true }, "true"],
    [{ latest: false }, "false"],
    [{ prerelease: true }, "false"],
    [{ prerelease: true, latest: true }, "false"],
  ])("is what was asked for, and no prerelease: %j", async (fields, latest) => {
    published(latest === "true" ? "v2.0.0" : "v0.1.0");
    await ship(bench.client(), assets(), { ...release, ...fields });
    expect(bench.fake.published("v1.0.0")?.latest).toBe(latest);
  });

  /** A client beside which another release is published just before its own. */
  function beside(tag: string) {
    const meanwhile: Http = async (request) => {
      const { method, body } = request;
      if (method === "PATCH" && typeof body === "string" && body.includes('"draft":false'))
        bench.fake.seed({ tag, draft: false, latest: "true" });
      return await http(request);
    };
    const token = new Secret(bench.fake.token);
    const options = {
      destination: destination(bench.fake, false),
      token,
      clock: bench.clock,
      random,
    };
    return github({ ...options, http: meanwhile });
  }

  it("stays the highest where another one is published at the same time", async () => {
    const { notices } = await ship(beside("v1.1.0"), assets());
    expect(bench.fake.latest()?.tag).toBe("v1.1.0");
    expect(notices).toEqual([
      "v1.1.0 is the latest release again: it was published at the same time as v1.0.0",
    ]);
  });

  it("is none of others' where ours is higher than what is published at the same time", async () => {
    const { notices } = await ship(beside("v0.9.0"), assets());
    expect(bench.fake.latest()?.tag).toBe("v1.0.0");
    expect(notices).toEqual([]);
  });

  it("that cannot be looked for is no failure of what is published", async () => {
    bench.breakWith((_, path) => (path.endsWith("/releases/latest") ? "403" : undefined));
    expect(await ship(bench.client(), assets())).toMatchObject({ changed: true, notices: [] });
  });

  it("stays what somebody made of it since", async () => {
    await ship(bench.client(), assets());
    published("v0.9.9");
    for (const one of bench.fake.releases) one.latest = String(one.tag === "v0.9.9");
    expect((await ship(bench.client(), assets())).changed).toBe(false);
    const replaced = bench.client({ replace: true });
    expect((await ship(replaced, assets("other"))).changed).toBe(true);
    expect(bench.fake.latest()?.tag).toBe("v0.9.9");
    expect(bench.visible()).toEqual(digests(assets("other")));
  });
});
