import type { Toolchain } from "../go/toolchain.ts";
import type { Plan } from "../model/plan.ts";
import type { OutputFolder } from "../output/output-folder.ts";
import type { BuildRun } from "../provenance/provenance.ts";
import type { Signer } from "../signers/signer.ts";
import type { World } from "../world/world.ts";
import type { Budget } from "./budget.ts";
import type { Checkout } from "./checkout.ts";
import type { Journal } from "./journal.ts";

/** What every chapter of a release works with. */
export interface Workshop {
  readonly plan: Plan;
  readonly output: OutputFolder;
  readonly world: World;
  readonly budget: Budget;
  readonly journal: Journal;
}

/** Who signs, and what the statement tells of the run. */
export interface Notary {
  /** Absent when nothing is signed. */
  readonly signer: Signer | undefined;
  readonly run: Pick<BuildRun, "builder" | "invocation">;
}

/** A workshop that can also compile. */
export interface GoWorkshop extends Workshop {
  readonly toolchain: Toolchain;
  /** The module's folder. */
  readonly folder: string;
  /** The same, as `go build` sees it. */
  readonly checkout: Checkout;
}
