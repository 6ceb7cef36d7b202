/**
 * Whether a pattern of `//go:embed` takes what lies at `path`; both are relative to the package's folder, with forward
 * slashes. A match may be a folder around it: then what begins with a dot or an underscore is left out, unless the
 * pattern begins with `all:` (pkg.go.dev/embed, "Directives").
 */
export function embedTakes(pattern: string, path: string): boolean {
  const all = pattern.startsWith("all:");
  const globs = pattern.replace(/^all:/u, "").split("/");
  const parts = path.split("/");
  if (parts.length < globs.length || parts[0] === "..") return false;
  const matches = globs.every((glob, at) => partPattern(glob).test(parts[at] ?? ""));
  return matches && (all || parts.slice(globs.length).every((part) => !/^[._]/u.test(part)));
}

/** One part of a pattern as Go's path.Match reads it: `*`, `?`, `[…]` with ranges and `^`, and `\` before any of them. */
function partPattern(glob: string): RegExp {
  const source = glob.replace(/\[\^?(?:\\.|[^\]\\])*\]|\\.|./gsu, (token) => {
    if (token === "*") return ".*";
    if (token === "?") return ".";
    if (token.startsWith("[") && token.length > 1) return token;
    return literal(token.length === 2 ? token.slice(1) : token);
  });
  return new RegExp(`^${source}$`, "su");
}

function literal(character: string): string {
  return character.replace(/[\^$\\.*+?()[\]{}|/]/u, "\\$&");
}
