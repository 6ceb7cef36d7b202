import { dirname, join } from "node:path";
import { digest } from "../checksums/digest.ts";
import type { CommitComparison, ComparedFile } from "../git/comparison.ts";
import type { Deviation } from "../git/deviations.ts";
import type { PackageGraph } from "../go/package-graph.ts";
import { defined } from "../model/defined.ts";
import { isWithin, relativePath } from "../model/paths.ts";
import type { World } from "../world/world.ts";
import type { Declared } from "./declared.ts";
import type { SourceDifference } from "./facts.ts";
import { missingSources, type SourceInputsOptions, sourceInputs } from "./source-inputs.ts";

interface HeldSourcesOptions extends SourceInputsOptions {
  readonly graph: PackageGraph;
  readonly comparison: CommitComparison;
  /** The module's folder, links resolved. */
  readonly folder: string;
  /** What goes into every program or archive: go.mod and the like, packed files; absolute. */
  readonly common: readonly string[];
  readonly declared: Declared;
  /** Files in whose place others are read. */
  readonly replaced: ReadonlySet<string>;
}

/** How sources are now, beside how they were when they were held. */
export interface SecondLook {
  /** Relative to the module. */
  readonly changed: readonly string[];
  /** Whether there are names that `go` would take for sources, and that were not there. */
  readonly appeared: boolean;
}

/** What a release is made from, held against its commit, and how it was then. */
export class HeldSources {
  readonly graph: PackageGraph;
  readonly #scene: HeldSourcesOptions;
  readonly #files: World["files"];
  /** As git would name them. */
  readonly #held = new Map<string, string | undefined>();
  readonly #folders = new Map<string, readonly string[]>();

  constructor(scene: HeldSourcesOptions, files: World["files"]) {
    this.graph = scene.graph;
    this.#scene = scene;
    this.#files = files;
  }

  /** Holds what goes into the programs, as far as it was not held before. */
  async hold(programs: readonly string[]): Promise<readonly SourceDifference[]> {
    const { comparison } = this.#scene;
    const { packages, files, folders } = await this.#inputs(programs);
    const fresh = [...files].filter((path) => !this.#held.has(path));
    const compared = await comparison.compare(fresh);
    const missing = await missingSources(packages, folders, this.#scene, this.#files);
    const gone = missing.filter((path) => !this.#held.has(path)).map(missingFile);
    for (const { path, blob } of [...compared, ...gone]) this.#held.set(path, blob);
    for (const [folder, names] of folders) this.#folders.set(folder, names);
    const differences = [...compared, ...gone].flatMap(({ path, deviation }) =>
      deviation === undefined ? [] : [this.#difference(path, deviation, programs)],
    );
    return (await Promise.all(differences)).filter(
      ({ declared, deviation }) => !(declared && deviation.kind === "missing"),
    );
  }

  /** Looks at all of it again: the compilers may have read another file than the one that was held. */
  async lookAgain(programs: readonly string[]): Promise<SecondLook> {
    const { files, folders } = await this.#inputs(programs);
    const known = [...files].filter((path) => this.#held.has(path));
    const now = await this.#scene.comparison.contents(known);
    const changed = known.filter((path) => now.get(path) !== this.#held.get(path));
    const appeared = [...folders].some(([folder, names]) => {
      const before = this.#folders.get(folder) ?? [];
      return names.some((name) => !before.includes(name));
    });
    return { changed: changed.map((path) => this.#shown(path)), appeared };
  }

  async #inputs(programs: readonly string[]) {
    const packages = this.graph.packagesOf(programs);
    const inputs = await sourceInputs(packages, this.#scene, this.#files);
    const { common, replaced } = this.#scene;
    const files = [...inputs.files].filter((path) => !replaced.has(path));
    return { packages, folders: inputs.folders, files: new Set([...common, ...files]) };
  }

  async #difference(
    path: string,
    deviation: Deviation,
    programs: readonly string[],
  ): Promise<SourceDifference> {
    const shown = this.#shown(path);
    const isFile = (await this.#files.stat(path))?.kind === "file";
    const sha256 = isFile ? (await digest(() => this.#files.source(path))).sha256 : undefined;
    return {
      path: shown,
      within: this.#around(path, deviation),
      deviation,
      declared: this.#scene.declared(shown),
      programs: programs.filter((program) => this.#uses(program, path)),
      ...defined({ sha256 }),
    };
  }

  /** Whether it is a source of the program, or of all of them. */
  #uses(program: string, path: string): boolean {
    const owns = ({ files, folder }: { files: ReadonlySet<string>; folder: string }): boolean =>
      files.has(path) || dirname(path) === folder;
    if (this.#scene.common.includes(path)) return true;
    const all = this.graph.packagesOf(this.graph.programs);
    return !all.some(owns) || this.graph.packagesOf([program]).some(owns);
  }

  /** What is to be named in place of all that is in it or behind it. */
  #around(path: string, { kind, behind }: Deviation): string | undefined {
    if (behind !== undefined) return this.#shown(behind);
    const { comparison, graph } = this.#scene;
    const folder =
      kind === "absent"
        ? comparison.unknownFolder(path)
        : kind === "outside"
          ? graph
              .packagesOf(graph.programs)
              .map(({ module }) => dirname(module?.goMod ?? join(path, "x")))
              .find((around) => isWithin(path, around))
          : undefined;
    return folder === undefined ? undefined : `${this.#shown(folder)}/`;
  }

  #shown(path: string): string {
    return relativePath(this.#scene.folder, path);
  }
}

function missingFile(path: string): ComparedFile {
  return { path, blob: undefined, deviation: { kind: "missing" } };
}
