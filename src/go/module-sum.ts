import { createHash } from "node:crypto";
import type { Readable } from "node:stream";

/** One file or link of a commit, as `git archive` packs it. */
export interface ModuleSource {
  /** Relative to the repository's root. */
  readonly name: string;
  /** Of a symbolic link, where it leads. */
  readonly link?: string;
  readonly open: () => Readable;
}

/** A module at one version, and where in the repository it lies. */
export interface SummedModule {
  /** e.g. `example.com/tool/v2`. */
  readonly path: string;
  /** e.g. `v2.1.0`. */
  readonly version: string;
  /** Relative to the repository's root; `.` for the root itself. */
  readonly folder: string;
  /** The `go` line of its go.mod, e.g. `1.24`; undefined without one. */
  readonly go: string | undefined;
}

/**
 * The `h1:` sum that Go's checksum database has for a module (golang.org/x/mod/sumdb/dirhash, Hash1) when its files are
 * those of the commit.
 */
export async function moduleSum(
  files: readonly ModuleSource[],
  module: SummedModule,
): Promise<string> {
  const lines: (readonly [name: Buffer, line: string])[] = [];
  for (const { name, open } of moduleFiles(files, module)) {
    const packed = `${module.path}@${module.version}/${name}`;
    lines.push([Buffer.from(packed), `${await sha256Of(open())}  ${packed}\n`]);
  }
  const all = createHash("sha256");
  for (const [, line] of lines.sort(([a], [b]) => Buffer.compare(a, b))) all.update(line);
  return `h1:${all.digest("base64")}`;
}

async function sha256Of(bytes: Readable): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/**
 * Those that Go packs, by their names in the module (golang.org/x/mod/zip, and cmd/go, modfetch/coderepo.go): no links,
 * no other module, nothing vendored; the repository's LICENSE where the module has none.
 */
export function moduleFiles(
  files: readonly ModuleSource[],
  { folder, go }: Pick<SummedModule, "folder" | "go">,
): readonly ModuleSource[] {
  const prefix = folder === "." ? "" : `${folder}/`;
  const inside = files
    .filter(({ name }) => name.startsWith(prefix))
    .map((file) => ({ ...file, name: file.name.slice(prefix.length) }));
  const regular = inside.filter(({ link }) => link === undefined);
  const modules = regular
    .filter(({ name }) => /\/go\.mod$/iu.test(name))
    .map(({ name }) => name.slice(0, -"go.mod".length));
  const own = regular.filter(
    ({ name }) =>
      name !== ".hg_archival.txt" &&
      !isVendored(name, go) &&
      !modules.some((module) => name.startsWith(module)),
  );
  if (prefix === "" || inside.some(({ name }) => name === LICENSE)) return own;
  return [...own, ...files.filter(({ name }) => name === LICENSE)];
}

const LICENSE = "LICENSE";

/** As Go sees it: before 1.24 only names that are long enough after the wrong number of letters (go.dev/issue/37397). */
function isVendored(name: string, go: string | undefined): boolean {
  const isFixed = isSince124(go);
  if (isFixed && name === "vendor/modules.txt") return true;
  if (name.startsWith("vendor/")) return name.slice("vendor/".length).includes("/");
  const at = name.indexOf("/vendor/");
  if (at < 0) return false;
  return name.slice((isFixed ? at : 0) + "/vendor/".length).includes("/");
}

function isSince124(go = "1.0"): boolean {
  const [major = 0, minor = 0] = go.split(".").map((part) => Number.parseInt(part, 10));
  return major > 1 || minor >= 24;
}
