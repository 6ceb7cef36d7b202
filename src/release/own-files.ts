import { join } from "node:path";
import type { Unpacked } from "../archives/archive.ts";
import { type Digest, digest } from "../checksums/digest.ts";
import { DigestCounter } from "../checksums/digest-counter.ts";
import type { ArchiveStep } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { CheckedOutRun } from "./release-run.ts";

/** The extra files of archives as this checkout has them, each read once. */
export class OwnFiles {
  readonly #run: CheckedOutRun;
  readonly #digests = new Map<string, Promise<Digest>>();

  constructor(run: CheckedOutRun) {
    this.#run = run;
  }

  /** Throws a `Problem` unless what was packed is the file that the plan names. */
  async assertSame({ name, content }: Unpacked, planned: ArchiveStep["files"]): Promise<void> {
    const file = planned.find((one) => one.name === name);
    if (file === undefined) throw new Error(`${name} is not planned`);
    const own = await this.#digestOf(file.source);
    const counter = new DigestCounter(own.size, () => another(name));
    for await (const _chunk of counter.over(content));
    if (counter.digest().sha256 !== own.sha256) throw another(name);
  }

  #digestOf(source: string): Promise<Digest> {
    const known = this.#digests.get(source) ?? this.#read(source);
    this.#digests.set(source, known);
    return known;
  }

  async #read(source: string): Promise<Digest> {
    const { files } = this.#run.world;
    // A file above the module is not above a link to it.
    const path = join(await files.real(this.#run.folder), source);
    return await digest(() => files.source(path));
  }
}

function another(name: string): Problem {
  return new Problem("file-differs", `${name} in it differs from the one in this checkout`, {
    hint: "build every shard from the same commit; if git changes line endings, `* text=auto eol=lf` in .gitattributes prevents it",
  });
}
