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

/** The standard library that a toolchain brings: `go1.26.8 X:…` is `pkg:golang/std@1.26.8`. */
export function stdPurl(go: string): string {
  return golangPurl("std", goVersion(go));
}

export function goVersion(go: string): string {
  return go.replace(/^go/, "").split(" ")[0] ?? "";
}

/** purl-spec: everything but letters, digits and `.-_~` is percent-encoded; a colon stays. */
function encode(segment: string): string {
  return encodeURIComponent(segment)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%3A", ":");
}
