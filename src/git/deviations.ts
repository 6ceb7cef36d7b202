import { digest } from "../checksums/digest.ts";
import { defined } from "../model/defined.ts";
import type { DifferenceKind } from "../model/plan.ts";
import type { World } from "../world/world.ts";
import type { CommittedRepository } from "./committed-repository.ts";
import { blobHash, type Content, type ObjectFormat } from "./content.ts";
import { pointerOf } from "./lfs.ts";

/** In what way a file is not what the commit holds. */
export interface Deviation {
  readonly kind: DifferenceKind;
  /** What else is known of it, e.g. where a link leads. */
  readonly detail?: string;
  /** The link or the submodule that it lies behind, absolute. */
  readonly behind?: string;
}

/** A file that is not byte for byte what the commit holds, or that is a pointer. */
export interface CommittedFile {
  readonly repository: CommittedRepository;
  /** Relative to that repository. */
  readonly path: string;
  readonly hash: string;
  /** Where it lies, absolute. */
  readonly from: string;
  readonly content: Content;
}

/** What is longer is no text whose line ends somebody converts; and a string has its limits. */
const LONGEST_TEXT = 64 * 1024 * 1024;

type FileReader = Pick<World["files"], "read" | "source">;

/**
 * What is wrong with files whose bytes are not the commit's. Nothing is, when every checkout of the commit has them so:
 * its attributes ask for CRLF or for `$Id$` (gitattributes(5)), or they are the file that a pointer names.
 */
export async function deviations(
  doubtful: readonly CommittedFile[],
  format: ObjectFormat,
  files: FileReader,
): Promise<ReadonlyMap<CommittedFile, Deviation>> {
  const found = new Map<CommittedFile, Deviation>();
  for (const repository of new Set(doubtful.map((file) => file.repository))) {
    const own = doubtful.filter((file) => file.repository === repository);
    const paths = own.map(({ path }) => path);
    const attributes = await repository.objects.attributes(paths, ["filter", "eol", "ident"]);
    for (const file of own) {
      const known = attributes.get(file.path) ?? {};
      const deviation =
        known["filter"] === "lfs"
          ? await ofLfs(file, files)
          : await ofBytes(file, known, format, files);
      if (deviation !== undefined) found.set(file, deviation);
    }
  }
  return found;
}

async function ofLfs(
  { repository, hash, from, content }: CommittedFile,
  files: FileReader,
): Promise<Deviation | undefined> {
  if (content.pointer) return { kind: "pointer" };
  const pointer = pointerOf(await repository.objects.text(hash));
  if (pointer === undefined) return { kind: "changed" };
  const { size, sha256 } = await digest(() => files.source(from));
  return size === pointer.size && sha256 === pointer.sha256 ? undefined : { kind: "lfs" };
}

async function ofBytes(
  { hash, from, content }: CommittedFile,
  attributes: Readonly<Record<string, string>>,
  format: ObjectFormat,
  files: FileReader,
): Promise<Deviation | undefined> {
  if (content.blob === hash) return undefined;
  if (content.size > LONGEST_TEXT) return { kind: "changed" };
  const is = (text: string): boolean => blobHash(Buffer.from(text, "latin1"), format) === hash;
  const here = (await files.read(from)).toString("latin1");
  const bare =
    attributes["ident"] === "set" ? here.replaceAll(`$Id: ${hash} $`, () => "$Id$") : here;
  if (is(bare)) return undefined;
  if (is(bare.replaceAll("\r\n", "\n")))
    return attributes["eol"] === "crlf" ? undefined : { kind: "line-ends" };
  const { filter = "unspecified" } = attributes;
  return /^(unspecified|unset|set)$/u.test(filter)
    ? { kind: "changed" }
    : defined({ kind: "filtered", detail: filter });
}
