import { isWithin } from "../model/paths.ts";

type GoVariables = Readonly<Record<string, string>>;

/** Who wants to remove the module cache as a plain folder says so here; it changes no byte of a program. */
export function modeOfModules(flags = ""): Record<string, string> {
  return /(^|\s)--?modcacherw(=(true|1))?(\s|$)/u.test(flags) ? { GOFLAGS: "-modcacherw" } : {};
}

/** A module cache inside the project is removed with it, and so must not be read-only, as Go would make it. */
export function withRemovableModules<
  T extends { readonly env: GoVariables; readonly fetching: GoVariables },
>(found: T, root: string): T {
  if (!isWithin(found.env["GOMODCACHE"] ?? "/", root)) return found;
  const GOFLAGS = "-modcacherw";
  return {
    ...found,
    env: { ...found.env, GOFLAGS },
    fetching: { ...found.fetching, GOFLAGS },
  };
}
