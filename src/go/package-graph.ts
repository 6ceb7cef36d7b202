import type { ListedPackage, PackageListing } from "./programs.ts";

/** A package and what it is compiled from, over all platforms on which it was listed. */
export interface GraphPackage {
  readonly importPath: string;
  /** Absolute. */
  readonly folder: string;
  readonly program: boolean;
  readonly files: ReadonlySet<string>;
  readonly embeds: ReadonlySet<string>;
  readonly cgoFlags: readonly string[];
  readonly module: { readonly path: string; readonly goMod: string } | undefined;
}

interface MutablePackage {
  readonly importPath: string;
  readonly folder: string;
  program: boolean;
  local: boolean;
  readonly imports: Set<string>;
  readonly files: Set<string>;
  readonly embeds: Set<string>;
  readonly cgoFlags: string[];
  module: GraphPackage["module"];
}

/** Packages and their imports, put together from what `go list` says for each platform. */
export class PackageGraph {
  readonly #packages = new Map<string, MutablePackage>();
  #complete = true;

  /** Whether nothing that the packages import was missing in any of the listings. */
  get complete(): boolean {
    return this.#complete;
  }

  get programs(): readonly string[] {
    return [...this.#packages.values()]
      .filter(({ program, local }) => program && local)
      .map(({ importPath }) => importPath);
  }

  add({ packages, complete }: PackageListing): void {
    this.#complete &&= complete;
    for (const listed of packages) this.#addPackage(listed);
  }

  #addPackage(listed: ListedPackage): void {
    const { importPath, folder, imports, sources } = listed;
    const program = listed.program && !listed.dependency;
    const known = this.#packages.get(importPath) ?? {
      importPath,
      folder,
      program,
      local: false,
      imports: new Set(),
      files: new Set(),
      embeds: new Set(),
      cgoFlags: [],
      module: undefined,
    };
    this.#packages.set(importPath, known);
    known.program ||= program;
    for (const path of imports) known.imports.add(path);
    if (sources === undefined) return;
    known.local = true;
    known.module = sources.module;
    known.cgoFlags.push(...sources.cgoFlags);
    for (const file of sources.files) known.files.add(file);
    for (const pattern of sources.embeds) known.embeds.add(pattern);
  }

  /** Those packages that go into the programs and are neither Go's own nor from the module cache. */
  packagesOf(programs: readonly string[]): readonly GraphPackage[] {
    const reached = new Set(programs);
    // A set that grows while it is walked is walked to its end.
    for (const path of reached)
      for (const imported of this.#packages.get(path)?.imports ?? []) reached.add(imported);
    return [...reached].flatMap((path) => {
      const found = this.#packages.get(path);
      return found?.local === true ? [found] : [];
    });
  }
}
