import { expect, it } from "vitest";
import { zigTarget } from "../../../src/go/zig-targets.ts";

it.each([
  ["linux", "amd64", undefined, "x86_64-linux-musl"],
  ["linux", "arm", "7", "arm-linux-musleabihf"],
  ["linux", "arm", "5", "arm-linux-musleabi"],
  ["linux", "arm", "6,softfloat", "arm-linux-musleabi"],
  ["linux", "mipsle", "softfloat", "mipsel-linux-musleabi"],
  ["linux", "mips64le", undefined, "mips64el-linux-muslabi64"],
  ["darwin", "arm64", undefined, "aarch64-macos"],
  ["windows", "386", undefined, "x86-windows-gnu"],
  ["freebsd", "amd64", undefined, "x86_64-freebsd"],
  ["freebsd", "arm64", undefined, undefined],
  ["solaris", "amd64", undefined, undefined],
])("%s/%s/%s is %s", (os, arch, level, expected) => {
  expect(zigTarget({ os, arch, ...(level === undefined ? {} : { level }) })).toBe(expected);
});
