import { join } from "node:path";
import { isWithin, relativePath } from "../model/paths.ts";
import { concurrently } from "../world/concurrently.ts";
import type { World } from "../world/world.ts";
import {
  type Committed,
  CommittedRepository,
  type RepositoryAtCommit,
} from "./committed-repository.ts";
import { type Content, contentOf, formatOf, type ObjectFormat } from "./content.ts";
import { type CommittedFile, type Deviation, deviations } from "./deviations.ts";

/** One file of the work tree beside what the commit has in its place. */
export interface ComparedFile {
  /** As it was asked for, absolute. */
  readonly path: string;
  /** What lies there, as git would name it; undefined when nothing does. */
  readonly blob: string | undefined;
  /** Absent when it is byte for byte what the commit holds. */
  readonly deviation?: Deviation;
  /** It looks like a pointer of Git LFS, and the commit's attributes do not say so. */
  readonly pointer?: true;
}

/** Files at a time: enough to keep the disk busy, few enough for any limit of open files. */
const AT_ONCE = 32;

type Senses = Pick<World, "capture" | "files">;

/** Holds files of the work tree against one commit, byte for byte. */
export class CommitComparison {
  readonly #committed: CommittedRepository;
  readonly #format: ObjectFormat;
  readonly #files: World["files"];

  /** `root` is the repository's, absolute, its links resolved. */
  constructor(
    repository: RepositoryAtCommit,
    env: Readonly<Record<string, string | undefined>>,
    world: Senses,
  ) {
    this.#committed = new CommittedRepository(repository, env, world);
    this.#format = formatOf(repository.commit);
    this.#files = world.files;
  }

  /** What lies at each path now, without a look at the commit. */
  async contents(paths: readonly string[]): Promise<ReadonlyMap<string, string | undefined>> {
    const found = await concurrently(paths, AT_ONCE, async (path) => {
      const content = await contentOf(path, this.#format, this.#files);
      return [path, content?.blob] as const;
    });
    return new Map(found);
  }

  async compare(paths: readonly string[]): Promise<readonly ComparedFile[]> {
    await this.#committed.load(
      paths.filter((path) => this.#has(path)).map((path) => this.#inside(path)),
    );
    const looks = await concurrently(paths, AT_ONCE, (path) => this.#look(path));
    const doubtful = looks.flatMap(({ doubt }) => doubt ?? []);
    const explained = await deviations(doubtful, this.#format, this.#files);
    return looks.map(({ path, blob, deviation, doubt }) => {
      const found = deviation ?? (doubt === undefined ? undefined : explained.get(doubt));
      if (found !== undefined) return { path, blob, deviation: found };
      return doubt?.content.pointer === true ? { path, blob, pointer: true } : { path, blob };
    });
  }

  async #look(path: string): Promise<ComparedFile & { readonly doubt?: CommittedFile }> {
    const content = await contentOf(path, this.#format, this.#files);
    const blob = content?.blob;
    if (!this.#has(path)) return { path, blob, deviation: { kind: "outside" } };
    const committed = await this.#committed.at(this.#inside(path));
    if (committed.kind !== "file")
      return { path, blob, deviation: await this.#without(path, committed) };
    if (content === undefined) return { path, blob, deviation: { kind: "missing" } };
    if (isHeld(content, committed)) return { path, blob };
    return { path, blob, doubt: { ...committed, from: path, content } };
  }

  /** Why the commit has no file there. */
  async #without(
    path: string,
    committed: Exclude<Committed, { kind: "file" }>,
  ): Promise<Deviation> {
    if (committed.kind !== "absent") {
      const behind = join(this.#committed.root, committed.path);
      return { kind: committed.kind, detail: committed.detail, behind };
    }
    const real = await this.#files.real(path).catch(() => path);
    return this.#has(real) ? { kind: "absent" } : { kind: "link", detail: real };
  }

  /** The committed files directly in a folder; both absolute. Known where something in their part of the tree was compared. */
  filesIn(folder: string): readonly string[] {
    if (!this.#has(folder)) return [];
    return this.#committed.filesIn(this.#inside(folder)).map((name) => join(folder, name));
  }

  /** The committed files in a folder and its folders, under the same terms. */
  filesBelow(folder: string): readonly string[] {
    if (!this.#has(folder)) return [];
    return this.#committed
      .filesBelow(this.#inside(folder))
      .map((path) => join(this.#committed.root, path));
  }

  /** The highest folder around a path of which the commit has nothing; undefined when there is none. */
  unknownFolder(path: string): string | undefined {
    if (!this.#has(path)) return undefined;
    const parts = this.#inside(path).split("/");
    for (let count = 1; count < parts.length; count++) {
      const folder = parts.slice(0, count).join("/");
      if (!this.#committed.hasFolder(folder)) return join(this.#committed.root, folder);
    }
    return undefined;
  }

  #has(path: string): boolean {
    return isWithin(path, this.#committed.root);
  }

  #inside(path: string): string {
    return relativePath(this.#committed.root, path);
  }
}

/** A pointer may be what the commit holds, and not the file that it stands for. */
function isHeld(
  { blob, pointer }: Content,
  { hash }: Extract<Committed, { kind: "file" }>,
): boolean {
  return blob === hash && !pointer;
}
