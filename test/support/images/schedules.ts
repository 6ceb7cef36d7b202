import type { BuiltImage } from "../../../src/images/made.ts";
import { checkPush } from "../../../src/images/registry/blobs.ts";
import { bundlesAt } from "../../../src/images/registry/referrers.ts";
import type { Registry } from "../../../src/images/registry/registry.ts";
import { defined } from "../../../src/model/defined.ts";
import { Problem } from "../../../src/model/problem.ts";
import { SBOM_TYPES, SIGNED } from "../../../src/provenance/image-predicates.ts";
import { payloadOf } from "../../../src/provenance/payload.ts";
import { PREDICATE_TYPE } from "../../../src/provenance/provenance.ts";
import { Budget } from "../../../src/release/budget.ts";
import { type BuiltImages, pushed } from "../../../src/release/images.ts";
import { Journal } from "../../../src/release/journal.ts";
import type { PackedArtifact } from "../../../src/release/pack.ts";
import { pushImages } from "../../../src/release/push-images.ts";
import type { SigningRun } from "../../../src/release/release-run.ts";
import { registryOf, tagImages } from "../../../src/release/tag-images.ts";
import type { Signer } from "../../../src/signers/signer.ts";
import { files } from "../../../src/world/node/files.ts";
import { http } from "../../../src/world/node/http.ts";
import type { Http } from "../../../src/world/world.ts";
import { succeeded } from "../campaign.ts";
import { mortal } from "../mortal.ts";
import { agePlan, binaryOf, linux } from "../releases/binaries.ts";
import { seeded } from "../seeded.ts";
import { VirtualClock } from "../virtual-clock.ts";
import { builtImages, LOGIN, NAMES, registriesOf } from "./built.ts";
import { FakeRegistry, type Fault, type RegistryTraits } from "./fake-registry.ts";

/** What became of one seed's schedule of faults, kills and re-runs. */
interface PushOutcome {
  readonly seed: number;
  /** The first run failed or was killed. */
  readonly interrupted: boolean;
  /** Runs until one was green; the last one is always without faults. */
  readonly runs: number;
  readonly faults: number;
  /** What was seen that must never be, and what is not right at the end. */
  readonly wrong: readonly string[];
}

const KINDS: readonly Fault[] = [
  "cut",
  "cut after",
  "truncated",
  { status: 500 },
  { status: 500, after: true },
  { status: 502 },
  { status: 502, after: true },
  { status: 429, retryAfter: 3 },
];

/** Strikes with probability `rate`, at most `limit` times, and once with a 401; always the same for one seed. */
function faultsOf(seed: number, { rate, limit }: { rate: number; limit: number }) {
  const next = seeded(seed);
  const denied = next() < 0.5 ? 1 + Math.floor(next() * 40) : 0;
  let struck = 0;
  return {
    struck: () => struck,
    fault: (nth: number): Fault | undefined => {
      const strikes = next() < rate && struck < limit;
      const kind = KINDS[Math.floor(next() * KINDS.length)];
      if (!strikes && nth !== denied) return undefined;
      struck += 1;
      return nth === denied ? { status: 401 } : kind;
    },
  };
}

/** How a schedule's registry is. */
interface Setting {
  /** Absent where anybody may push. */
  readonly scheme?: "basic" | "bearer";
  readonly referrers: boolean;
  /** Whether a higher version was released before, which keeps `latest`. */
  readonly newer: boolean;
  /** Whether a layer is too large for one body. */
  readonly large: boolean;
}

/** A registry, the images that are pushed to it, and what people see there. */
class PushBench {
  readonly wrong = new Set<string>();
  readonly #registry: FakeRegistry;
  readonly #setting: Setting;
  readonly #built: BuiltImages;
  readonly #clock = new VirtualClock();
  #isVisible = false;
  #signed = 0;

