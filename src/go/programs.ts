import { Problem } from "../model/problem.ts";
import type { World } from "../world/world.ts";
import { cacheCure } from "./caches.ts";
import { withoutPasswords } from "./credentials.ts";
import { fetchCure, goTooOld } from "./go-problems.ts";
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
  /** Why it cannot be loaded, when it cannot. */
  readonly error: string | undefined;
}

interface GoListJson {
  readonly ImportPath: string;
  readonly Dir?: string;
  readonly Name?: string;
  readonly GoFiles?: readonly string[];
  readonly CgoFiles?: readonly string[];
  readonly Error?: { readonly Err: string };
}

/** Lists packages for one platform without looking at what they import. */
export async function listPackages(
  patterns: readonly string[],
  options: {
    readonly toolchain: Toolchain;
    readonly folder: string;
    readonly vendored: boolean;
    readonly tags: readonly string[];
    /** GOOS, GOARCH, CGO_ENABLED. */
    readonly env: Readonly<Record<string, string>>;
  },
  { capture }: Pick<World, "capture">,
): Promise<readonly ListedPackage[]> {
  const { toolchain, folder, vendored, tags, env } = options;
  const { status, stdout, stderr } = await capture({
    file: toolchain.go,
    args: [
      "list",
      "-e",
      "-find",
      vendored ? "-mod=vendor" : "-mod=readonly",
      ...(tags.length === 0 ? [] : [`-tags=${tags.join(",")}`]),
      "-json=ImportPath,Dir,Name,GoFiles,CgoFiles,Error",
      "--",
      ...patterns,
    ],
    cwd: folder,
    env: { ...toolchain.env, ...env },
  });
  if (status !== 0) throw unlisted(stderr);
  return objectsIn<GoListJson>(stdout).map((found) => {
    const files = [...(found.GoFiles ?? []), ...(found.CgoFiles ?? [])];
    return {
      importPath: found.ImportPath,
      folder: found.Dir ?? "",
      program: found.Name === "main" && files.length > 0,
      files,
      error: found.Error?.Err,
    };
  });
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
    "run `go list ./...` in the module and mend what it says",
  );
}

/** Why go.mod cannot be read. */
export function modRefused(stderr: string): Problem {
  return (
    goTooOld(stderr) ??
    refused("go-mod", "go cannot read go.mod", stderr, "mend go.mod and run `go mod tidy`")
  );
}

/** What `go` says, without its advice of commands that would change what is released. */
function refused(code: string, failure: string, stderr: string, otherwise: string): Problem {
  const said = (withoutPasswords(stderr).trim().split("\n\n")[0] ?? "").replace(/^go: /u, "");
  const hint = /go mod tidy|updates to go\.mod/u.test(said)
    ? "run `go mod tidy` and commit go.mod and go.sum"
    : /inconsistent vendoring/u.test(said)
      ? "run `go mod vendor` and commit the vendor folder"
      : (cacheCure(said.split("\n")) ?? fetchCure(said.split("\n")) ?? otherwise);
  return new Problem(code, `${failure}: ${said}`, { hint });
}
