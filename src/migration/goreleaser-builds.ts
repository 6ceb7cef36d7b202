import { join } from "node:path/posix";
import type { Target } from "../model/target.ts";
import { listOf, mapping, textOf, textsOf } from "./goreleaser-file.ts";

/** One row of `builds` as GoReleaser understands it, its defaults filled in. */
export interface GoReleaserBuild {
  readonly id: string;
  /** A package relative to `dir`. */
  readonly main: string;
  /** Folder of another module; a folder of this one is a part of `main`. */
  readonly dir: string | undefined;
  /** A template. */
  readonly binary: string;
  readonly targets: readonly Target[];
  readonly flags: readonly string[];
  /** Each a template of several flags. */
  readonly ldflags: readonly string[] | undefined;
  readonly tags: readonly string[];
  readonly env: readonly string[];
  /** Hooks on a program, as they are written. */
  readonly after: readonly unknown[];
  /** The row as it is written, for what has no place here. */
  readonly row: Readonly<Record<string, unknown>>;
}

/**
 * The rows that build something (goreleaser.com/customization/builds/go). `modules` are those of their folders that
 * hold another module.
 */
export function goReleaserBuilds(
  data: Readonly<Record<string, unknown>>,
  project: string,
  platforms: readonly string[],
  modules: ReadonlySet<string>,
): readonly GoReleaserBuild[] {
  const rows = listOf(data["builds"] ?? data["build"]);
  const written = rows.length === 0 ? [{}] : rows;
  return written
    .map(mapping)
    .filter(isBuilt)
    .map((row) => buildOf(row, project, platforms))
    .map((build) => withinModule(build, modules));
}

/** Where `go build` is run says nothing when it is the same module. */
function withinModule(build: GoReleaserBuild, modules: ReadonlySet<string>): GoReleaserBuild {
  const { dir, main } = build;
  if (dir === undefined || dir.includes("{{") || modules.has(dir)) return build;
  return { ...build, dir: undefined, main: join(dir, main) };
}

/** The folders that rows of `builds` name. */
export function buildFolders(data: Readonly<Record<string, unknown>>): readonly string[] {
  return listOf(data["builds"] ?? data["build"]).flatMap((row) => {
    const dir = textOf(mapping(row)["dir"]);
    return dir === undefined ? [] : [dir];
  });
}

function isBuilt({ skip, builder }: Readonly<Record<string, unknown>>): boolean {
  return skip !== true && skip !== "true" && (builder === undefined || builder === "go");
}

function buildOf(
  row: Readonly<Record<string, unknown>>,
  project: string,
  platforms: readonly string[],
): GoReleaserBuild {
  const id = textOf(row["id"]) ?? project;
  return {
    id,
    main: textOf(row["main"]) ?? ".",
    dir: textOf(row["dir"]),
    binary: (textOf(row["binary"]) ?? project).replace(/^(\.\/)+/u, ""),
    targets: targetsOf(row, platforms),
    flags: textsOf(row["flags"]),
    ldflags: row["ldflags"] === undefined ? undefined : textsOf(row["ldflags"]),
    tags: textsOf(row["tags"]).flatMap((one) => one.split(/[\s,]+/u)),
    env: textsOf(row["env"]),
    after: listOf(mapping(row["hooks"])["post"]),
    row,
  };
}

/** The keys that spell an architecture's levels, and their defaults. */
const levels: Readonly<
  Record<string, { readonly key: string; readonly fallback: readonly string[] }>
> = {
  amd64: { key: "goamd64", fallback: ["v1"] },
  "386": { key: "go386", fallback: ["sse2"] },
  arm: { key: "goarm", fallback: ["6"] },
  arm64: { key: "goarm64", fallback: ["v8.0"] },
  mips: { key: "gomips", fallback: ["hardfloat"] },
  mipsle: { key: "gomips", fallback: ["hardfloat"] },
  mips64: { key: "gomips", fallback: ["hardfloat"] },
  mips64le: { key: "gomips", fallback: ["hardfloat"] },
  ppc64: { key: "goppc64", fallback: ["power8"] },
  ppc64le: { key: "goppc64", fallback: ["power8"] },
  riscv64: { key: "goriscv64", fallback: ["rva20u64"] },
};

function targetsOf(
  row: Readonly<Record<string, unknown>>,
  platforms: readonly string[],
): readonly Target[] {
  const written = textsOf(row["targets"]);
  if (written.length > 0) return written.flatMap((one) => writtenTarget(one, platforms));
  const systems = orDefault(textsOf(row["goos"]), ["linux", "darwin", "windows"]);
  const architectures = orDefault(textsOf(row["goarch"]), ["386", "amd64", "arm64"]);
  const all = systems.flatMap((os) => architectures.flatMap((arch) => leveled(os, arch, row)));
  const ignored = listOf(row["ignore"]).map(mapping);
  return all.filter(
    (target) =>
      platforms.includes(`${target.os}/${target.arch}`) &&
      !ignored.some((rule) => matches(target, rule)),
  );
}

function orDefault(given: readonly string[], fallback: readonly string[]): readonly string[] {
  return given.length === 0 ? fallback : given;
}

function leveled(
  os: string,
  arch: string,
  row: Readonly<Record<string, unknown>>,
): readonly Target[] {
  const known = levels[arch];
  if (known === undefined) return [{ os, arch }];
  return orDefault(textsOf(row[known.key]), known.fallback).map((level) =>
    targetOf(os, arch, level),
  );
}

/** Of ARM the level is always in GoReleaser's names; of the others only what is not the default. */
function targetOf(os: string, arch: string, level: string): Target {
  return arch !== "arm" && level === levels[arch]?.fallback[0] ? { os, arch } : { os, arch, level };
}

function matches({ os, arch, level }: Target, rule: Readonly<Record<string, unknown>>): boolean {
  const wanted = (key: string): string | undefined => textOf(rule[key]);
  const known = levels[arch];
  const ofLevel = known === undefined ? undefined : wanted(known.key);
  const others = Object.values(levels).some(
    ({ key }) => key !== known?.key && wanted(key) !== undefined,
  );
  return (
    !others &&
    (wanted("goos") ?? os) === os &&
    (wanted("goarch") ?? arch) === arch &&
    (ofLevel ?? level ?? known?.fallback[0]) === (level ?? known?.fallback[0])
  );
}

/** `linux_amd64`, `linux_arm_6`, `linux_amd64_v2`; `go_first_class` is Go's own list. */
function writtenTarget(text: string, platforms: readonly string[]): readonly Target[] {
  if (/^go_(118_)?first_class$/u.test(text)) {
    const first = [
      "linux/amd64",
      "linux/386",
      "linux/arm",
      "linux/arm64",
      "windows/amd64",
      "windows/386",
      "darwin/amd64",
      "darwin/arm64",
    ];
    return first
      .filter((one) => platforms.includes(one))
      .map((one) => one.split("/"))
      .flatMap(([os = "", arch = ""]) => leveled(os, arch, {}));
  }
  const [os = "", arch = "", ...level] = text.split("_");
  return level.length === 0
    ? leveled(os, arch, {})
    : [targetOf(os, arch, level.join("_").replace(/^v(?=[5-7]$)/u, arch === "arm" ? "" : "v"))];
}
