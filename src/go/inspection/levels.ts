import type { BuildStep } from "../../model/plan.ts";

interface Level {
  /** The variable and build setting that holds it; undefined for machines without levels. */
  readonly setting?: string;
  /** What the binary must have; undefined when the toolchain chooses. */
  readonly level?: string;
}

/** The level that a step's target, or its environment, or Go's default asks for. */
export function plannedLevel({ target, env }: BuildStep): Level {
  const known = levels[target.arch];
  if (known === undefined) return {};
  const level = target.level ?? env[known.setting] ?? known.default;
  return { setting: known.setting, ...(level === undefined ? {} : { level }) };
}

/**
 * Settings and defaults (internal/buildcfg, `go help environment`). GOARM's default is 7, but that of the
 * machine on which an ARM toolchain was made.
 */
const levels: Readonly<Record<string, { readonly setting: string; readonly default?: string }>> = {
  "386": { setting: "GO386", default: "sse2" },
  amd64: { setting: "GOAMD64", default: "v1" },
  arm: { setting: "GOARM" },
  arm64: { setting: "GOARM64", default: "v8.0" },
  mips: { setting: "GOMIPS", default: "hardfloat" },
  mipsle: { setting: "GOMIPS", default: "hardfloat" },
  mips64: { setting: "GOMIPS64", default: "hardfloat" },
  mips64le: { setting: "GOMIPS64", default: "hardfloat" },
  ppc64: { setting: "GOPPC64", default: "power8" },
  ppc64le: { setting: "GOPPC64", default: "power8" },
  riscv64: { setting: "GORISCV64", default: "rva20u64" },
};
