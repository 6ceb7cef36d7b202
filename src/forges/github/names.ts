import { Problem } from "../../model/problem.ts";

/** The most assets that GitHub keeps in one release. */
const MOST_ASSETS = 1000;

/**
 * Throws a `Problem` naming every file that GitHub would store under another name: `checksums.txt` would
 * then name files that nobody can find.
 */
export function checkNames(names: readonly string[]): void {
  if (names.length > MOST_ASSETS)
    throw new Problem(
      "github-too-many-files",
      `${names.length} files, but GitHub allows at most ${MOST_ASSETS} in a release`,
      {
        hint: "release fewer targets, or pack more into each archive",
      },
    );
  const renamed = names.filter((name) => keptName(name) !== name);
  if (renamed.length === 0) return;
  const list = renamed.map((name) => `${name} → ${keptName(name)}`).join(", ");
  throw new Problem("github-file-name", `GitHub would rename: ${list}`, {
    hint: "use only ASCII letters, digits and . _ + @ - in `name` and `archive-name`, with no dot at the start or end",
  });
}

/** The name under which GitHub stores an uploaded file. */
export function keptName(name: string): string {
  const plain = name.normalize("NFD").replaceAll(/\p{Mark}/gu, "");
  const dotted = plain
    .replaceAll(/[^A-Za-z0-9._+@-]+/g, ".")
    .replaceAll(/\.{2,}/g, ".")
    .replace(/\.+$/, "");
  return dotted.startsWith(".") ? `default${dotted}` : dotted;
}
