import { dirname } from "node:path";
import { digest } from "../checksums/digest.ts";
import type { CommitComparison, ComparedFile } from "../git/comparison.ts";
import type { Deviation } from "../git/deviations.ts";
import type { PackageGraph } from "../go/package-graph.ts";
import { defined } from "../model/defined.ts";
import { isWithin, relativePath } from "../model/paths.ts";
import { concurrently } from "../world/concurrently.ts";
import type { World } from "../world/world.ts";
import type { Declared } from "./declared.ts";
import type { SourceDifference } from "./facts.ts";
import { missingSources, type SourceInputsOptions, sourceInputs } from "./source-inputs.ts";
import { sourceUsers } from "./source-users.ts";

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

/** Files at a time. */
const AT_ONCE = 32;

/** What a release is made from, held against its commit, and how it was then. */
export class HeldSources {
  readonly graph: PackageGraph;
  readonly #scene: HeldSourcesOptions;
  readonly #files: World["files"];
  /** As git would name them. */
  readonly #held = new Map<string, string | undefined>();
  readonly #folders = new Map<string, readonly string[]>();
  readonly #pointers = new Set<string>();

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
    for (const { path, pointer } of compared) if (pointer === true) this.#pointers.add(path);
    return (await this.#described([...compared, ...gone], programs)).filter(
      ({ declared, deviation }) => !(declared && deviation.kind === "missing"),
    );
  }

  /** What looks like a pointer of Git LFS and is what the commit holds, relative to the module. */
  get pointers(): readonly string[] {
    return [...this.#pointers].map((path) => this.#shown(path)).sort();
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

  /** Of many files, as of an ignored vendor folder, no more are open at once than a system allows. */
  async #described(
    files: readonly ComparedFile[],
    programs: readonly string[],
  ): Promise<readonly SourceDifference[]> {
    const differing = files.flatMap(({ path, deviation }) =>
      deviation === undefined ? [] : [{ path, deviation }],
    );
    if (differing.length === 0) return [];
    const { common, declared } = this.#scene;
    const usersOf = sourceUsers(programs, this.graph, common);
    const around = this.#surroundings();
    return await concurrently(differing, AT_ONCE, async ({ path, deviation }) => {
      const shown = this.#shown(path);
      const isFile = (await this.#files.stat(path))?.kind === "file";
      const sha256 = isFile ? (await digest(() => this.#files.source(path))).sha256 : undefined;
      return {
        path: shown,
        within: around(path, deviation),
        deviation,
        declared: declared(shown),
        programs: usersOf(path),
        ...defined({ sha256 }),
      };
    });
  }

  /** What is to be named in place of all that is in it or behind it. */
  #surroundings(): (path: string, deviation: Deviation) => string | undefined {
    const { comparison } = this.#scene;
    const packages = this.graph.packagesOf(this.graph.programs);
    const modules = packages.flatMap(({ module }) => module?.goMod ?? []).map(dirname);
    const folderAround = (path: string, { kind }: Deviation): string | undefined => {
      if (kind === "absent") return comparison.unknownFolder(path);
      return kind === "outside" ? modules.find((module) => isWithin(path, module)) : undefined;
    };
    return (path, deviation) => {
      if (deviation.behind !== undefined) return this.#shown(deviation.behind);
      const folder = folderAround(path, deviation);
      return folder === undefined ? undefined : `${this.#shown(folder)}/`;
    };
  }

  #shown(path: string): string {
    return relativePath(this.#scene.folder, path);
  }
}

function missingFile(path: string): ComparedFile {
  return { path, blob: undefined, deviation: { kind: "missing" } };
}