  private constructor(registry: FakeRegistry, setting: Setting, built: BuiltImages) {
    this.#registry = registry;
    this.#setting = setting;
    this.#built = built;
    if (setting.newer)
      for (const name of NAMES)
        for (const tag of ["2.0.0", "latest"]) registry.at(name).tags.set(tag, OTHER);
    registry.changed = ({ method, path }) => {
      for (const fault of this.#faultsNow()) this.wrong.add(`${fault} after ${method} ${path}`);
    };
    this.breakWith(undefined);
  }

  static async open(setting: Setting, folder: string): Promise<PushBench> {
    const registry = new FakeRegistry();
    await registry.listen();
    return new PushBench(registry, setting, await builtImages(registry.host, folder, setting));
  }

  async close(): Promise<void> {
    await this.#registry.close();
  }

  breakWith(fault: RegistryTraits["fault"]): void {
    const { scheme, referrers, large } = this.#setting;
    this.#registry.traits = {
      referrers,
      ...(scheme === undefined ? {} : { login: LOGIN, scheme }),
      ...(large ? { largest: 8.5 * 2 ** 20 } : {}),
      ...(fault === undefined ? {} : { fault }),
    };
  }

  /** One process: everything from the check of the registry to its tags. */
  async run(options: { readonly dieAfter?: number; readonly refused?: boolean } = {}) {
    const { dieAfter, refused = false } = options;
    const registries = this.#registries(dieAfter === undefined ? http : mortal(http, dieAfter));
    const run = {
      plan: { ...agePlan, images: this.#built.images.map(({ planned }) => planned) },
      budget: new Budget({ cores: 1, memory: 2 ** 30 }, 1),
      journal: new Journal(() => {}, this.#clock),
      signal: new AbortController().signal,
      signing: { signer: this.#signer(), builder: {} },
      images: { registries, bases: new Map() },
    } as unknown as SigningRun;
    return await succeeded(this.#release(run, refused));
  }

  #registries(way: Http): ReadonlyMap<string, Registry> {
    const login = this.#setting.scheme !== undefined;
    return registriesOf(this.#built, { http: way, clock: this.#clock, login });
  }

  async #release(run: SigningRun, refused: boolean): Promise<void> {
    for (const registry of run.images?.registries.values() ?? []) await checkPush(registry);
    await pushImages(this.#built, PACKED, run);
    if (refused) throw new Problem("forge-refused", "the forge does not publish it");
    this.#isVisible = true;
    const made = await tagImages(pushed(this.#built), run);
    if (made.some(({ untagged }) => untagged.length > 0))
      throw new Problem("untagged", "a tag was not moved");
  }

  /** Each signature is another one, as with fresh keys. */
  #signer(): Signer {
    return {
      check: async () => {},
      sign: async (subject) => {
        if (subject.kind !== "statement") throw new Error("only statements are signed here");
        this.#signed += 1;
        const payload = Buffer.from(subject.statement).toString("base64");
        return JSON.stringify({ dsseEnvelope: { payload }, signature: this.#signed });
      },
      verify: async (subject, bundle) => {
        const isSame =
          subject.kind === "statement" &&
          payloadOf(Buffer.from(bundle))?.equals(subject.statement) === true;
        if (!isSame) throw new Problem("signature", "it is of something else");
        return { kind: "key", subject: "a key" };
      },
      trust: async () => ({ trustedRoot: "" }),
    };
  }

  /** A run that finds everything as it is to be changes nothing. */
  async runAgain(): Promise<void> {
    const [signed, before] = [this.#signed, this.#state()];
    if (!(await this.run())) this.wrong.add("a run without faults failed");
    if (this.#signed !== signed) this.wrong.add("what is signed was signed again");
    if (this.#state() !== before) this.wrong.add("a run that had nothing to do changed something");
  }

  #state(): string {
    const all = NAMES.map((name) => this.#registry.at(name));
    return JSON.stringify(all.map(({ manifests, tags }) => [[...manifests.keys()], [...tags]]));
  }

  /** What must be true at every moment. */
  #faultsNow(): readonly string[] {
    return this.#built.images.flatMap((image) => {
      const name = nameOf(image);
      const own = Object.entries(this.#registry.tags(name)).filter(
        ([, digest]) => digest !== OTHER,
      );
      if (own.length === 0) return [];
      return [
        ...(this.#isVisible ? [] : [`${name} is tagged before the release is visible`]),
        ...own.flatMap(([tag, digest]) =>
          digest === image.index.digest ? [] : [`${name}:${tag} names ${digest}`],
        ),
        ...(this.#isWhole(image) ? [] : [`${name} is tagged and not whole`]),
      ];
    });
  }

  #isWhole(image: BuiltImage): boolean {
    const { blobs, manifests } = this.#registry.at(nameOf(image));
    return (
      image.blobs.every(({ digest }) => blobs.has(digest)) &&
      [image.index, ...image.manifests].every(({ digest }) => manifests.has(digest))
    );
  }

  /** What must be true at the end, as people read it: digests, tags, and one signature of each kind. */
  async judge(): Promise<void> {
    const readers = this.#registries(http);
    for (const image of this.#built.images) {
      const name = nameOf(image);
      const { digest } = image.index;
      const reader = registryOf(image.planned.repository, { images: { registries: readers } });
      const latest = this.#setting.newer ? { latest: OTHER, "2.0.0": OTHER } : { latest: digest };
      const wanted = Object.entries({ "1.3.1": digest, "1.3": digest, ...latest }).sort();
      const tags = Object.entries(this.#registry.tags(name)).sort();
      if (JSON.stringify(tags) !== JSON.stringify(wanted)) this.wrong.add(`the tags of ${name}`);
      for (const type of PREDICATES) {
        const found = await bundlesAt(reader, digest, type);
        const speaks = found.every((text) => isOf(text, digest));
        if (found.length !== 1 || !speaks) this.wrong.add(`${found.length} of ${type} for ${name}`);
      }
    }
  }
}

/** An image of a higher version. */
const OTHER = `sha256:${"0".repeat(64)}`;
const PREDICATES = [SIGNED, PREDICATE_TYPE, SBOM_TYPES.cyclonedx];
const PACKED = [{ artifact: {}, binaries: [binaryOf(linux)] }] as unknown as PackedArtifact[];

function nameOf({ planned }: BuiltImage): string {
  return planned.repository.replace(/^[^/]+\//u, "");
}

function isOf(bundle: string, digest: string): boolean {
  return payloadOf(Buffer.from(bundle))?.includes(digest.replace("sha256:", "")) === true;
}

/**
 * One schedule: a run under faults, often killed or refused by the forge; then re-runs until one is green; then one
 * more without any, which has nothing to do.
 */
async function play(seed: number, folder: string): Promise<PushOutcome> {
  const next = seeded(seed);
  const chance = (odds: number) => next() < odds;
  const scheme = ([undefined, "basic", "bearer"] as const)[Math.floor(next() * 3)];
  const setting = { referrers: chance(0.5), newer: chance(0.3), large: chance(0.1) };
  const bench = await PushBench.open({ ...setting, ...defined({ scheme }) }, folder);
  const faults = faultsOf(seed, { rate: 0.05 + next() * 0.3, limit: 12 });
  bench.breakWith(faults.fault);
  const run = async (odds: number) =>
    await bench.run({
      ...(chance(odds) ? { dieAfter: 1 + Math.floor(next() * 60) } : {}),
      refused: chance(odds / 2),
    });
  const first = await run(0.5);
  let [green, runs] = [first, 1];
  for (; !green && runs < 5; runs += 1) green = await run(0.3);
  bench.breakWith(undefined);
  if (!green && !(await bench.run())) bench.wrong.add("it never became green");
  await bench.judge();
  await bench.runAgain();
  await bench.judge();
  await bench.close();
  const wrong = [...bench.wrong];
  return { seed, interrupted: !first, runs: runs + 1, faults: faults.struck(), wrong };
}

export interface PushFigures {
  readonly schedules: number;
  readonly interrupted: number;
  readonly runs: number;
  readonly faults: number;
  /** Schedules to look at. */
  readonly failed: readonly PushOutcome[];
}

export async function pushCampaign(seeds: readonly number[]): Promise<PushFigures> {
  const outcomes: PushOutcome[] = [];
  for (const seed of seeds) {
    const folder = await files.temporary();
    outcomes.push(await play(seed, folder));
    await files.remove(folder);
  }
  const sum = (of: (outcome: PushOutcome) => number) =>
    outcomes.reduce((total, one) => total + of(one), 0);
  return {
    schedules: outcomes.length,
    interrupted: sum(({ interrupted }) => Number(interrupted)),
    runs: sum(({ runs }) => runs),
    faults: sum(({ faults }) => faults),
    failed: outcomes.filter(({ wrong }) => wrong.length > 0),
  };
}
