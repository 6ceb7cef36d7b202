import { describe, expect, it } from "vitest";
import { sbomNames, sbomsFor } from "../../../src/sboms/index.ts";
import { readSbom } from "../../../src/sboms/read.ts";
import { cycloneDxValidator } from "../../support/cyclonedx.ts";
import { agePlan } from "../../support/releases/binaries.ts";
import { different, same, sbom } from "../../support/releases/sboms.ts";

describe("the SBOM of a release", () => {
  it("is one document where every target is linked from the same modules", () => {
    expect(sbom("cyclonedx").map(({ name }) => name)).toEqual(["age_1.3.1.sbom.json"]);
  });

  it("is one document for each target where modules differ, under names that the plan reserved", () => {
    const names = sbom("cyclonedx", different).map(({ name }) => name);
    expect(names).toEqual(["age_1.3.1_linux_amd64.sbom.json", "age_1.3.1_windows_amd64.sbom.json"]);
    expect(sbomNames(agePlan)).toEqual(expect.arrayContaining(["age_1.3.1.sbom.json", ...names]));
  });

  it("is one document for each archive where that is wanted, named after it", () => {
    const plan = { ...agePlan, sbomEach: true as const };
    const documents = sbomsFor(same, plan);
    const archives = same.map(({ artifact }) => artifact);
    expect(documents.map(({ name }) => name)).toEqual(archives.map((one) => `${one}.sbom.json`));
    expect(documents.map(({ from }) => from)).toEqual(archives.map((one) => [one]));
    expect(sbomNames(plan)).toEqual(
      plan.archives
        .filter(({ binaries }) => binaries.length > 0)
        .map(({ name }) => `${name}.sbom.json`),
    );
    for (const { text, from } of documents)
      expect(readSbom(text)?.map(({ artifact }) => artifact)).toEqual(from);
  });

  it("is not made with `sbom: none`", () => {
    expect(sbomsFor(same, { ...agePlan, sbom: "none" })).toEqual([]);
    expect(sbomNames({ ...agePlan, sbom: "none" })).toEqual([]);
  });

  it.each(["cyclonedx", "spdx"] as const)(
    "in %s has the same bytes whatever the order of binaries",
    (kind) => {
      expect(sbom(kind, [...same].reverse())).toEqual(sbom(kind));
      expect(sbom(kind, [...same].reverse())[0]?.text).toBe(sbom(kind)[0]?.text);
    },
  );

  it.each(["cyclonedx", "spdx"] as const)("in %s tells which binaries it describes", (kind) => {
    const [document] = sbom(kind);
    expect(readSbom(document?.text ?? "")).toEqual(
      same.map(({ name, artifact, sha256 }) => ({ name, artifact, sha256 })),
    );
    expect(document?.from).toEqual(same.map(({ artifact }) => artifact));
  });
});

describe("package URLs of modules", () => {
  it("follow purl-spec", () => {
    const [, document] = sbom("cyclonedx", different);
    const purls = JSON.parse(document?.text ?? "").components.map(
      ({ purl }: { purl?: string }) => purl,
    );
    expect(purls).toEqual([
      "pkg:golang/filippo.io/age@v1.3.1#cmd/age",
      "pkg:golang/example.com/ours@v1.0.1",
      undefined,
      "pkg:golang/github.com/burntsushi/toml@v1.4.0",
      "pkg:golang/github.com/docker/docker@v28.0.0%2Bincompatible",
      "pkg:golang/gopkg.in/yaml.v3@v3.0.1",
      "pkg:golang/stdlib@1.26.8",
    ]);
  });
});

describe("CycloneDX 1.6", () => {
  const validate = cycloneDxValidator();
  it.each([
    ["the same", same],
    ["different", different],
  ] as const)("is valid where targets are %s", (_what, binaries) => {
    for (const { text } of sbom("cyclonedx", [...binaries])) {
      expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
    }
  });
});
