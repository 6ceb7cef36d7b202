import { describe, expect, it } from "vitest";
import {
  elfLinkage,
  isAppleSystem,
  isWindowsSystem,
  linkage,
} from "../../../../src/go/inspection/linkage.ts";

describe("linkage of ELF", () => {
  it.each([
    ["static", undefined, []],
    ["dynamic", undefined, ["libc.so.6"]],
    ["dynamic", "/lib64/ld-linux-x86-64.so.2", []],
    ["dynamic", "/lib/ld-musl-x86_64.so.1", ["libc.musl-x86_64.so.1"]],
    ["dynamic", "/libexec/ld-elf.so.1", ["libc.so.7"]],
    ["dynamic", "/usr/libexec/ld.elf_so", ["libc.so"]],
    ["system", "/usr/libexec/ld.so", ["libc.so.100.3", "libpthread.so"]],
    ["dynamic", "/usr/libexec/ld.so", ["libc.so", "libsqlite3.so.37.2"]],
    ["system", "/lib/amd64/ld.so.1", ["libc.so", "libsendfile.so", "libsocket.so"]],
    ["system", "/system/bin/linker64", ["libdl.so", "liblog.so"]],
    ["dynamic", "/system/bin/linker64", ["libc++_shared.so"]],
    ["dynamic", "/tmp/linker64", []],
  ])("%s: %s %j", (kind, interpreter, libraries) => {
    expect(elfLinkage(libraries, interpreter).kind).toBe(kind);
  });
});

describe("linkage of Mach-O", () => {
  it.each([
    ["static", []],
    ["system", ["/usr/lib/libSystem.B.dylib", "/usr/lib/libresolv.9.dylib"]],
    ["system", ["/System/Library/Frameworks/Security.framework/Versions/A/Security"]],
    ["dynamic", ["/usr/lib/libSystem.B.dylib", "/usr/local/lib/libssl.dylib"]],
    ["dynamic", ["@rpath/libonnx.dylib"]],
    ["dynamic", ["/usr/lib/../local/lib/libssl.dylib"]],
  ])("%s: %j", (kind, libraries) => {
    expect(linkage(libraries, isAppleSystem).kind).toBe(kind);
  });
});

describe("linkage of PE", () => {
  it.each([
    ["static", []],
    ["system", ["KERNEL32.dll", "msvcrt.dll"]],
    ["system", ["api-ms-win-crt-runtime-l1-1-0.dll", "WINSPOOL.DRV"]],
    ["dynamic", ["kernel32.dll", "libgcc_s_seh-1.dll"]],
    ["dynamic", ["libwinpthread-1.dll"]],
    ["dynamic", ["VCRUNTIME140.dll"]],
  ])("%s: %j", (kind, libraries) => {
    expect(linkage(libraries, isWindowsSystem).kind).toBe(kind);
  });
});

it("linkage lists each library once, sorted", () => {
  expect(linkage(["b.dll", "a.dll", "b.dll"], isWindowsSystem).libraries).toEqual([
    "a.dll",
    "b.dll",
  ]);
});
