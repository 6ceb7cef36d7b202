import { describe, expect, it } from "vitest";
import type { InputName } from "../../../src/config/inputs.ts";
import type { Facts } from "../../../src/facts/facts.ts";
import type { PlannedImage } from "../../../src/model/image.ts";
import { plan } from "../../../src/plan/plan.ts";
import { COMMIT, configOf, factsOf, gitWith, PLATFORMS, TERMINAL } from "../../support/facts.ts";

type Flags = Partial<Record<InputName, unknown>>;

function imageOf(row: object, flags: Flags = {}, facts: Facts = factsOf()): PlannedImage {
  const images = [{ repository: "ghcr.io/octo/tool", ...row }];
  const config = configOf({ ...flags, images });
  const planned = plan({ config, facts, surroundings: TERMINAL, generator: "1.0.0" }).images?.[0];
  if (planned === undefined) throw new Error("no image was planned");
  return planned;
}

const programs = ["tool", "helper"].map((name) => ({
  importPath: `example.com/tool/cmd/${name}`,
  package: `./cmd/${name}`,
  platforms: PLATFORMS,
}));

describe("the plan of an image", () => {
  it("holds the linux programs, and has what the specification asks for", () => {
    const metadata = { description: "a tool", homepage: "https://example.com", license: "MIT" };
    expect(imageOf({}, { metadata })).toEqual({
      repository: "ghcr.io/octo/tool",
      base: "scratch",
      platforms: ["amd64", "arm64"].map((arch) => ({
        target: { os: "linux", arch },
        architecture: arch,
        programs: [{ build: `linux/${arch}`, name: "tool", path: "usr/local/bin/tool" }],
      })),
      tags: [
        { name: "1.2.3" },
        { name: "1.2", follows: "line" },
        { name: "latest", follows: "latest" },
      ],
      user: "65532:65532",
      entrypoint: ["/usr/local/bin/tool"],
      cmd: [],
      ports: [],
      labels: {
        "org.opencontainers.image.title": "tool",
        "org.opencontainers.image.version": "1.2.3",
        "org.opencontainers.image.revision": COMMIT,
        "org.opencontainers.image.created": "2026-01-31T12:34:56Z",
        "org.opencontainers.image.url": "https://example.com",
        "org.opencontainers.image.description": "a tool",
        "org.opencontainers.image.licenses": "MIT",
      },
      certificates: true,
      timeZones: true,
      archive: "images/ghcr.io_octo_tool_1.2.3.oci.tar",
    });
  });

  it("is absent where no image was asked for", () => {
    const config = configOf({});
    const known = { config, facts: factsOf(), surroundings: TERMINAL, generator: "1.0.0" };
    expect("images" in plan(known)).toBe(false);
  });

  it("has a platform for each level", () => {
    const { platforms } = imageOf({}, { targets: "linux/amd64,linux/amd64/v3,linux/arm/6" });
    expect(platforms.map(({ architecture, variant }) => [architecture, variant])).toEqual([
      ["amd64", undefined],
      ["amd64", "v3"],
      ["arm", "v6"],
    ]);
  });

  it("leaves user, certificates and time zones to a base", () => {
    const base = `gcr.io/distroless/static@sha256:${"0".repeat(64)}`;
    const { labels, ...image } = imageOf({ base });
    expect(image).toMatchObject({ base, certificates: false, timeZones: false });
    expect("user" in image).toBe(false);
    expect(labels).toMatchObject({
      "org.opencontainers.image.base.name": "gcr.io/distroless/static",
      "org.opencontainers.image.base.digest": `sha256:${"0".repeat(64)}`,
    });
  });

  it.each<[string, readonly string[], readonly string[] | undefined, readonly string[]]>([
    ["a release", ["v1.2.3"], undefined, ["1.2.3", "1.2", "latest"]],
    ["a prerelease", ["v1.3.0-rc.1"], undefined, ["1.3.0-rc.1"]],
    ["a backport", ["v1.2.3", "v2.0.0"], undefined, ["1.2.3", "1.2"]],
    ["a backport of a line", ["v1.2.3", "v1.2.4"], undefined, ["1.2.3"]],
    ["a version with metadata", ["v1.2.3+build"], ["{version}"], ["1.2.3-build"]],
    ["own tags", ["v1.2.3"], ["v{version}", "v{major}", "edge"], ["v1.2.3", "v1", "edge"]],
  ])("gives %s its tags", (_, [own = "", ...others], tags, names) => {
    const git = gitWith([own]);
    const tag = (name: string) => ({ name, commit: "0".repeat(40), merged: false });
    const facts = factsOf({ git: { ...git, tags: [...git.tags, ...others.map(tag)] } });
    const image = imageOf(tags === undefined ? {} : { tags }, { tag: own }, facts);
    expect(image.tags.map(({ name }) => name)).toEqual(names);
  });

  it("starts the program that is named like the image", () => {
    const facts = factsOf({ programs: [programs] });
    expect(imageOf({}, {}, facts).entrypoint).toEqual(["/usr/local/bin/tool"]);
    expect(() => imageOf({ repository: "ghcr.io/octo/x" }, { name: "y" }, facts)).toThrow(
      /which of tool, helper a container starts/u,
    );
  });

  it.each<[string, object, Flags, RegExp]>([
    ["nothing for linux", {}, { targets: "darwin/amd64" }, /holds no program/u],
    ["an unknown build", { builds: ["other"] }, {}, /no build is named so/u],
    [
      "one platform twice",
      {},
      { targets: "linux/mips,linux/mips/softfloat" },
      /two targets would be the platform linux\/mips/u,
    ],
    ["a tag that is too long", { tags: ["x".repeat(129)] }, {}, /tags?\b/u],
  ])("refuses %s", (_, row, flags, words) => {
    expect(() => imageOf(row, flags)).toThrow(words);
  });

  it("refuses one repository twice", () => {
    const images = ["a", "b"].map((user) => ({ repository: "ghcr.io/octo/tool", user }));
    const config = configOf({ images });
    const known = { config, facts: factsOf(), surroundings: TERMINAL, generator: "1.0.0" };
    expect(() => plan(known)).toThrow(/two rows have the repository ghcr.io\/octo\/tool/u);
  });
});
