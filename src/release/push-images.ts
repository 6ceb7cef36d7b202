import type { BuiltImage } from "../images/made.ts";
import { readRepository } from "../images/reference.ts";
import { manifestAt } from "../images/registry/manifests.ts";
import { pushImage } from "../images/registry/push.ts";
import type { Registry } from "../images/registry/registry.ts";
import { Problem } from "../model/problem.ts";
import type { BuiltImages } from "./images.ts";
import type { PackedArtifact } from "./pack.ts";
import { type ReleaseRun, signs } from "./release-run.ts";
import { signImage } from "./sign-images.ts";
import { registryOf } from "./tag-images.ts";

/** Sends every image to its registry by digest, and signs it there, before the release is visible. Throws for the first that is refused. */
export async function pushImages(
  { images, store }: BuiltImages,
  packed: readonly PackedArtifact[],
  run: ReleaseRun,
): Promise<void> {
  const { budget, journal, signal } = run;
  const pushed: BuiltImage[] = [];
  for (const image of images) {
    const { repository } = image.planned;
    const registry = registryOf(repository, run);
    const upload = <T>(work: () => Promise<T>) => budget.use({ uploads: 1 }, true, signal, work);
    const holder = (digest: string) => holderOf(digest, image, pushed, run);
    await journal.step({ kind: "push", of: repository }, async () => {
      await assertFree(image, registry, run);
      await pushImage(image, registry, { store, upload, holder, signal });
    });
    pushed.push(image);
    if (signs(run)) await signImage(image, registry, packed, run);
  }
}

/** Another repository of the same registry that has the blob: the base's, or one that this run pushed to before. */
function holderOf(
  digest: string,
  { planned }: BuiltImage,
  pushed: readonly BuiltImage[],
  { images }: ReleaseRun,
): string | undefined {
  const base = images?.bases.get(planned.repository);
  const layers = [...(base?.platforms.values() ?? [])].flatMap((platform) => platform.layers);
  const holders = [
    ...(layers.some((layer) => layer.digest === digest) ? [base?.registry.repository] : []),
    ...pushed
      .filter(({ blobs }) => blobs.some((blob) => blob.digest === digest))
      .map((image) => readRepository(image.planned.repository)),
  ];
  const host = readRepository(planned.repository)?.host;
  return holders.find((holder) => holder?.host === host)?.name;
}

/** What was released stays what it was: a tag of this very version names no other image, unless that was asked for. */
async function assertFree(
  { planned, index }: BuiltImage,
  registry: Registry,
  { plan, signal }: ReleaseRun,
): Promise<void> {
  if (plan.destination.replace) return;
  for (const { name } of planned.tags.filter(({ follows }) => follows === undefined)) {
    const there = await manifestAt(registry, name, signal);
    if (there === undefined || there.digest === index.digest) continue;
    throw new Problem(
      "image-taken",
      `${planned.repository}:${name} is there already, and is another image (${there.digest}, and not ${index.digest})`,
      {
        hint: "nothing was published: release a new version, remove that tag, or allow it to be changed with `--replace`",
      },
    );
  }
}
