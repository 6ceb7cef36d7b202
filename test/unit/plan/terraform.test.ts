import { describe, expect, it } from "vitest";
import { configure } from "../../../src/config/config.ts";
import { readFile } from "../../../src/config/file.ts";
import type { Facts } from "../../../src/facts/facts.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { plan } from "../../../src/plan/plan.ts";
import { releasedNames } from "../../../src/plan/released-names.ts";
import { factsOf, PLATFORMS, TERMINAL } from "../../support/facts.ts";

const MANIFEST = '{"version": 1, "metadata": {"protocol_versions": ["6.0"]}}';
const PATH = "example.com/terraform-provider-tool";

function planned(yaml = "", more: Partial<Facts> = {}): Plan {
  const file = readFile(`preset: terraform-provider\n${yaml}`, ".go-release.yaml");
  const config = configure("release", { flags: [], host: [], environment: [], file });
  const facts = factsOf({
    module: { path: PATH, folder: ".", vendored: false },
    programs: [[{ importPath: PATH, package: ".", platforms: PLATFORMS }]],
    registryManifest: MANIFEST,
    ...more,
  });
  return plan({ config, facts, surroundings: TERMINAL, generator: "1.0.0" });
}

describe("a provider of Terraform's", () => {
  it("is released as its registry asks", () => {
    const made = planned();
    expect(releasedNames(made).filter((name) => !name.endsWith(".sbom.json"))).toEqual([
      ...[
        "darwin_amd64",
        "darwin_arm64",
        "linux_amd64",
        "linux_arm64",
        "linux_arm",
        "windows_amd64",
      ].map((target) => `terraform-provider-tool_1.2.3_${target}.zip`),
      "terraform-provider-tool_1.2.3_manifest.json",
      "terraform-provider-tool_1.2.3_SHA256SUMS",
      "terraform-provider-tool_1.2.3_SHA256SUMS.sig",
      "terraform-provider-tool_1.2.3_SHA256SUMS.sigstore.json",
      "provenance.sigstore.json",
    ]);
    const programs = made.archives.flatMap(({ binaries }) => binaries.map(({ path }) => path));
    expect(new Set(programs)).toEqual(
      new Set(["terraform-provider-tool_v1.2.3", "terraform-provider-tool_v1.2.3.exe"]),
    );
    expect(made.gpg).toEqual({
      name: "terraform-provider-tool_1.2.3_SHA256SUMS.sig",
      armored: false,
      mode: "throwaway",
      rsa: true,
    });
  });

  it("has targets of its own where it names some", () => {
    const made = planned("targets: [linux/arm64]\n");
    expect(made.archives.map(({ name }) => name)).toEqual([
      "terraform-provider-tool_1.2.3_linux_arm64.zip",
    ]);
    expect(made.notices).toContainEqual(expect.stringContaining("HCP Terraform"));
  });

  it.each([
    ["another name", "name: tool\n", {}, /cannot be named "tool"/u],
    ["another algorithm", "checksum: sha512\n", {}, /registries read one list of sha256 alone/u],
    ["a manifest of no protocol", "", { registryManifest: "{}" }, /not what registries read/u],
    ["a manifest that is no JSON", "", { registryManifest: "{" }, /not what registries read/u],
  ])("is refused with %s", (_, yaml, more, says) => {
    expect(() => planned(yaml, more)).toThrow(says);
  });

  it("is of the old protocol where there is no manifest, which is told", () => {
    const { registryManifest: _, ...facts } = factsOf({
      module: { path: PATH, folder: ".", vendored: false },
      programs: [[{ importPath: PATH, package: ".", platforms: PLATFORMS }]],
    });
    const file = readFile("preset: terraform-provider\n", ".go-release.yaml");
    const config = configure("release", { flags: [], host: [], environment: [], file });
    const made = plan({ config, facts, surroundings: TERMINAL, generator: "1.0.0" });
    expect(made.extraFiles).toBeUndefined();
    expect(made.notices).toContainEqual(expect.stringContaining("protocol 5.0"));
  });
});
