import { splitQuoted } from "../go/inspection/split-go-flags.ts";

/**
 * Those words of a build's settings that may do more than compile what was committed: start a program, read or write
 * files elsewhere. A list of what is known to be harmless, for compilers and linkers learn new flags every year.
 * `value` is what the input's own reader made.
 */
export function beyondCompiling(name: string, value: unknown): readonly string[] {
  switch (name) {
    case "flags":
      return beyond(value as readonly string[], buildFlags);
    case "ldflags":
      return beyond(value as readonly string[], linkerFlags);
    case "env":
      return Object.entries(value as Readonly<Record<string, string>>)
        .filter(([variable, text]) => variables[variable]?.(text) !== true)
        .map(([variable, text]) => `${variable}=${text}`);
    case "overrides":
      return (value as readonly Readonly<Record<string, unknown>>[]).flatMap((row) =>
        Object.entries(row).flatMap(([key, inner]) =>
          inner === undefined ? [] : beyondCompiling(key, inner),
        ),
      );
    case "before":
    case "afterBuild":
      return value as readonly string[];
    default:
      return [];
  }
}

/** Flags by their names without dashes; a function judges the value, `alone` flags have none. */
type Harmless = Readonly<Record<string, "alone" | ((value: string) => boolean)>>;

/** The words that `known` does not allow, each with the value that belongs to it. */
function beyond(words: readonly string[], known: Harmless): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    const [, name = "", inline] = /^--?([^-=][^=]*)(?:=(.*))?$/su.exec(word) ?? [];
    const judge = Object.hasOwn(known, name) ? known[name] : undefined;
    if (judge === undefined) found.push(word);
    else if (judge === "alone") continue;
    else {
      const value = inline ?? words[++at] ?? "";
      if (!judge(value)) found.push(inline === undefined ? `${word} ${value}` : word);
    }
  }
  return found;
}

function anything(): boolean {
  return true;
}

/** Go cannot be given both kinds of quotes in one word, and what tries becomes several words. */
function oneWord(value: string): boolean {
  return !(value.includes("'") && value.includes('"'));
}

function matches(pattern: RegExp) {
  return (value: string) => pattern.test(value);
}

function allOf(patterns: readonly RegExp[]) {
  return (value: string) =>
    splitQuoted(value).every((word) => patterns.some((pattern) => pattern.test(word)));
}

/** What may stand before the flags of some packages alone (`go help build`): `all=`, `./cmd/...=`. */
function ofPackages(judge: (value: string) => boolean) {
  return (value: string) => judge(value.replace(/^[\w./]+=/u, ""));
}

const compilerFlags = allOf([
  /^-[NlBSewm]$/u,
  /^-(l|m|c|v)=\d+$/u,
  /^-(dwarf|dwarflocationlists|spectre|lang|d)=[\w.,=-]*$/u,
]);

const assemblerFlags = allOf([/^-[Sve]$/u, /^-D=?\w+(=\w+)?$/u, /^-spectre=\w+$/u]);

/** cmd/link; `-o`, `-extld`, `-capturehostobjs` and their like are not among them. */
const linkerFlags: Harmless = {
  ...alone("s w c d g n v race msan asan aslr bindnow linkshared checklinkname compressdwarf"),
  X: oneWord,
  buildid: oneWord,
  B: matches(/^(0x[\da-f]*|gobuildid)$/iu),
  H: matches(/^\w+$/u),
  T: matches(/^\w+$/u),
  R: matches(/^\w+$/u),
  buildmode: matches(/^[\w-]+$/u),
  funcalign: matches(/^\d+$/u),
  linkmode: matches(/^(auto|internal|external)$/u),
  extldflags: (value) => oneWord(value) && cLinkerFlags(value),
};

