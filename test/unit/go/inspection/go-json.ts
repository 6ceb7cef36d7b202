import type { BuildInfo, Module } from "../../../../src/model/binary.ts";

interface GoModule {
  readonly Path?: string;
  readonly Version?: string;
  readonly Sum?: string;
  readonly Replace?: GoModule;
}

/** What `go version -m -json` prints (`debug.BuildInfo`). */
export interface GoBuildInfo {
  readonly GoVersion: string;
  readonly Path: string;
  readonly Main: GoModule;
  readonly Deps?: readonly GoModule[];
  readonly Settings: readonly { readonly Key: string; readonly Value?: string }[];
}

/** Go's own reading of a binary in our terms. */
export function fromGo(info: GoBuildInfo): BuildInfo {
  return {
    go: info.GoVersion,
    path: info.Path,
    ...(info.Main.Path === undefined ? {} : { main: moduleFromGo(info.Main) }),
    deps: (info.Deps ?? []).map(moduleFromGo),
    settings: Object.fromEntries(info.Settings.map(({ Key, Value }) => [Key, Value ?? ""])),
  };
}

function moduleFromGo({ Path = "", Version = "", Sum, Replace }: GoModule): Module {
  return {
    path: Path,
    version: Version,
    ...(Sum === undefined ? {} : { sum: Sum }),
    ...(Replace === undefined ? {} : { replace: moduleFromGo(Replace) }),
  };
}
