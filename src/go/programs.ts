import { resolve } from "node:path";
import { isWithin } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";
import type { Command, World } from "../world/world.ts";
import { cacheCure } from "./caches.ts";
import { withoutPasswords } from "./credentials.ts";
import { buildCure, fetchCure, modCure } from "./cures.ts";
import { goTooOld } from "./go-problems.ts";
import { flag, hasFlag } from "./inspection/flags.ts";
import type { Toolchain } from "./toolchain.ts";

/** What `go list` says of one package on one platform. */
export interface ListedPackage {
  readonly importPath: string;
  /** Absolute. */
  readonly folder: string;
  /** It is a `main` package with files for this platform. */
  readonly program: boolean;
  /** Its Go files on this platform. */
  readonly files: readonly string[];
  /** Something imports it, and no pattern chose it. */
  readonly dependency: boolean;
  /** Why it cannot be loaded, when it cannot. */
  readonly error: string | undefined;
  /** What it is compiled from; none of Go's own and of the module cache, which go.sum vouches for. */
  readonly sources: PackageSources | undefined;
  /** Import paths. */
  readonly imports: readonly string[];
}

/** The files of a package that lies neither in GOROOT nor in the module cache; absolute. */
export interface PackageSources {
  readonly files: readonly string[];
  /** The patterns of `//go:embed`, relative to the package's folder. */
  readonly embeds: readonly string[];
  /** Of cgo's compilers and linker. */
  readonly cgoFlags: readonly string[];
  /** The module around it; a vendored package's is in the cache, if anywhere. */
  readonly module: { readonly path: string; readonly goMod: string } | undefined;
}

/** Everything that a build of some packages on one platform reads, as far as `go` finds it. */
export interface PackageListing {
  readonly packages: readonly ListedPackage[];
  /** Whether every import was found: before the modules are there, some are not. */
  readonly complete: boolean;
}