/** `go help build`; `-toolexec`, `-overlay`, `-modfile` and their like are not among them. */
const buildFlags: Harmless = {
  ...alone("a n v x race msan asan cover trimpath linkshared buildvcs"),
  p: matches(/^\d+$/u),
  tags: oneWord,
  buildmode: matches(/^[\w-]+$/u),
  covermode: matches(/^\w+$/u),
  installsuffix: matches(/^\w+$/u),
  mod: matches(/^(readonly|vendor|mod)$/u),
  pgo: matches(/^(?!.*\.\.)[\w][\w./-]*$/u),
  gcflags: ofPackages(compilerFlags),
  asmflags: ofPackages(assemblerFlags),
  ldflags: ofPackages((value) => beyond(splitQuoted(value), linkerFlags).length === 0),
};

function alone(names: string): Harmless {
  return Object.fromEntries(names.split(" ").map((name) => [name, "alone" as const]));
}

/** What `go` itself lets a package say to a C compiler (cmd/go/internal/work/security.go), the common ones of it. */
const cFlags = allOf([
  /^-D\w+(=[^@-]*)?$/u,
  /^-U\w+$/u,
  /^-I[^@-].*$/u,
  /^-O[^@-]?$/u,
  /^-W[^@,]*$/u,
  /^-f(no-)?(asynchronous-unwind-tables|common|exceptions|fast-math|lto|omit-frame-pointer|pic|PIC|pie|PIE|plt|rtti|stack-[\w-]+|strict-aliasing)$/u,
  /^-f(debug|file)-prefix-map=[^@=]+=[^@=]+$/u,
  /^-fvisibility=\w+$/u,
  /^-g[\w-]*$/u,
  /^-m(32|64|arm|thumb|windows|threads)$/u,
  /^-m(abi|arch|cpu|fpu|float-abi|tune)=[^@-].*$/u,
  /^-mmacosx-version-min=[\d.]+$/u,
  /^-(pipe|pthread|static|w)$/u,
  /^-std=[\w+:]+$/u,
]);

const cLinkerFlags = allOf([
  /^-l[^@-].*$/u,
  /^-L[^@-].*$/u,
  /^-O[^@-]?$/u,
  /^-(g|s|pthread|rdynamic|shared|static|static-pie|static-libgcc|static-libstdc\+\+|pie|no-pie)$/u,
  /^-m(32|64|windows|threads|abi=\w+|arch=[\w-]+)$/u,
  /^-mmacosx-version-min=[\d.]+$/u,
  /^-Wl,(--(no-)?as-needed|--build-id(=\w+)?|--gc-sections|--no-undefined|-s|-S|-E|-Bstatic|-Bdynamic|-O\d|--(start|end)-group|-z,(relro|now|noexecstack))(,-z,(relro|now|noexecstack))*$/u,
]);

/** The name of a compiler that PATH leads to, no path of its own, with what of its flags is harmless. */
function isCompiler(value: string): boolean {
  const [program = "", ...words] = splitQuoted(value);
  const isZig = program === "zig" && /^(cc|c\+\+)$/u.test(words[0] ?? "");
  if (!isZig && !COMPILER.test(program)) return false;
  const rest = (isZig ? words.slice(1) : words).join(" ");
  return cFlags(rest.replaceAll(/(^| )-{1,2}target[ =][\w.-]+/gu, ""));
}

/** `gcc`, `clang-17`, `x86_64-linux-musl-g++`, `o64-clang`, `cc`. */
const COMPILER = /^[\w.+-]*(gcc|g\+\+|clang|clang\+\+|cc|c\+\+|gfortran)(-[\d.]+)?$/u;

/** The compiler's environment; `PATH`, `GOROOT` and what is git's is refused of everybody, elsewhere. */
const variables: Readonly<Record<string, (value: string) => boolean>> = {
  CGO_ENABLED: anything,
  GOEXPERIMENT: anything,
  GOFIPS140: anything,
  GO_EXTLINK_ENABLED: anything,
  MACOSX_DEPLOYMENT_TARGET: anything,
  CC: isCompiler,
  CXX: isCompiler,
  FC: isCompiler,
  CGO_CFLAGS: cFlags,
  CGO_CPPFLAGS: cFlags,
  CGO_CXXFLAGS: cFlags,
  CGO_FFLAGS: cFlags,
  CGO_LDFLAGS: cLinkerFlags,
};
