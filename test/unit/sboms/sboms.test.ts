import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import type { BuildInfo } from "../../../src/model/binary.ts";
import { sbomNames, sbomsFor } from "../../../src/sboms/index.ts";
import { readSbom } from "../../../src/sboms/read.ts";
import { ageInfo, agePlan, binaryOf, linux, windows } from "../../support/releases/binaries.ts";

const require = createRequire(import.meta.url);

/** Every kind of module that build information knows. */
const odd: Partial<BuildInfo> = {
  deps: [
    { path: "github.com/BurntSushi/toml", version: "v1.4.0", sum: "h1:aaaa" },
    { path: "github.com/docker/docker", version: "v28.0.0+incompatible", sum: "h1:bbbb" },
    {
      path: "example.com/fork",
      version: "v1.0.0",
      replace: { path: "example.com/Ours", version: "v1.0.1", sum: "h1:cccc" },
    },
    { path: "example.com/local", version: "v0.0.0", replace: { path: "../local", version: "" } },
    { path: "gopkg.in/yaml.v3", version: "v3.0.1", sum: "h1:dddd" },
  ],
};
const same = [binaryOf(linux), binaryOf(windows)];
const different = [binaryOf(linux), binaryOf(windows, odd)];
function sbom(kind: "cyclonedx" | "spdx", binaries = same) {
  return sbomsFor(binaries, { ...agePlan, sbom: kind });
}

describe("documents", () => {
  it("is one where every target is linked from the same modules", () => {
    expect(sbom("cyclonedx").map(({ name }) => name)).toEqual(["age_1.3.1.sbom.json"]);
  });

  it("is one for each target where they differ, under names that the plan reserved", () => {
    const names = sbom("cyclonedx", different).map(({ name }) => name);
    expect(names).toEqual(["age_1.3.1_linux_amd64.sbom.json", "age_1.3.1_windows_amd64.sbom.json"]);
    expect(sbomNames(agePlan)).toEqual(expect.arrayContaining(["age_1.3.1.sbom.json", ...names]));
  });

  it("is none when none is wanted", () => {
    expect(sbomsFor(same, { ...agePlan, sbom: "none" })).toEqual([]);
    expect(sbomNames({ ...agePlan, sbom: "none" })).toEqual([]);
  });

  it.each(["cyclonedx", "spdx"] as const)("in %s: the same bytes whatever the order", (kind) => {
    expect(sbom(kind, [...same].reverse())).toEqual(sbom(kind));
    expect(sbom(kind, [...same].reverse())[0]?.text).toBe(sbom(kind)[0]?.text);
  });

  it.each(["cyclonedx", "spdx"] as const)("in %s: tell which binaries they describe", (kind) => {
    const [document] = sbom(kind);
    expect(readSbom(document?.text ?? "")).toEqual(
      same.map(({ name, artifact, sha256 }) => ({ name, artifact, sha256 })),
    );
    expect(document?.from).toEqual(same.map(({ artifact }) => artifact));
  });
});

describe("package URLs", () => {
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

const validate = officialCycloneDx();
function officialCycloneDx() {
  const folder = join(
    dirname(require.resolve("@cyclonedx/cyclonedx-library/package.json")),
    "res/schema",
  );
  const schema = (name: string) => {
    const { $id: _own, ...rest } = JSON.parse(
      readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), "utf8"),
    );
    return { ...rest, $id: `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json` };
  };
  const ajv = new Ajv({ strict: false });
  for (const name of ["spdx", "jsf-0.82"]) {
    ajv.addSchema(schema(name));
  }
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  ajv.addFormat("iri-reference", true).addFormat("idn-email", true);
  return ajv.compile(schema("bom-1.6"));
}

describe("CycloneDX 1.6", () => {
  it.each([
    ["the same", same],
    ["different", different],
  ] as const)("is valid where targets are %s", (_what, binaries) => {
    for (const { text } of sbom("cyclonedx", [...binaries])) {
      expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
    }
  });
});

const official = spawnSync("pyspdxtools", ["--help"]).error === undefined;
describe("SPDX 2.3", () => {
  it.skipIf(!official && process.env["CI"] === undefined)(
    "passes SPDX's own validator",
    { timeout: 30_000 },
    () => {
      const folder = mkdtempSync(join(tmpdir(), "spdx-"));
      for (const { name, text } of [...sbom("spdx"), ...sbom("spdx", different)]) {
        const file = join(folder, name.replace(".sbom.json", ".spdx.json"));
        writeFileSync(file, text);
        execFileSync("pyspdxtools", ["-i", file, "--version", "SPDX-2.3"]);
      }
      rmSync(folder, { recursive: true });
    },
  );
});

const cosign = spawnSync("which", ["cosign"], { encoding: "utf8" }).stdout.trim();
describe("a real binary", () => {
  it.skipIf(cosign === "" && process.env["CI"] === undefined)(
    "has in its SBOM what `go version -m` lists",
    () => {
      const lines = execFileSync("go", ["version", "-m", cosign], { encoding: "utf8" }).split("\n");
      const rows = lines.map((line) => line.trim().split("\t"));
      const deps = rows
        .filter(([kind]) => kind === "dep")
        .map(([, path = "", version = "", sum = ""]) => ({ path, version, sum }));
      expect(deps.length).toBeGreaterThan(100);
      const info = { ...ageInfo, go: lines[0]?.split(": ")[1] ?? "", deps };
      const [document] = sbom("cyclonedx", [binaryOf(linux, info)]);
      const modules = JSON.parse(document?.text ?? "").components.filter(
        ({ type, name }: { type: string; name: string }) => type === "library" && name !== "stdlib",
      );
      expect(
        modules
          .map(({ name, version }: { name: string; version: string }) => `${name} ${version}`)
          .sort(),
      ).toEqual(deps.map(({ path, version }) => `${path} ${version}`).sort());
      expect(validate(JSON.parse(document?.text ?? ""))).toBe(true);
    },
  );
});
