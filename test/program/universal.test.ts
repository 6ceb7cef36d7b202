import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Manifest } from "../../src/model/manifest.ts";
import { call } from "../support/program.ts";
import { PROGRAM, repositoryOf } from "../support/repository.ts";
import { describeWith } from "../support/tools.ts";

const TARGETS = "--targets=darwin/universal,darwin/amd64,darwin/arm64";

describeWith("llvm-lipo-14", "file")("a universal program", () => {
  it("is what lipo makes of the single ones, and is read by others and by itself", async () => {
    const { folder } = repositoryOf(PROGRAM);
    const { status, stdout, stderr } = await call([TARGETS, "--json"], folder);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const { artifacts, binaries, plan } = JSON.parse(stdout) as Manifest;
    const unpacked = (arch: string): string => {
      const name = artifacts.find(({ target }) => target?.arch === arch)?.name ?? "";
      const to = join(folder, arch);
      mkdirSync(to);
      execFileSync("tar", ["xzf", join(folder, "dist", name), "-C", to]);
      const binary = plan.builds[0]?.programs[0]?.binary ?? "";
      return join(to, binary);
    };
    const whole = unpacked("universal");
    const by = join(folder, "by-lipo");
    const parts = [unpacked("amd64"), unpacked("arm64")];
    execFileSync("llvm-lipo-14", ["-create", ...parts, "-output", by]);
    expect(readFileSync(whole).equals(readFileSync(by))).toBe(true);
    expect(execFileSync("file", ["-b", whole], { encoding: "utf8" })).toContain(
      "Mach-O universal binary with 2 architectures",
    );
    const own = binaries.find(({ target }) => target.arch === "universal")?.inspection;
    expect(own).toMatchObject({ format: "mach-o", arch: "universal" });
    expect(own?.slices?.map(({ arch, buildInfo }) => [arch, buildInfo.settings["GOARCH"]])).toEqual(
      [
        ["amd64", "amd64"],
        ["arm64", "arm64"],
      ],
    );
    expect(await call(["verify", "dist", "--any-signer"], folder)).toMatchObject({ status: 0 });
  });
});
