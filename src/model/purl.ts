import { readGoVersion } from "./go-version.ts";

/**
 * A Go module's package URL (purl-spec, type `golang`): namespace and name in lower case, the version as Go
 * writes it, a package inside the module as the subpath.
 */
export function golangPurl(path: string, version?: string, subpath?: string): string {
  const name = path.toLowerCase().split("/").map(encode).join("/");
  const at = version === undefined || version === "" ? "" : `@${encode(version)}`;
  const inside = subpath === undefined ? "" : `#${subpath.split("/").map(encode).join("/")}`;
  return `pkg:golang/${name}${at}${inside}`;
}

/**
 * The standard library that a toolchain brings, by the name and the numbers under which the Go vulnerability
 * database and the scanners that read it know it: `go1.26.8 X:…` is `pkg:golang/stdlib@1.26.8`.
 */
export function stdlibPurl(go: string): string {
  return golangPurl(STDLIB, readGoVersion(go).release);
}

/** https://go.dev/doc/security/vuln/database, "stdlib". */
export const STDLIB = "stdlib";

/** purl-spec: everything but letters, digits and `.-_~` is percent-encoded; a colon stays. */
function encode(segment: string): string {
  return encodeURIComponent(segment)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%3A", ":");
}
