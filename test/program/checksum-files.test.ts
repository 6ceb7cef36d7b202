import { execFileSync } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { call } from "../support/program.ts";
import { PROGRAM, repositoryOf } from "../support/repository.ts";

const TARGET = ["--targets=linux/amd64", "--archive-name={name}"];

function released(folder: string): readonly string[] {
  return readdirSync(join(folder, "dist")).filter((name) => !name.startsWith("."));
}

describe("checksum files", () => {
  it("are one of each algorithm, all verified, and signed where nobody can forge", async () => {
    const { folder } = repositoryOf({ ...PROGRAM, ".gitignore": "dist\n" });
    const flags = [...TARGET, "--checksum=sha1,sha256,sha512", "--no-provenance"];
    const made = await call(["release", ...flags], folder);
    expect(made).toMatchObject({ status: 0 });
    const dist = join(folder, "dist");
    for (const [tool, list] of [
      ["sha256sum", "checksums.txt"],
      ["sha512sum", "checksums.sha512"],
      ["sha1sum", "checksums.sha1"],
    ] as const)
      expect(execFileSync(tool, ["--strict", "-c", list], { cwd: dist, encoding: "utf8" })).toMatch(
        /: OK\n/u,
      );
    expect(released(folder)).toContain("checksums.sha512.sigstore.json");
    expect(released(folder)).not.toContain("checksums.sha1.sigstore.json");
    const verify = ["verify", "dist", "--any-signer"];
    expect(await call(verify, folder)).toMatchObject({ status: 0 });
    appendFileSync(join(dist, "checksums.sha1"), `${"0".repeat(40)}  more\n`);
    const spoilt = await call(verify, folder);
    expect(spoilt).toMatchObject({ status: 1 });
    expect(spoilt.stdout + spoilt.stderr).toContain("more: it is listed but missing");
  });

  it("can lie beside each file instead of one list, and cover all of them", async () => {
    const { folder } = repositoryOf({ ...PROGRAM, ".gitignore": "dist\n" });
    const flags = [...TARGET, "--checksum-split", "--no-provenance"];
    const made = await call(["release", ...flags], folder);
    expect(made.status, made.stderr).toBe(0);
    const names = released(folder);
    expect(names.filter((name) => name.endsWith(".sha256"))).toEqual([
      "tool.tar.gz.sha256",
      "tool_1.2.3.sbom.json.sha256",
    ]);
    const dist = join(folder, "dist");
    expect(made.stderr + made.stdout).toContain("sha256sum --ignore-missing -c *.sha256");
    execFileSync("sh", ["-c", "sha256sum --strict -c *.sha256"], { cwd: dist });
    const verify = ["verify", "dist", "--any-signer"];
    const whole = await call(verify, folder);
    expect(whole.status, whole.stderr).toBe(0);
    // Digests alone, as other tools write them, are read too; they are another file than was signed.
    const beside = join(dist, "tool.tar.gz.sha256");
    const text = readFileSync(beside, "utf8");
    writeFileSync(beside, text.slice(0, 64));
    expect((await call(verify, folder)).stderr).not.toContain("is not a checksums file");
    writeFileSync(
      beside,
      text.replace(/^./u, (digit) => (digit === "0" ? "1" : "0")),
    );
    expect((await call(verify, folder)).stderr).toContain("tool.tar.gz: its checksum is");
    for (const name of ["tool_1.2.3.sbom.json.sha256", "tool_1.2.3.sbom.json.sha256.sigstore.json"])
      rmSync(join(dist, name));
    rmSync(join(dist, "manifest.json"));
    writeFileSync(beside, text);
    const left = await call(verify, folder);
    expect(left.status).toBe(1);
    expect(left.stderr).toContain("tool_1.2.3.sbom.json: no checksum file of sha256 or better");
  });

  it.each([
    ["--checksum=sha1", "must include sha256, sha384 or sha512"],
    ["--checksum=sha256,crc32", "must be one or more of sha256, sha512"],
    ["--checksum=sha256,sha256", "must name each algorithm once"],
    ["--checksum-name=sums", "nobody would take sums for a list of checksums"],
    ["--checksum-name=checksums.txt --checksum-split", "were both given"],
    ["--checksum-split --sign-gpg=binary", "leaves no list of checksums that OpenPGP signs"],
  ])("are told to be wrong before anything is built: %s", async (flags, says) => {
    const { folder } = repositoryOf(PROGRAM);
    const { status, stderr } = await call(["plan", ...TARGET, ...flags.split(" ")], folder);
    expect(stderr).toContain(says);
    expect(status).not.toBe(0);
  });
});
