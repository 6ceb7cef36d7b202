import { describe, expect, it } from "vitest";
import { plan } from "../../../src/plan/plan.ts";
import { configOf, factsOf, TERMINAL } from "../../support/facts.ts";

const LINUX = { targets: ["linux/*"], env: { CC: "zig cc -target {zig-target}" } };

function planned(flags: Parameters<typeof configOf>[0], rows = 1) {
  const { programs } = factsOf();
  const facts = factsOf({ programs: Array.from({ length: rows }, () => programs[0] ?? []) });
  return plan({ config: configOf(flags), facts, surroundings: TERMINAL, generator: "1.0.0" });
}

describe("overrides", () => {
  it("are for the targets that they name alone, the environment added up, the last one first", () => {
    const { builds, archives } = planned(
      {
        targets: "linux/amd64,linux/arm/6,windows/amd64",
        env: "CGO_ENABLED=1",
        overrides: [LINUX, { targets: ["linux/arm"], tags: ["small"], static: "required" }],
      },
      3,
    );
    expect(builds.map(({ id, env, tags, static: proof }) => [id, env["CC"], tags, proof])).toEqual([
      ["linux/amd64", "zig cc -target x86_64-linux-musl", [], "report"],
      ["linux/arm/6", "zig cc -target arm-linux-musleabihf", ["small"], "required"],
      ["windows/amd64", undefined, [], "report"],
    ]);
    expect(builds.map(({ env }) => env["CGO_ENABLED"])).toEqual(["1", "1", "1"]);
    expect(archives).toHaveLength(3);
  });

  it("reach both architectures of a universal program", () => {
    const { builds } = planned({
      targets: "darwin/universal",
      overrides: [{ targets: ["darwin/*"], ldflags: "-X main.arch={arch}" }],
    });
    expect(
      builds.map(({ id, slices }) => [id, slices?.map((slice) => [slice.id, slice.ldflags])]),
    ).toEqual([
      [
        "darwin/universal",
        [
          ["darwin/universal/amd64", ["-X", "main.arch=amd64"]],
          ["darwin/universal/arm64", ["-X", "main.arch=arm64"]],
        ],
      ],
    ]);
  });

  it("that name no target are told", () => {
    expect(() =>
      planned({ targets: "linux/amd64", overrides: [{ targets: ["darwin/*"] }] }),
    ).toThrow("overrides[0]: no target of this build is darwin/*");
  });

  it("name no compiler where Zig has no C library", () => {
    expect(() => planned({ targets: "js/wasm", env: "CC=zig cc -target {zig-target}" })).toThrow(
      "env: CC: Zig has no C library for js/wasm",
    );
  });
});
