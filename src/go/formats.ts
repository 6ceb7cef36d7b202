import type { Inspection } from "../model/binary.ts";

/** The executable format of each GOOS of `go tool dist list` whose binaries can be inspected. */
export const formats: Readonly<Record<string, Inspection["format"]>> = {
  android: "elf",
  darwin: "mach-o",
  dragonfly: "elf",
  freebsd: "elf",
  illumos: "elf",
  ios: "mach-o",
  js: "wasm",
  linux: "elf",
  netbsd: "elf",
  openbsd: "elf",
  solaris: "elf",
  wasip1: "wasm",
  windows: "pe",
};
