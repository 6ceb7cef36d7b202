import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeRegistry } from "../../support/images/fake-registry.ts";
import { Bench, manifestOf } from "../../support/runs/bench.ts";

let bench: Bench;
let registry: FakeRegistry;
/** What was tagged while nobody could see the release. */
let early: string[];

beforeEach(async () => {
  bench = await Bench.open();
  registry = new FakeRegistry();
  await registry.listen();
  early = [];
  registry.changed = ({ method, path }) => {
    if (bench.published() === undefined && Object.keys(registry.tags(NAME)).length > 0)
      early.push(`${method} ${path}`);
  };
});
afterEach(async () => {
  await bench.close();
  await registry.close();
});

const NAME = "octo/hello";

/** The configuration of a caller, so that every run is of the same commit. */
function config(): readonly string[] {
  const path = join(bench.folder, "images.yaml");
  const row = { repository: `${registry.host}/${NAME}`, timeZones: false, certificates: false };
  writeFileSync(path, JSON.stringify({ targets: ["linux/amd64"], images: [row] }));
  return ["--config", path];
}

/** Kills the run when the registry has been asked so often. */
async function killedAt(nth: number): Promise<void> {
  const running = bench.start({ args: config() });
  const { changed } = registry;
  registry.changed = (request) => {
    changed(request);
    if (registry.log.length === nth) running.kill();
  };
  const { status } = await running.outcome;
  registry.changed = changed;
  expect(status).toBeNull();
}

/** Those that people find beside the image; what a killed run left without a name nobody does. */
function bundles(): number {
  const { manifests, tags } = registry.at(NAME);
  const [, digest = ""] = [...tags].find(([tag]) => tag.startsWith("sha256-")) ?? [];
  const index = manifests.get(digest)?.body.toString() ?? "{}";
  return (JSON.parse(index) as { manifests?: unknown[] }).manifests?.length ?? 0;
}

describe("a release with an image", () => {
  it.each([3, 9, 14, 22, 33])("killed at request %i is finished by a second run", async (nth) => {
    await killedAt(nth);
    const outcome = await bench.run({ args: config() });
    expect(outcome.status, outcome.stdout).toBe(0);
    const [image] = manifestOf(outcome).images ?? [];
    expect(registry.tags(NAME)).toEqual({
      "1.2.3": image?.digest,
      "1.2": image?.digest,
      latest: image?.digest,
    });
    // A signature that was made and not stored is made again; what is stored is not.
    expect(bundles()).toBe(3);
    expect(early).toEqual([]);
    expect(bench.moments).toHaveLength(1);
    expect(bench.leaks(outcome)).toEqual([]);
  });

  it("is published and fails where a tag may not be moved, and a later run does the rest", async () => {
    registry.traits = {
      fault: (_, { method, path }) =>
        method === "PUT" && path.endsWith("/manifests/latest")
          ? { status: 403, code: "DENIED", message: "tag is immutable" }
          : undefined,
    };
    const outcome = await bench.run({ args: config() });
    expect(outcome.status).toBe(1);
    expect(bench.published()).toBeDefined();
    expect(Object.keys(registry.tags(NAME))).toEqual(["1.2.3", "1.2"]);
    expect(outcome.stdout).toContain("tag latest names another image");
    expect(outcome.summary).toContain("1 of 1 channels could not be written");
    const state = bench.state();
    registry.traits = {};
    const again = await bench.run({ args: config() });
    expect(again.status, again.stdout).toBe(0);
    expect(Object.keys(registry.tags(NAME))).toEqual(["1.2.3", "1.2", "latest"]);
    expect(bench.state()).toBe(state);
    expect(early).toEqual([]);
  });

  it("is pushed with a password that nobody sees", async () => {
    const password = "registry-password-8f3a2c55d1";
    bench.secrets.add("the registry's password", password);
    registry.traits = { login: { user: "octo", password } };
    const env = {
      GO_RELEASE_REGISTRY: registry.host,
      GO_RELEASE_REGISTRY_USER: "octo",
      GO_RELEASE_REGISTRY_PASSWORD: password,
    };
    const outcome = await bench.run({ args: config(), env, watched: true });
    expect(outcome.status, outcome.stdout).toBe(0);
    expect(JSON.stringify(manifestOf(outcome).plan.parameters)).not.toContain(password);
    expect(bench.leaks(outcome)).toEqual([]);
  });

  it("that a registry refuses is not begun", async () => {
    registry.traits = { login: { user: "octo", password: "not given to anybody" } };
    const outcome = await bench.run({ args: config() });
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toContain(`no credentials for ${registry.host}`);
    expect(bench.github.releases).toEqual([]);
    expect(outcome.stdout).not.toContain("compile");
  });
});
