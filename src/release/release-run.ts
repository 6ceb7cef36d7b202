import type { Channel } from "../channels/channel.ts";
import type { HeldSources } from "../facts/held-sources.ts";
import type { Forge, Staged } from "../forges/forge.ts";
import type { CommitFiles } from "../git/commit-files.ts";
import type { Toolchain } from "../go/toolchain.ts";
import type { Base } from "../images/registry/base.ts";
import type { Registry } from "../images/registry/registry.ts";
import type { Supplies } from "../images/scratch.ts";
import type { PlannedChannel } from "../model/channel.ts";
import type { Plan } from "../model/plan.ts";
import type { Secret } from "../model/secret.ts";
import type { OutputFolder } from "../output/output-folder.ts";
import type { BuildRun } from "../provenance/provenance.ts";
import type { Signer } from "../signers/signer.ts";
import type { World } from "../world/world.ts";
import type { Budget } from "./budget.ts";
import type { BuildTurns } from "./build-turns.ts";
import type { Checkout } from "./checkout.ts";
import type { HookBench } from "./hooks.ts";
import type { Journal } from "./journal.ts";

/** One release while it is made: the plan, and everything that carries it out. */
export interface ReleaseRun {
  readonly plan: Plan;
  readonly output: OutputFolder;
  readonly world: World;
  readonly budget: Budget;
  readonly journal: Journal;
  /** Present when something is signed. */
  readonly signing?: ReleaseSigning;
  /** The OpenPGP key that was given; absent where none is used. */
  readonly gpgKey?: LockedKey;
  /** The RSA key for apk packages; absent where none is used. */
  readonly apkKey?: LockedKey;
  /** The release on the forge; absent in a dry run. */
  readonly staged?: Staged;
  /** What container images are made of and where they go; absent where there are none. */
  readonly images?: ImageMeans;
  /** What points at the release once it is visible; absent where nothing does, and in a dry run. */
  readonly pointing?: Pointing;
  /** Closes a milestone of the forge; absent in a dry run. */
  readonly closeMilestone?: Forge["closeMilestone"];
  /** Aborted by Ctrl-C, the runner, or the first failure of what runs beside. */
  readonly signal: AbortSignal;
}

/** What of a run only those commands have that sign or publish. */
export type Publishing = Pick<
  ReleaseRun,
  "signing" | "staged" | "images" | "pointing" | "gpgKey" | "apkKey" | "closeMilestone"
>;
/** A private key, with the passphrase that it may have. */
export interface LockedKey {
  readonly key: Secret;
  readonly passphrase?: Secret;
}

/** What container images are made of besides programs, and the registries that they go to. */
export interface ImageMeans extends Supplies {
  /** By repository as it is planned: what its image is built on. */
  readonly bases: ReadonlyMap<string, Base>;
  /** By repository as it is planned; none in a dry run. */
  readonly registries: ReadonlyMap<string, Registry>;
}

/** Channels whose credentials were tried before anything was built. */
export interface Pointing {
  readonly channels: readonly { readonly planned: PlannedChannel; readonly channel: Channel }[];
  /** Whether people find the release as the newest one. */
  readonly isNewest: (signal?: AbortSignal) => Promise<boolean>;
}

/** Who signs, and what the provenance tells of the CI run. */
export interface ReleaseSigning {
  readonly signer: Signer;
  readonly builder: Pick<BuildRun, "builder" | "invocation">;
  /** The commit that CI started this run for; absent in a terminal. */
  readonly commit?: string;
}

/** A run that has the files of the commit. */
export interface CheckedOutRun extends ReleaseRun {
  /** The module's folder. */
  readonly folder: string;
  /** The commit's own files, whatever the work tree has. */
  readonly commitFiles: CommitFiles;
}

/** A run that can also compile. */
export interface GoReleaseRun extends CheckedOutRun {
  readonly toolchain: Toolchain;
  /** The folder, as `go build` sees it. */
  readonly checkout: Checkout;
  /** Whose compilers may run, as far as there is memory. */
  readonly turns: BuildTurns;
  /** What is built, held against the commit; absent where there is none. */
  readonly sources?: HeldSources;
  /** For the commands of `after-build`. */
  readonly hooks: HookBench;
}

/** A run that signs. */
export type SigningRun = ReleaseRun & { readonly signing: ReleaseSigning };

export function signs(run: ReleaseRun): run is SigningRun {
  return run.signing !== undefined;
}