/** How packages are listed: as they will be built. */
export interface ListOptions {
  readonly toolchain: Toolchain;
  readonly folder: string;
  readonly vendored: boolean;
  readonly tags: readonly string[];
  /** Those of `go build`. */
  readonly flags: readonly string[];
  /** GOOS, GOARCH, CGO_ENABLED. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Lists packages with all they import, for one platform, from what is on this machine. Where a module is missing that
 * may leave the module's own packages unknown: then they are listed again by themselves, for which `go` fetches what it
 * needs.
 */
export async function listPackages(
  patterns: readonly string[],
  options: ListOptions,
  { capture }: Pick<World, "capture">,
): Promise<PackageListing> {
  const offline = await capture(goList(patterns, "-deps", options));
  const known = (offline.status === 0 ? objectsIn<GoListJson>(offline.stdout) : []).map(read);
  if (offline.status === 0 && !known.some(isUnfetched)) return { packages: known, complete: true };
  const { status, stdout, stderr } = await capture(goList(patterns, "-find", options));
  if (status !== 0) throw unlisted(stderr);
  const asked = objectsIn<GoListJson>(stdout).map(read);
  const besides = known.map((one) => ({ ...one, dependency: true }));
  return { packages: [...asked, ...besides], complete: false };

  function read(found: GoListJson): ListedPackage {
    return packageOf(found, options.toolchain);
  }
}

/** Something is missing that was not looked for. */
function isUnfetched({ error }: ListedPackage): boolean {
  return /GOPROXY=off/u.test(error ?? "");
}

/** `-deps` for packages with their imports and from what is on this machine, `-find` for themselves alone. */
export function goList(
  patterns: readonly string[],
  how: "-deps" | "-find",
  { toolchain, folder, vendored, tags, flags, env }: ListOptions,
): Command {
  return {
    file: toolchain.go,
    args: [
      "list",
      "-e",
      how,
      ...choosing(flags),
      // Else each program with a profile has a twin of every package.
      "-pgo=off",
      vendored ? "-mod=vendor" : "-mod=readonly",
      ...(tags.length === 0 ? [] : [`-tags=${tags.join(",")}`]),
      `-json=${FIELDS.join(",")}`,
      "--",
      ...patterns,
    ],
    cwd: folder,
    env: { ...toolchain.env, ...env, ...(how === "-deps" ? { GOPROXY: "off" } : {}) },
  };
}

/** Those flags of a build that decide which files it reads. */
function choosing(flags: readonly string[]): readonly string[] {
  const valued = ["-tags", "-overlay", "-modfile", "-compiler"].flatMap((name) => {
    const value = flag(flags, name);
    return value === undefined ? [] : [`${name}=${value}`];
  });
  return [...valued, ...["-race", "-msan", "-asan"].filter((name) => hasFlag(flags, name))];
}

/** The fields of `go list -json` that name files of a package (`go help list`). */
const FILES = [
  "GoFiles",
  "CgoFiles",
  "CFiles",
  "CXXFiles",
  "MFiles",
  "HFiles",
  "FFiles",
  "SFiles",
  "SwigFiles",
  "SwigCXXFiles",
  "SysoFiles",
  "EmbedFiles",
] as const;

const CGO_FLAGS = ["CgoCFLAGS", "CgoCPPFLAGS", "CgoCXXFLAGS", "CgoLDFLAGS"] as const;

const FIELDS = [
  ...["ImportPath", "Dir", "Name", "Standard", "DepOnly", "Error", "Imports"],
  ...["Module", "EmbedPatterns"],
  ...FILES,
  ...CGO_FLAGS,
];

type ListsOfNames = Partial<
  Record<(typeof FILES)[number] | (typeof CGO_FLAGS)[number], readonly string[]>
>;

interface GoListJson extends ListsOfNames {
  readonly ImportPath: string;
  readonly Dir?: string;
  readonly Name?: string;
  readonly Standard?: boolean;
  readonly DepOnly?: boolean;
  readonly Imports?: readonly string[];
  readonly EmbedPatterns?: readonly string[];
  readonly Module?: { readonly Path: string; readonly GoMod?: string };
  readonly Error?: { readonly Err: string };
}

function packageOf(found: GoListJson, { env }: Toolchain): ListedPackage {
  const folder = found.Dir ?? "";
  const files = [...(found.GoFiles ?? []), ...(found.CgoFiles ?? [])];
  const cache = env["GOMODCACHE"] ?? "";
  const cached = cache !== "" && isWithin(folder, cache);
  const elsewhere = found.Standard === true || folder === "" || cached;
  return {
    importPath: found.ImportPath,
    folder,
    program: found.Name === "main" && files.length > 0,
    files,
    dependency: found.DepOnly === true,
    error: found.Error?.Err,
    imports: found.Imports ?? [],
    sources: elsewhere ? undefined : sourcesOf(found, folder),
  };
}

function sourcesOf(found: GoListJson, folder: string): PackageSources {
  const { Path: path, GoMod: goMod } = found.Module ?? {};
  return {
    files: FILES.flatMap((field) => found[field] ?? []).map((name) => resolve(folder, name)),
    embeds: found.EmbedPatterns ?? [],
    cgoFlags: CGO_FLAGS.flatMap((field) => found[field] ?? []),
    module: path === undefined || goMod === undefined ? undefined : { path, goMod },
  };
}

/** `go list -json` prints one object after another, each closed by a brace in the first column. */
export function objectsIn<T>(text: string): readonly T[] {
  return text
    .split(/(?<=^\})\n/mu)
    .filter((part) => part.trim() !== "")
    .map((part) => JSON.parse(part) as T);
}

function unlisted(stderr: string): Problem {
  return refused(
    "go-list",
    "go cannot list the module's packages",
    stderr,
    "run `go list ./...` in the module and fix what it reports",
  );
}

/** Why go.mod cannot be read. */
export function modRefused(stderr: string): Problem {
  return (
    goTooOld(stderr) ??
    refused("go-mod", "go cannot read go.mod", stderr, "fix go.mod and run `go mod tidy`")
  );
}

/** What `go` says, without its advice of commands that would change what is released. */
function refused(code: string, failure: string, stderr: string, otherwise: string): Problem {
  const said = (withoutPasswords(stderr).trim().split("\n\n")[0] ?? "").replace(/^go: /u, "");
  const known = modCure(stderr) ?? buildCure(stderr) ?? fetchCure(stderr);
  const hint = cacheCure(said.split("\n")) ?? known ?? otherwise;
  return new Problem(code, `${failure}: ${said}`, { hint });
}
