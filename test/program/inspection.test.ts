import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { inspect } from "../../src/go/inspection/inspect.ts";
import { files } from "../../src/world/node/files.ts";
import { describeWith } from "../support/tools.ts";
import { fromGo, type GoBuildInfo } from "../unit/go/inspection/go-json.ts";
import { build, goVersionOf } from "../unit/go/inspection/samples.ts";

const BUILD_TIMEOUT = 300_000;
const linux = process.platform === "linux" && process.arch === "x64";

describe.runIf(linux)("what is told of a program of Go and C", () => {
  describeWith("gcc", "readelf")("with a C compiler", () => {
    const cgo = { os: "linux", arch: "amd64", env: { CGO_ENABLED: "1" } } as const;
    const statically = "-ldflags=-linkmode external -extldflags -static";
    it.each([
      { ...cgo, name: "cgo", flags: ["-trimpath"], kind: "dynamic" },
      { ...cgo, name: "cgo-static", flags: ["-trimpath", statically], kind: "static" },
      {
        ...cgo,
        name: "cgo-static-pie",
        flags: ["-trimpath", "-buildmode=pie", `${statically}-pie`],
        kind: "static",
      },
    ])("$name is $kind, as readelf says", { timeout: BUILD_TIMEOUT }, async (sample) => {
      const path = build(sample);
      const { linkage, buildInfo } = await inspectFile(path);
      const said = execFileSync("readelf", ["-W", "-l", "-d", path], { encoding: "utf8" });
      expect(linkage.kind).toBe(sample.kind);
      expect(linkage.interpreter).toBe(/interpreter: ([^\]]+)/.exec(said)?.[1]);
      expect(linkage.libraries).toEqual(
        [...said.matchAll(/NEEDED.*\[(.+)\]/g)].map(([, name]) => name),
      );
      expect(buildInfo).toEqual(fromGo(goVersionOf(path) as GoBuildInfo));
    });
  });
});

async function inspectFile(path: string) {
  const file = await files.open(path);
  try {
    return await inspect(file, path);
  } finally {
    await file.close();
  }
}
