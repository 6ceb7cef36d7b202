/** What the flags of `#cgo` lines let the C compiler and the linker read. */
export interface CgoInputs {
  /** Folders of headers. */
  readonly headers: readonly string[];
  /** Folders of libraries. */
  readonly libraries: readonly string[];
  readonly files: readonly string[];
}

/** By extension, for a folder may hold anything besides. */
export const HEADERS = /\.(h|hh|hpp|hxx|h\+\+|inc|inl|ipp|tcc|c|cc|cpp|cxx|m|mm|s|S)$/u;
export const LIBRARIES = /\.(a|o|so|dylib|dll|lib|tbd)$|\.so\.[\d.]+$/u;

/** The paths in flags as `go list` prints them: `${SRCDIR}` is filled in, and a path may be a word of its own. */
export function cgoInputs(flags: readonly string[]): CgoInputs {
  const headers: string[] = [];
  const libraries: string[] = [];
  const files: string[] = [];
  for (const [at, flag] of flags.entries()) {
    const [, option, glued = ""] =
      /^(-I|-iquote|-isystem|-idirafter|-L|-F|-include)=?(.*)$/u.exec(flag) ?? [];
    const path = glued === "" ? (flags[at + 1] ?? "") : glued;
    if (option === "-L") libraries.push(path);
    else if (option === "-include") files.push(path);
    else if (option !== undefined) headers.push(path);
    else if (LIBRARIES.test(flag) && !flag.startsWith("-")) files.push(flag);
  }
  return { headers, libraries, files };
}
