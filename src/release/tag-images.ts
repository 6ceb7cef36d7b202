import { manifestAt, putTag, tagsOf } from "../images/registry/manifests.ts";
import type { Registry } from "../images/registry/registry.ts";
import { belongsTo } from "../images/tags.ts";
import { defined } from "../model/defined.ts";
import type { MadeImage, PlannedImage, PlannedTag } from "../model/image.ts";
import { Problem } from "../model/problem.ts";
import type { ReleaseRun } from "./release-run.ts";

/** An image that lies in its registry, by the document that tags name. */
export interface PushedImage {
  /** `sha256:…`. */
  readonly digest: string;
  readonly mediaType: string;
  readonly text: string;
}

/** Where a planned image is; throws a `Problem` where it is nowhere. */
export type ImageFinder = (planned: PlannedImage, registry: Registry) => Promise<PushedImage>;

export type TaggingRun = Pick<ReleaseRun, "plan" | "journal" | "signal"> & {
  readonly images?: Pick<NonNullable<ReleaseRun["images"]>, "registries">;
};

/** Moves the tags, once the release is visible. What a registry refuses is told, and keeps nothing else from being done. */
export async function tagImages(find: ImageFinder, run: TaggingRun): Promise<MadeImage[]> {
  const made: MadeImage[] = [];
  for (const planned of run.plan.images ?? []) {
    const registry = registryOf(planned.repository, run);
    const step = { kind: "tag", of: planned.repository } as const;
    const work = () => new Tagging(planned, registry, run).move(find);
    made.push(await run.journal.step(step, work, ({ tags }) => tags.join(", ")));
  }
  return made;
}

export function registryOf(repository: string, { images }: Pick<TaggingRun, "images">): Registry {
  const registry = images?.registries.get(repository);
  if (registry === undefined) throw new Error(`nobody said how to reach ${repository}`);
  return registry;
}

/** The tags of one image. */
class Tagging {
  readonly #planned: PlannedImage;
  readonly #registry: Registry;
  readonly #run: TaggingRun;
  readonly #tags: string[] = [];
  readonly #untagged: string[] = [];
  #failure: Pick<MadeImage, "detail" | "cure"> = {};

  constructor(planned: PlannedImage, registry: Registry, run: TaggingRun) {
    this.#planned = planned;
    this.#registry = registry;
    this.#run = run;
  }

  async move(find: ImageFinder): Promise<MadeImage> {
    const { repository, tags: planned } = this.#planned;
    const names = planned.map(({ name }) => name);
    let image: PushedImage | undefined;
    await this.#attempt(names, async () => {
      image = await find(this.#planned, this.#registry);
    });
    // The version first: which tags follow it is asked of what is there.
    if (image !== undefined) for (const tag of planned) await this.#moveTag(tag, image);
    const [tags, untagged] = [this.#tags, this.#untagged];
    return { repository, digest: image?.digest ?? "", tags, untagged, ...this.#failure };
  }

  async #moveTag(tag: PlannedTag, { digest, mediaType, text }: PushedImage): Promise<void> {
    const { plan, journal, signal } = this.#run;
    const registry = this.#registry;
    await this.#attempt([tag.name], async () => {
      const others = tag.follows === undefined ? [] : await tagsOf(registry, signal);
      if (!belongsTo(tag, plan.release.version, others)) {
        const message = `${this.#planned.repository}:${tag.name} stays where it is: a higher version has it`;
        return journal.tell({ type: "notice", message });
      }
      if ((await manifestAt(registry, tag.name, signal))?.digest !== digest)
        await putTag(registry, tag.name, { mediaType }, text, signal);
      this.#tags.push(tag.name);
    });
  }

  async #attempt(names: readonly string[], work: () => Promise<void>): Promise<void> {
    const { journal, signal } = this.#run;
    try {
      await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Problem)) throw error;
      const { message: detail, hint: cure } = error;
      this.#untagged.push(...names);
      if (this.#failure.detail === undefined) this.#failure = defined({ detail, cure });
      const { repository } = this.#planned;
      const message = `${repository}:${names.join(", ")}: ${detail}${cure === undefined ? "" : ` (${cure})`}`;
      journal.tell({ type: "warning", message });
    }
  }
}
