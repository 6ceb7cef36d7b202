import * as z from "zod/mini";

/** A Go module as recorded in a binary; `replace` is what was built in its place. */
export const Module = z.object({
  path: z.string(),
  version: z.string(),
  /** The `h1:` sum of go.sum; absent for the main module and for folders. */
  sum: z.optional(z.string()),
  replace: z.optional(
    z.object({ path: z.string(), version: z.string(), sum: z.optional(z.string()) }),
  ),
});
export type Module = z.infer<typeof Module>;

/** What `go version -m` prints: Go's `debug.BuildInfo`. */
export const BuildInfo = z.object({
  /** e.g. `go1.26.8`. */
  go: z.string(),
  /** Import path of the main package. */
  path: z.string(),
  main: z.optional(Module),
  deps: z.array(Module),
  /** `-ldflags`, `GOOS`, `vcs.revision` …, in the order they are recorded. */
  settings: z.record(z.string(), z.string()),
});
export type BuildInfo = z.infer<typeof BuildInfo>;

/** How a binary is linked, as its format tells it. */
export const Linkage = z.object({
  /**
   * `static`: nothing is loaded at run time. `system`: only what the platform has no static form of
   * (libSystem and system frameworks on macOS, system DLLs on Windows, the C library and its loader on
   * OpenBSD, Solaris, illumos and Android). `dynamic`: anything more.
   */
  kind: z.enum(["static", "system", "dynamic"]),
  /** ELF PT_INTERP. */
  interpreter: z.optional(z.string()),
  /** ELF DT_NEEDED, Mach-O LC_LOAD_DYLIB, PE import table; sorted. */
  libraries: z.array(z.string()),
});
export type Linkage = z.infer<typeof Linkage>;

const inspected = {
  format: z.enum(["elf", "mach-o", "pe", "wasm"]),
  /** GOARCH of the machine code, read from the header. */
  arch: z.string(),
  /** The level where the machine code's headers tell it: GOMIPS. Elsewhere only the settings do. */
  level: z.optional(z.string()),
  linkage: Linkage,
  buildInfo: BuildInfo,
};

/** What a binary says of itself. */
export const Inspection = z.object({
  ...inspected,
  /** Of a universal binary what each architecture says; its `arch` is `universal` then. */
  slices: z.optional(z.array(z.object(inspected))),
});
export type Inspection = z.infer<typeof Inspection>;
