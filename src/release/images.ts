import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { formats } from "../archives/index.ts";
import type { Layer } from "../images/documents.ts";
import { writeLayer } from "../images/layers.ts";
import {
  type BasePlatform,
  type BuiltImage,
  type PlatformLayers,
  writeDocuments,
} from "../images/made.ts";
import { writeOciArchive } from "../images/oci-archive.ts";
import { fetchLayer } from "../images/registry/base.ts";
import { type Supplies, scratchContents, suppliedContents } from "../images/scratch.ts";
import { ImageStore } from "../images/store.ts";
import type { Binary } from "../model/artifact.ts";
import type { MadeImage, PlannedImage, PlannedPlatform } from "../model/image.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget } from "../model/target.ts";
import type { PackedArtifact } from "./pack.ts";
import type { ReleaseRun } from "./release-run.ts";
import type { ImageFinder } from "./tag-images.ts";

/** The images of a release, and where their bytes lie. */
export interface BuiltImages {
  readonly images: readonly BuiltImage[];
  readonly store: ImageStore;
}

/** Makes the container images of a plan out of what was packed. */
export async function makeImages(
  packed: readonly PackedArtifact[],
  run: ReleaseRun,
): Promise<BuiltImages> {
  const { plan, output, world, journal } = run;
  const store = new ImageStore(join(output.temporary, "images"), world.files);
  const layers = new ProgramLayers(packed, store, run);
  const images: BuiltImage[] = [];
  for (const planned of plan.images ?? [])
    images.push(
      await journal.step(
        { kind: "image", of: planned.repository },
        () => makeImage(planned, layers, run),
        ({ index }) => index.digest,
      ),
    );
  return { images, store };
}

async function makeImage(
  planned: PlannedImage,
  layers: ProgramLayers,
  run: ReleaseRun,
): Promise<BuiltImage> {
  const parts: PlatformLayers[] = [];
  const lowest = await layers.lowest(planned);
  for (const platform of planned.platforms) {
    const own: Layer[] = [];
    for (const program of platform.programs)
      own.push(await layers.ofProgram(program, platform, planned));
    const base = await basePlatform(planned, platform, layers.store, run);
    parts.push({ platform, base, layers: [...lowest, ...own] });
  }
  return await writeDocuments(planned, parts, run.plan.release.date, layers.store);
}

/** What it is built on, whose layers are brought here. */
async function basePlatform(
  { repository }: PlannedImage,
  { target }: PlannedPlatform,
  store: ImageStore,
  { images, signal }: ReleaseRun,
): Promise<BasePlatform | undefined> {
  const base = images?.bases.get(repository);
  const platform = base?.platforms.get(formatTarget(target));
  if (base === undefined || platform === undefined) return undefined;
  for (const layer of platform.layers) await fetchLayer(base, layer, store, signal);
  return platform;
}

/** Layers, each made once however many images have it. */
class ProgramLayers {
  readonly store: ImageStore;
  readonly #packed: readonly PackedArtifact[];
  readonly #run: ReleaseRun;
  readonly #made = new Map<string, Layer>();

  constructor(packed: readonly PackedArtifact[], store: ImageStore, run: ReleaseRun) {
    this.#packed = packed;
    this.store = store;
    this.#run = run;
  }

