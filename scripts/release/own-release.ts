import { join } from "node:path";
import type { Entry } from "../../src/archives/archive.ts";
import { tarGz } from "../../src/archives/tar-gz/tar-gz.ts";
import { digest } from "../../src/checksums/digest.ts";
import { forges } from "../../src/forges/index.ts";
import type { Host } from "../../src/hosts/host.ts";
import type { Artifact } from "../../src/model/artifact.ts";
import { defined } from "../../src/model/defined.ts";
import type { Manifest } from "../../src/model/manifest.ts";
import type { Plan } from "../../src/model/plan.ts";
import { Problem } from "../../src/model/problem.ts";
import { OutputFolder } from "../../src/output/output-folder.ts";
import { Budget } from "../../src/release/budget.ts";
import { finishRelease } from "../../src/release/finish-release.ts";
import { Journal } from "../../src/release/journal.ts";
import type { ReleaseRun } from "../../src/release/release-run.ts";
import { upload } from "../../src/release/upload.ts";
import { signerFor } from "../../src/signers/index.ts";
import type { World } from "../../src/world/world.ts";
import { type OwnReleaseFacts, ownPlan } from "./own-plan.ts";

/** A folder whose files become one archive, below a folder of the archive's own name. */
interface Tree {
  readonly name: string;
  readonly folder: string;
}

export interface OwnReleaseOptions extends OwnReleaseFacts {
  readonly world: World;
  readonly host: Host;
  /** Absolute. */
  readonly output: string;
  /** The bundle itself, released as it is. */
  readonly bundle: string;
  readonly trees: readonly Tree[];
  /** The text of a trusted_root.json; the public good one when absent. */
  readonly trustedRoot?: string;
  readonly signal: AbortSignal;
}

/**
 * Releases this program by its own chapters: what it does for a Go program from the checksums on, it does for its
 * bundle and its archives. Throws a `Problem`; nothing is visible then.
 */
export async function releaseItself(options: OwnReleaseOptions): Promise<Manifest> {
  const { world, host, output: path } = options;
  const journal = new Journal((event) => host.tell(event), world.clock);
  const plan = ownPlan(options);
  const publishing = await publishingOf(plan, journal, options);
  const output = await OutputFolder.open(path, world.files);
  const { signal } = options;
  const budget = new Budget(world.machine);
  const run: ReleaseRun = { plan, output, world, budget, journal, signal, ...publishing };
  try {
    const artifacts = await packAll(run, options);
    await upload(artifacts, run);
    const packed = artifacts.map((artifact) => ({ artifact, binaries: [] }));
    const manifest = await finishRelease(packed, run);
    journal.tell({ type: "released", manifest, folder: path, at: journal.now() });
    return manifest;
  } catch (error) {
    await output.abandon();
    throw error;
  }
}

/** Who signs, and where it goes; both are asked before anything is made. */
async function publishingOf(
  plan: Plan,
  journal: Journal,
  { host, world, trees, trustedRoot, signal }: OwnReleaseOptions,
): Promise<Pick<ReleaseRun, "signing" | "staged">> {
  const { identity, code, commit, token, builder, runUrl } = host.surroundings;
  const signer = await signerFor(plan.signing, defined({ identity, code, trustedRoot }), world);
  if (signer === undefined) {
    throw new Problem("sign", `this release would not be signed: ${plan.signing.reason}`, {
      hint: "run it in the workflow self-release, or with --dry-run",
    });
  }
  await signer.check(signal);
  const signing = defined({
    signer,
    builder: defined({ builder, invocation: runUrl }),
    commit,
  });
  if (plan.dryRun) return { signing };
  if (token !== undefined) host.mask(token);
  const { destination, name, release } = plan;
  const forge = await forges.github({ ...world, destination, name, token });
  forge.checkNames(namesOf(trees), release);
  await journal.step({ kind: "check", of: destination.repository }, () =>
    forge.check(release, signal),
  );
  return { signing, staged: await forge.stage(release, signal) };
}

const BUNDLE = "index.js";

function namesOf(trees: readonly Tree[]): readonly string[] {
  return [BUNDLE, ...trees.map(({ name }) => `${name}${tarGz.extension}`)];
}

async function packAll(run: ReleaseRun, options: OwnReleaseOptions): Promise<readonly Artifact[]> {
  const { files } = run.world;
  await files.write(join(run.output.staging, BUNDLE), await files.read(options.bundle));
  const artifacts = [await artifactOf(BUNDLE, "binary", run)];
  for (const tree of options.trees) {
    const name = `${tree.name}${tarGz.extension}`;
    const entries = await entriesOf(tree, run.world);
    const date = new Date(run.plan.release.date);
    await run.journal.step({ kind: "pack", of: name }, () =>
      tarGz.write(entries, date, files.sink(join(run.output.staging, name)), run.signal),
    );
    artifacts.push(await artifactOf(name, "archive", run));
  }
  return artifacts;
}

async function artifactOf(
  name: string,
  kind: "archive" | "binary",
  { output, world }: ReleaseRun,
): Promise<Artifact> {
  const { size, sha256 } = await digest(() => world.files.source(join(output.staging, name)));
  return { kind, name, path: name, size, sha256, from: [] };
}

async function entriesOf(tree: Tree, world: World, inside = ""): Promise<readonly Entry[]> {
  const { name, folder } = tree;
  const { files } = world;
  const found = await files.list(join(folder, inside));
  const entries = found.map(async (one): Promise<readonly Entry[]> => {
    const path = inside === "" ? one.name : `${inside}/${one.name}`;
    if (one.kind === "folder") return await entriesOf(tree, world, path);
    const from = join(folder, path);
    const { size = 0, executable = false } = (await files.stat(from)) ?? {};
    return [{ name: `${name}/${path}`, size, executable, open: () => files.source(from) }];
  });
  return (await Promise.all(entries)).flat();
}
