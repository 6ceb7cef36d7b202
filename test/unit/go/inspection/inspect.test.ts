import { describe, expect, it } from "vitest";
import { inspect } from "../../../../src/go/inspection/inspect.ts";
import { files } from "../../../../src/world/node/files.ts";
import type { OpenFile } from "../../../../src/world/world.ts";
import { fromGo, type GoBuildInfo } from "./go-json.ts";
import {
  build,
  bytesOf,
  goVersion,
  goVersionOf,
  inMemory,
  MODULE,
  type Sample,
} from "./samples.ts";

const BUILD_TIMEOUT = 300_000;
const system = ["system", undefined] as const;
const still = ["static", undefined] as const;

const samples: readonly (Sample & {
  format: string;
  level?: string;
  linkage: readonly [kind: string, interpreter: string | undefined, ...libraries: string[]];
})[] = [
  { name: "linux", os: "linux", arch: "amd64", format: "elf", linkage: still },
  { name: "linux-386", os: "linux", arch: "386", format: "elf", linkage: still },
  {
    name: "linux-mips",
    os: "linux",
    arch: "mips",
    env: { GOMIPS: "softfloat" },
    format: "elf",
    level: "softfloat",
    linkage: still,
  },
  {
    name: "macos",
    os: "darwin",
    arch: "arm64",
    format: "mach-o",
    linkage: [...system, "/usr/lib/libSystem.B.dylib"],
  },
  {
    name: "windows.exe",
    os: "windows",
    arch: "amd64",
    format: "pe",
    linkage: [...system, "kernel32.dll"],
  },
  {
    name: "openbsd",
    os: "openbsd",
    arch: "amd64",
    format: "elf",
    linkage: ["system", "/usr/libexec/ld.so", "libc.so", "libpthread.so"],
  },
  {
    name: "quoted",
    os: "linux",
    arch: "amd64",
    flags: ["-tags=b,a", `-ldflags=-s "-X=main.name=a 'quoted' name" -X main.other=ü`],
    format: "elf",
    linkage: still,
  },
  {
    name: "pie",
    os: "linux",
    arch: "amd64",
    flags: ["-trimpath", "-buildmode=pie"],
    format: "elf",
    linkage: ["dynamic", "/lib64/ld-linux-x86-64.so.2"],
  },
  { name: "hello.wasm", os: "js", arch: "wasm", format: "wasm", linkage: still },
];

describe("a program built by the real go", () => {
  it.each(samples)("$name: $format $arch", { timeout: BUILD_TIMEOUT }, async (sample) => {
    const path = build(sample);
    const inspection = await inspectFile(path);
    const [kind, interpreter, ...libraries] = sample.linkage;
    expect(inspection).toMatchObject({ format: sample.format, arch: sample.arch });
    expect(inspection.level).toBe(sample.level);
    expect(inspection.linkage).toEqual({
      kind,
      libraries,
      ...(interpreter === undefined ? {} : { interpreter }),
    });
    if (sample.format === "wasm") return;
    expect(inspection.buildInfo).toEqual(fromGo(goVersionOf(path) as GoBuildInfo));
  });

  it("tells its build information although `go version` cannot read WebAssembly", {
    timeout: BUILD_TIMEOUT,
  }, async () => {
    const { buildInfo } = await inspectFile(build({ name: "hello.wasm", os: "js", arch: "wasm" }));
    expect(buildInfo).toMatchObject({
      go: goVersion,
      path: MODULE,
      main: { path: MODULE, version: "(devel)" },
      deps: [],
      settings: { "-trimpath": "true", CGO_ENABLED: "0", GOARCH: "wasm", GOOS: "js" },
    });
  });
});

it("inspection reads next to nothing of a huge file", { timeout: BUILD_TIMEOUT }, async () => {
  const file = await files.open(build({ name: "linux", os: "linux", arch: "amd64" }));
  const counted = { reads: 0, bytes: 0 };
  const huge: OpenFile = {
    size: 3 * 2 ** 30,
    read: async (position, length) => {
      counted.reads++;
      counted.bytes += length;
      const bytes = await file.read(position, length);
      return Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
    },
    close: () => file.close(),
  };
  await expect(inspect(huge, "huge")).resolves.toMatchObject({ arch: "amd64" });
  await huge.close();
  expect(counted.reads).toBeLessThanOrEqual(10);
  expect(counted.bytes).toBeLessThanOrEqual(1024 * 1024);
});

describe("the delay-load import table of PE", () => {
  it.each([
    ["by relative addresses", 1, 0],
    ["by absolute addresses, as before Visual C++ 7", 0, 0x400000],
  ])("%s", { timeout: BUILD_TIMEOUT }, async (_, attributes, base) => {
    const windows = bytesOf({ name: "windows.exe", os: "windows", arch: "amd64" });
    const file = inMemory(withDelayImport(windows, attributes, base));
    expect((await inspect(file, "x")).linkage).toEqual({
      kind: "dynamic",
      libraries: ["kernel32.dll", "libdelayed.dll"],
    });
  });
});

/** Writes a table of one entry over the machine code, which nobody reads here ("PE Format", 4.8.1). */
function withDelayImport(bytes: Buffer, attributes: number, base: number): Buffer {
  const optional = bytes.readUInt32LE(60) + 24;
  const text = optional + bytes.readUInt16LE(optional - 4);
  const address = bytes.readUInt32LE(text + 12);
  const position = bytes.readUInt32LE(text + 20);
  bytes.writeBigUInt64LE(BigInt(base), optional + 24);
  bytes.writeUInt32LE(address, optional + 112 + 8 * 13);
  bytes.fill(0, position, position + 256);
  bytes.writeUInt32LE(attributes, position);
  bytes.writeUInt32LE((base + address + 128) % 2 ** 32, position + 4);
  bytes.write("libdelayed.dll", position + 128, "ascii");
  return bytes;
}

describe("a file that cannot be inspected is named", () => {
  it.each([
    ["", "x: not a program, it has only 0 bytes"],
    ["7f454c", "x: not a program, it has only 3 bytes"],
    ["7f454c46", "x: the ELF identification lies past the end of the file"],
    ["4d5a0000", "x: the DOS header lies past the end of the file"],
    ["cffaedfe", "x: the Mach-O header lies past the end of the file"],
    ["0061736d", "x: the WebAssembly module lies past the end of the file"],
    ["0061736d01000000", "x: no Go build information"],
    ["0061736d02000000", "x: the WebAssembly module is not of version 1"],
    ["cafebabe00000002", "x: the list of slices lies past the end of the file"],
    ["cafebabf00000002", "x: a universal binary whose slices cannot be read here"],
    ["01f70003", "x: an XCOFF file, the format of AIX, which cannot be inspected"],
    ["00008a97", "x: a Plan 9 program, whose format cannot be inspected"],
    ["23212f62", "x: neither ELF, Mach-O, PE nor WebAssembly, it begins with 23212f62"],
  ])("%s", async (hex, message) => {
    const file = inMemory(Buffer.from(hex, "hex"));
    await expect(inspect(file, "x")).rejects.toMatchObject({ code: "binary-unreadable", message });
  });

  it.runIf(process.platform === "linux")("a program that is not Go's", async () => {
    await expect(inspectFile("/bin/sh")).rejects.toMatchObject({
      code: "binary-unreadable",
      message: "/bin/sh: no Go build information",
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
