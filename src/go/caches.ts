import { delimiter, isAbsolute, join, resolve } from "node:path";
import { isWithin } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";

/** What `go env` says of the folders that Go fills. */
export interface GoFolders {
  readonly GOCACHE: string;
  readonly GOMODCACHE: string;
  readonly GOPATH: string;
  readonly GOTELEMETRYDIR?: string;
}

/** The folders that `go` makes and fills by itself, and nothing else does. */
export function ownFolders(
  { GOCACHE, GOMODCACHE, GOPATH, GOTELEMETRYDIR = "" }: GoFolders,
  module: string,
): readonly string[] {
  const [first = ""] = GOPATH.split(delimiter);
  // A project that is its own GOPATH has a `bin` of its own.
  const parts = ["pkg/mod", "pkg/sumdb", ...(isWithin(module, first) ? [] : ["bin"])];
  return [
    ...(GOCACHE === "off" ? [] : [GOCACHE]),
    GOMODCACHE,
    ...(first === "" ? [] : parts.map((name) => join(first, name))),
    GOTELEMETRYDIR,
  ].filter((folder, at, all) => folder !== "" && all.indexOf(folder) === at);
}

/** Throws a `Problem` where Go has no build cache or would refuse the path of one. */
export function assertCaches(
  { GOCACHE, GOMODCACHE, GOPATH }: GoFolders,
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): void {
  const given = env["GOCACHE"];
  if (GOCACHE === "off" && given === "off") {
    throw new Problem("go-cache", "GOCACHE is off, but Go cannot compile without its cache", {
      hint: "unset GOCACHE, or set it to a folder that this user can write to",
    });
  }
  if (GOCACHE === "off" && given !== undefined && given !== "")
    throw relative("GOCACHE", given, folder);
  if (GOCACHE === "off") {
    throw new Problem("go-cache", "Go has no cache folder: HOME is not set", {
      hint: "set HOME, or GOCACHE and GOPATH, to folders that this user can write to",
    });
  }
  if (GOMODCACHE !== "" && !isAbsolute(GOMODCACHE))
    throw relative("GOMODCACHE", GOMODCACHE, folder);
  if (GOPATH.split(delimiter).includes(folder)) {
    throw new Problem("go-cache", "GOPATH is the module's folder, so Go would ignore its go.mod", {
      hint: `set GOPATH to a subfolder: \`GOPATH=${join(folder, ".go")}\``,
    });
  }
}

function relative(name: string, value: string, folder: string): Problem {
  return new Problem("go-cache", `${name} is not an absolute path; got ${JSON.stringify(value)}`, {
    hint: `use an absolute path: \`${name}=${resolve(folder, value)}\``,
  });
}

const WRITABLE = "to a folder that this user can write to, with enough free space";

/** The cures of what Go says of its folders, in `go build` as in `go list`. */
const cures: readonly (readonly [RegExp, string])[] = [
  [
    /GOPATH entry (is relative|cannot start with)/u,
    "set GOPATH to an absolute path, e.g. `$PWD/.go`; `~` and variables are not expanded in it",
  ],
  [/GOMODCACHE entry is relative/u, "set GOMODCACHE to an absolute path"],
  [
    /failed to initialize build cache|build cache is (disabled|required)/u,
    `set GOCACHE (by default it is under HOME) ${WRITABLE}`,
  ],
  [
    /could not create module cache|module cache not found|writing (go\.mod|stat) cache/u,
    `set GOMODCACHE (by default it is under GOPATH or HOME) ${WRITABLE}`,
  ],
];

/** errno(3), as Go prints it. */
const REFUSED =
  /: (permission denied|operation not permitted|read-only file system|no space left on device|disk quota exceeded|not a directory|input\/output error)/u;

/** The cure where Go cannot use a folder of its own, which `env` names; undefined where it says nothing of the kind. */
export function cacheCure(
  lines: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): string | undefined {
  for (const line of lines) {
    const cure = cures.find(([pattern]) => pattern.test(line))?.[1];
    if (cure !== undefined) return cure;
    const name = ["GOMODCACHE", "GOCACHE"].find((one) => env[one] && line.includes(env[one]));
    const why = REFUSED.exec(line)?.[1];
    if (name !== undefined && why !== undefined)
      return `${name} cannot be written (${why}): set it ${WRITABLE}`;
  }
  return undefined;
}
