import type { Target } from "../model/target.ts";

/**
 * What `zig cc -target` calls a target of Go, as far as Zig brings its C library (`zig targets`, `.libc`). Of Linux it
 * is musl's, which makes programs that run on any distribution; `x86_64-linux-gnu.2.28` has to be written out.
 */
export function zigTarget({ os, arch, level }: Target): string | undefined {
  switch (os) {
    case "linux":
      return linux(arch, level);
    case "darwin":
      return apple[arch];
    case "windows":
      return windows[arch];
    case "freebsd":
    case "netbsd":
    case "openbsd":
      return bsd[arch] === undefined ? undefined : `${bsd[arch]}-${os}`;
    default:
      return undefined;
  }
}

function linux(arch: string, level: string | undefined): string | undefined {
  if (arch === "arm") {
    const soft = level?.startsWith("5") === true || level?.endsWith("softfloat") === true;
    return `arm-linux-musleabi${soft ? "" : "hf"}`;
  }
  if (arch === "mips" || arch === "mipsle")
    return `${mips[arch]}-linux-musleabi${level === "softfloat" ? "" : "hf"}`;
  return musl[arch];
}

const mips = { mips: "mips", mipsle: "mipsel" } as const;

type ZigNames = Readonly<Record<string, string | undefined>>;

const musl: ZigNames = {
  "386": "x86-linux-musl",
  amd64: "x86_64-linux-musl",
  arm64: "aarch64-linux-musl",
  loong64: "loongarch64-linux-musl",
  mips64: "mips64-linux-muslabi64",
  mips64le: "mips64el-linux-muslabi64",
  ppc64: "powerpc64-linux-musl",
  ppc64le: "powerpc64le-linux-musl",
  riscv64: "riscv64-linux-musl",
  s390x: "s390x-linux-musl",
};

const apple: ZigNames = { amd64: "x86_64-macos", arm64: "aarch64-macos" };

const windows: ZigNames = {
  "386": "x86-windows-gnu",
  amd64: "x86_64-windows-gnu",
  arm64: "aarch64-windows-gnu",
};

const bsd: ZigNames = { amd64: "x86_64" };
