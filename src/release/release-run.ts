import type { HeldSources } from "../facts/held-sources.ts";
import type { Staged } from "../forges/forge.ts";
import type { Toolchain } from "../go/toolchain.ts";
import type { Plan } from "../model/plan.ts";
import type { Secret } from "../model/secret.ts";
import type { OutputFolder } from "../output/output-folder.ts";
import type { BuildRun } from "../provenance/provenance.ts";
import type { Signer } from "../signers/signer.ts";
import type { World } from "../world/world.ts";
import type { Budget } from "./budget.ts";
import type { Checkout } from "./checkout.ts";
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
  readonly gpgKey?: { readonly key: Secret; readonly passphrase?: Secret };
  /** The release on the forge; absent in a dry run. */
  readonly staged?: Staged;
  /** Aborted by Ctrl-C, the runner, or the first failure of what runs beside. */
  readonly signal: AbortSignal;
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
}

/** A run that can also compile. */
export interface GoReleaseRun extends CheckedOutRun {
  readonly toolchain: Toolchain;
  /** The folder, as `go build` sees it. */
  readonly checkout: Checkout;
  /** What is built, held against the commit; absent where there is none. */
  readonly sources?: HeldSources;
}

/** A run that signs. */
export type SigningRun = ReleaseRun & { readonly signing: ReleaseSigning };

export function signs(run: ReleaseRun): run is SigningRun {
  return run.signing !== undefined;
}
