/** The variable, the values and Go's default of each architecture's level (go.dev/wiki/MinimumRequirements, internal/buildcfg). */
interface Levels {
  readonly variable: string;
  readonly fallback: string;
  readonly allowed: RegExp;
  /** For people. */
  readonly shown: string;
}

const mips: Omit<Levels, "variable"> = {
  fallback: "hardfloat",
  allowed: /^(hard|soft)float$/u,
  shown: "hardfloat, softfloat",
};

const levels: Readonly<Record<string, Levels>> = {
  amd64: { variable: "GOAMD64", fallback: "v1", allowed: /^v[1-4]$/u, shown: "v1 to v4" },
  "386": {
    variable: "GO386",
    fallback: "sse2",
    allowed: /^(sse2|softfloat)$/u,
    shown: "sse2, softfloat",
  },
  arm: {
    variable: "GOARM",
    fallback: "7",
    allowed: /^[567](,(hard|soft)float)?$/u,
    shown: "5, 6, 7",
  },
  arm64: {
    variable: "GOARM64",
    fallback: "v8.0",
    allowed: /^v(8\.\d|9\.[0-5])(,(lse|crypto))*$/u,
    shown: "v8.0 to v9.5",
  },
  mips: { variable: "GOMIPS", ...mips },
  mipsle: { variable: "GOMIPS", ...mips },
  mips64: { variable: "GOMIPS64", ...mips },
  mips64le: { variable: "GOMIPS64", ...mips },
  ppc64: {
    variable: "GOPPC64",
    fallback: "power8",
    allowed: /^power(8|9|10)$/u,
    shown: "power8, power9, power10",
  },
  ppc64le: {
    variable: "GOPPC64",
    fallback: "power8",
    allowed: /^power(8|9|10)$/u,
    shown: "power8, power9, power10",
  },
  riscv64: {
    variable: "GORISCV64",
    fallback: "rva20u64",
    allowed: /^rva2[023]u64$/u,
    shown: "rva20u64, rva22u64, rva23u64",
  },
};

export function levelsOf(arch: string): Levels | undefined {
  return levels[arch];
}

/** GOAMD64, GOARM …. */
export function isLevelVariable(name: string): boolean {
  return Object.values(levels).some(({ variable }) => variable === name);
}
