/** A variable that `-X` sets. */
export interface LinkerVariable {
  /** An import path; `main` for the program's own package, whatever its path (cmd/link). */
  readonly package: string;
  readonly name: string;
}

/** What the linker is told to set, in the order it is told: `-X path.name=value`, in one word or two. */
export function linkerVariables(ldflags: readonly string[]): readonly LinkerVariable[] {
  return ldflags.flatMap((word, at) => {
    const [, inline] = /^--?X=(.*)$/su.exec(word) ?? [];
    const definition = inline ?? (/^--?X$/u.test(word) ? ldflags[at + 1] : undefined);
    const [, path, name] = /^([^=]+)\.([^=./]+)=/su.exec(definition ?? "") ?? [];
    return path === undefined || name === undefined ? [] : [{ package: path, name }];
  });
}

/** The same flags without the definitions of variables that `unwanted` names. */
export function withoutVariables(
  ldflags: readonly string[],
  unwanted: (variable: LinkerVariable) => boolean,
): readonly string[] {
  const dropped = new Set<number>();
  for (const at of ldflags.keys()) {
    const alone = /^--?X$/u.test(ldflags[at] ?? "");
    const [variable] = linkerVariables(ldflags.slice(at, at + (alone ? 2 : 1)));
    if (variable !== undefined && unwanted(variable)) {
      dropped.add(at);
      if (alone) dropped.add(at + 1);
    }
  }
  return ldflags.filter((_, at) => !dropped.has(at));
}
