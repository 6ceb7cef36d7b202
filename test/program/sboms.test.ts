import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cycloneDxValidator } from "../support/cyclonedx.ts";
import { whereIs } from "../support/path.ts";
import { ageInfo, binaryOf, linux } from "../support/releases/binaries.ts";
import { different, sbom } from "../support/releases/sboms.ts";
import { describeWith } from "../support/tools.ts";

describeWith("pyspdxtools")("SPDX 2.3", () => {
  it("passes SPDX's own validator", { timeout: 30_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "spdx-"));
    for (const { name, text } of [...sbom("spdx"), ...sbom("spdx", different)]) {
      const file = join(folder, name.replace(".sbom.json", ".spdx.json"));
      writeFileSync(file, text);
      execFileSync("pyspdxtools", ["-i", file, "--version", "SPDX-2.3"]);
    }
    rmSync(folder, { recursive: true });
  });
});

describeWith("cosign")("the SBOM of cosign", () => {
  it("holds what `go version -m` lists", () => {
    const lines = execFileSync("go", ["version", "-m", whereIs("cosign")], {
      encoding: "utf8",
    }).split("\n");
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
    expect(cycloneDxValidator()(JSON.parse(document?.text ?? ""))).toBe(true);
  });
});
