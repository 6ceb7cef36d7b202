import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Manifest } from "../../src/model/manifest.ts";
import { pathWithGo } from "../support/path.ts";
import { call } from "../support/program.ts";
import { type Repository, repositoryOf, SMALL } from "../support/repository.ts";

const LINUX = "--targets=linux/amd64";
const RELEASE = execFileSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).trim();
const NUMBER = RELEASE.replace(/^go/u, "");

/** A `go` of somebody else's: it and its programs call themselves by his name, as a rebuilt one does. */
function pathWithVendor(name: string): string {
  return pathWithGo(
    [
      `case "$1" in`,
      `env) out=$("$REAL" "$@") || exit; printf '%s\\n' "$out" | sed 's/"${RELEASE}"/"${name}"/'; exit;;`,
      "build)",
      '  n=$#; while [ "$n" -gt 0 ]; do a=$1; shift; n=$((n - 1))',
      `    case "$a" in -ldflags=*) a="$a -X 'runtime.buildVersion=${name}'";; esac`,
      '    set -- "$@" "$a"',
      "  done;;",
      "esac",
      'exec "$REAL" "$@"',
    ].join("\n"),
  );
}

async function released(
  { folder }: Repository,
  env: Readonly<Record<string, string>>,
  ...argv: readonly string[]
): Promise<{ manifest: Manifest; sbom: string }> {
  const { status, stdout, stderr } = await call([LINUX, "--json", ...argv], folder, env);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const sbom = readFileSync(join(folder, "dist/tool_1.2.3.sbom.json"), "utf8");
  return { manifest: JSON.parse(stdout) as Manifest, sbom };
}

describe("a vendor's Go", () => {
  it.each([`${RELEASE} (Red Hat ${NUMBER}-1.el10)`, `${RELEASE}-bigcorp.3`])(
    "%j on PATH is the one that builds, and its standard library has the number that advisories know",
    async (name) => {
      const repository = repositoryOf(SMALL);
      const vendor = { PATH: pathWithVendor(name) };
      const { manifest, sbom } = await released(repository, vendor);
      expect(manifest.plan.go).toBe(name);
      expect(manifest.binaries.map(({ inspection }) => inspection.buildInfo.go)).toEqual([name]);
      expect(sbom).toContain(`"purl": "pkg:golang/stdlib@${NUMBER}"`);
      expect(sbom).toContain(`"cpe": "cpe:2.3:a:golang:go:${NUMBER}:-:*:*:*:*:*:*"`);
      expect(sbom).toContain(`"value": "${name}"`);
    },
  );

  it("has to be on PATH to build a release of its again", async () => {
    const repository = repositoryOf(SMALL);
    const name = `${RELEASE} (Red Hat ${NUMBER}-1.el10)`;
    const vendor = { PATH: pathWithVendor(name) };
    await released(repository, vendor);
    const rebuild = ["verify", "dist", "--any-signer", "--rebuild", LINUX];
    expect(await call(rebuild, repository.folder, vendor)).toMatchObject({ status: 0 });
    const { status, stderr } = await call(rebuild, repository.folder);
    expect(status).toBe(1);
    expect(stderr).toContain(
      `error: the release was built with ${name}, but this is ${RELEASE}\n  → put that Go version on PATH, e.g. by using the image that built the release`,
    );
  });
});

describe("a distribution's own experiments", () => {
  const PATH = pathWithGo('export GOEXPERIMENT="${GOEXPERIMENT:-nodwarf5}"\nexec "$REAL" "$@"');

  it("are in its programs without being asked for", async () => {
    const { manifest, sbom } = await released(repositoryOf(SMALL), { PATH });
    expect(manifest.plan.goDefaults).toEqual({ GOEXPERIMENT: "nodwarf5" });
    expect(manifest.binaries[0]?.inspection.buildInfo).toMatchObject({
      go: `${RELEASE}-X:nodwarf5`,
      settings: { GOEXPERIMENT: "nodwarf5" },
    });
    expect(sbom).toContain(`"purl": "pkg:golang/stdlib@${NUMBER}"`);
    expect(sbom).not.toMatch(/"version": "[^"]*X:/u);
  });

  it("give way to `env`", async () => {
    const { manifest } = await released(repositoryOf(SMALL), { PATH }, "--env=GOEXPERIMENT=jsonv2");
    expect(manifest.binaries[0]?.inspection.buildInfo.settings).toMatchObject({
      GOEXPERIMENT: "jsonv2",
    });
  });
});

it("GOFIPS140 that `env` asks for is in the program", async () => {
  const { manifest } = await released(repositoryOf(SMALL), {}, "--env=GOFIPS140=v1.0.0");
  expect(manifest.binaries[0]?.inspection.buildInfo.settings).toMatchObject({
    GOFIPS140: expect.stringMatching(/^v1\.0\.0/u),
    DefaultGODEBUG: expect.stringContaining("fips140=on"),
  });
});
