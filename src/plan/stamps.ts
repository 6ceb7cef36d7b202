import type { ProgramFacts } from "../facts/facts.ts";
import type { BuildStep } from "../model/plan.ts";

/** The linker says nothing of a variable that no package has; a name in another case is meant to be set. */
export function stampNotices(
  builds: readonly BuildStep[],
  programs: readonly ProgramFacts[],
): readonly string[] {
  const notices = new Set<string>();
  for (const { ldflags, programs: built } of builds) {
    const set = [...ldflags.join(" ").matchAll(/(?:^| )-X[= ]main\.(\w+)=/gu)].map(
      ([, name = ""]) => name,
    );
    for (const { importPath } of built) {
      const known = programs.find((one) => one.importPath === importPath)?.variables ?? [];
      for (const name of set.filter((one) => !known.includes(one))) {
        const meant = known.find((one) => one.toLowerCase() === name.toLowerCase());
        if (meant !== undefined)
          notices.add(
            `${importPath} has main.${meant}, which nothing sets: \`ldflags\` has main.${name}, say main.${meant} there`,
          );
      }
    }
  }
  return [...notices];
}
