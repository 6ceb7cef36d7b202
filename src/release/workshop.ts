import type { OutputFolder } from "../forges/directory/output.ts";
import type { Toolchain } from "../go/toolchain.ts";
import type { Plan } from "../model/plan.ts";
import type { Budget } from "../world/budget.ts";
import type { World } from "../world/world.ts";
import type { Journal } from "./journal.ts";

/** What every chapter of a release works with. */
export interface Workshop {
  readonly plan: Plan;
  readonly output: OutputFolder;
  readonly world: World;
  readonly budget: Budget;
  readonly journal: Journal;
}

/** A workshop that can also compile. */
export interface GoWorkshop extends Workshop {
  readonly toolchain: Toolchain;
  /** The module's folder. */
  readonly folder: string;
}
