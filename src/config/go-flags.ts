interface Refused {
  readonly rule: string;
  readonly cure?: string;
}

/** Flags of `go build` that are followed by a value (go help build, go help testflag for the coverage of programs). */
export const valuedBuildFlags =
  /^(C|asmflags|buildmode|compiler|coverpkg|covermode|gccgoflags|gcflags|installsuffix|ldflags|mod|modfile|o|overlay|p|pgo|pkgdir|tags|toolexec)$/u;

/** Flags of the linker that are followed by a value (go tool link -help). */
export const valuedLinkerFlags =
  /^(B|E|H|I|L|R|T|X|benchmark|buildid|buildmode|capturehostobjs|extar|extld|extldflags|importcfg|installsuffix|k|libgcc|linkmode|o|r|strictdups|tmpdir)$/u;

/** Flags that this program gives itself after the others, or that take the release away from what was planned. */
const settled: Readonly<Record<string, Refused>> = {
  C: {
    rule: "-C is set by this program",
    cure: "name the module's folder with `working-directory`",
  },
  ldflags: {
    rule: "-ldflags has its own input",
    cure: "put linker flags in `ldflags`",
  },
  tags: { rule: "-tags has its own input", cure: "put the tags in `tags`" },
  o: {
    rule: "-o is set by this program",
    cure: "set the program's name with `binary` in `builds`, and the folder with `output`",
  },
  p: { rule: "-p is set by this program", cure: "use `concurrency`" },
  n: { rule: "-n builds nothing", cure: "use the command `plan` to see what would be done" },
  json: {
    rule: "-json is not allowed in `flags`: this program parses the compiler's plain output",
  },
  modfile: { rule: "-modfile is not allowed in `flags`: a release is built from go.mod" },
};

/** What is wrong with the words of `flags`, when anything is. */
export function faultInFlags(words: readonly string[]): Refused | undefined {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    const [, name, assigned] = /^--?([A-Za-z][\w.-]*)(=.*)?$/su.exec(word) ?? [];
    if (name === undefined) return noFlag(word);
    const takes = assigned === undefined && valuedBuildFlags.test(name);
    const value = takes ? words[at + 1] : assigned?.slice(1);
    const refused = settled[name] ?? (name === "mod" ? faultOfMod(value) : undefined);
    if (refused !== undefined) return refused;
    if (takes && value === undefined) return { rule: `${word} needs a value` };
    if (takes) at += 1;
  }
  return undefined;
}

function noFlag(word: string): Refused {
  return {
    rule: `${JSON.stringify(word)} is not a flag of \`go build\``,
    cure: "packages belong in `main`, build tags in `tags`",
  };
}

/** Whether the two that are left fit is seen when the module is. */
function faultOfMod(mode: string | undefined): Refused | undefined {
  if (mode === "vendor" || mode === "readonly") return undefined;
  return {
    rule: `-mod=${mode ?? ""} is not allowed in \`flags\`: a release never changes go.mod or go.sum`,
    cure: "remove it; run `go mod tidy` and commit the changes",
  };
}

/** What is wrong with the words of `ldflags`, when anything is (go tool link, `-X importpath.name=value`). */
export function faultInLdflags(words: readonly string[]): Refused | undefined {
  for (const [at, word] of words.entries()) {
    if (/^--?ldflags(=|$)/u.test(word))
      return { rule: "-ldflags is the name of this input", cure: "write only what comes after it" };
    const [, inline] = /^--?X(?:=(.*))?$/su.exec(word) ?? [];
    const fault = /^--?X(=|$)/u.test(word)
      ? faultOfDefinition(inline ?? words[at + 1])
      : faultOfValue(word, words[at - 1]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfDefinition(definition: string | undefined): Refused | undefined {
  if (definition !== undefined && /^[^=]*\.[^=./]+=/su.test(definition)) return undefined;
  const found =
    definition === undefined
      ? "it has no value"
      : `${JSON.stringify(definition)} is not of that form`;
  return {
    rule: `-X sets PACKAGE.NAME=VALUE, and ${found}`,
    cure: "e.g. -X main.version={version}",
  };
}

/** Each definition has an -X of its own: what does not belong to a flag is a file for the linker. */
function faultOfValue(word: string, before: string | undefined): Refused | undefined {
  if (word.startsWith("-") || before?.startsWith("-") === true) return undefined;
  const cure = word.includes("=")
    ? "put -X in front of it"
    : "remove it, or quote the value that it belongs to";
  return { rule: `${JSON.stringify(word)} does not belong to a flag`, cure };
}

/** What is wrong with one of `tags`, when anything is (go help buildconstraint). */
export function faultInTags(tags: readonly string[]): Refused | undefined {
  const odd = tags.find((tag) => !/^[\p{L}\p{Nd}_.]+$/u.test(tag));
  if (odd === undefined) return undefined;
  const cure = odd.startsWith("-")
    ? "write only the tags, without -tags"
    : odd.startsWith("!")
      ? "a tag is off unless it is listed"
      : "a tag consists of letters, digits, `_` and `.`";
  return { rule: `${JSON.stringify(odd)} is not a build tag`, cure };
}