  /** What lies below the programs. */
  async lowest({ base, certificates, timeZones }: PlannedImage): Promise<readonly Layer[]> {
    const { images } = this.#run;
    const supplies: Supplies = {
      certificates: certificates ? images?.certificates : undefined,
      timeZones: timeZones ? images?.timeZones : undefined,
    };
    const contents =
      base === "scratch" ? await scratchContents(supplies) : await suppliedContents(supplies);
    if (contents === undefined) return [];
    return [
      await this.#once(`${base === "scratch"} ${certificates} ${timeZones}`, (out, date, signal) =>
        writeLayer(contents, date, out, signal),
      ),
    ];
  }

  async ofProgram(
    program: PlannedPlatform["programs"][number],
    { target }: PlannedPlatform,
    { base, repository }: PlannedImage,
  ): Promise<Layer> {
    const { build, name, path } = program;
    const binary = this.#binaryOf(build, name);
    const { kind } = binary.inspection.linkage;
    if (base === "scratch" && kind !== "static") throw notStatic(name, target, repository);
    const { size, sha256 } = binary;
    return await this.#once(`${build} ${name}`, (out, date, signal) =>
      this.#reading(binary, (open) => {
        const entry = { name: path, size, sha256, executable: true, open };
        return writeLayer({ entries: [entry], comment: path }, date, out, signal);
      }),
    );
  }

  async #once(
    key: string,
    write: (
      ...to: [...Parameters<Parameters<ImageStore["keep"]>[0]>, Date, AbortSignal]
    ) => Promise<Layer>,
  ): Promise<Layer> {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const { budget, plan, signal } = this.#run;
    const date = new Date(plan.release.date);
    const made = await budget.use({ cores: 1 }, true, signal, () =>
      this.store.keep(
        (out) => write(out, date, signal),
        ({ descriptor }) => descriptor.digest,
      ),
    );
    this.#made.set(key, made);
    return made;
  }

  /** As it was packed: what was built on other machines is nowhere else. */
  #binaryOf(build: string, name: string): Binary {
    const { archives } = this.#run.plan;
    for (const step of archives) {
      const inside = step.binaries.find((one) => one.build === build && one.name === name)?.path;
      const held = this.#packed.find(({ artifact }) => artifact.name === step.name)?.binaries;
      const found = held?.find((one) => one.build === build && one.name === inside);
      if (found !== undefined) return found;
    }
    throw new Error(`nothing that was packed holds ${name} of ${build}`);
  }

  async #reading<T>(
    { artifact, name }: Binary,
    use: (open: () => Readable) => Promise<T>,
  ): Promise<T> {
    const { plan, output, world } = this.#run;
    const path = join(output.staging, artifact);
    const format = plan.archives.find((step) => step.name === artifact)?.format ?? "none";
    if (format === "none") return await use(() => world.files.source(path));
    const stored = {
      size: (await world.files.stat(path))?.size ?? 0,
      open: (range?: { start: number; end: number }) => world.files.source(path, range),
    };
    for await (const unpacked of formats[format].read(stored))
      if (format === "gz" || unpacked.name === name)
        return await use(() => Readable.from(unpacked.content));
    throw new Error(`${artifact} does not hold ${name}`);
  }
}

function notStatic(name: string, target: PlannedPlatform["target"], repository: string): Problem {
  return new Problem(
    "image-dynamic",
    `${repository}: ${name} for ${formatTarget(target)} is linked dynamically, and \`scratch\` has no libraries`,
    {
      hint: "build it with CGO_ENABLED=0, or give the image a `base` that has them",
      target: formatTarget(target),
    },
  );
}

/** Of a dry run: an OCI archive for each image, beside the released files. */
export async function archiveImages(
  { images, store }: BuiltImages,
  { plan, output, world, signal }: ReleaseRun,
): Promise<readonly MadeImage[]> {
  const made: MadeImage[] = [];
  for (const image of images) {
    const { repository, archive } = image.planned;
    const path = join(output.staging, archive);
    await world.files.makeFolder(dirname(path));
    const date = new Date(plan.release.date);
    await writeOciArchive(image, store, date, world.files.sink(path), signal);
    made.push({ repository, digest: image.index.digest, tags: [], untagged: [], archive });
  }
  return made;
}

/** Of a release that stays a draft: pushed, and named by no tag. */
export function untagged({ images }: BuiltImages): readonly MadeImage[] {
  return images.map(({ planned: { repository }, index: { digest } }) => ({
    repository,
    digest,
    tags: [],
    untagged: [],
  }));
}

/** Where they are, for whoever moves their tags. */
export function pushed({ images, store }: BuiltImages): ImageFinder {
  return async ({ repository }) => {
    const image = images.find(({ planned }) => planned.repository === repository);
    if (image === undefined) throw new Error(`${repository} was never made`);
    const { digest, mediaType } = image.index;
    return { digest, mediaType, text: await store.text(digest) };
  };
}
