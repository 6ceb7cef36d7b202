import type { Inspection } from "../../model/binary.ts";
import type { Stamp } from "./go-buildinfo.ts";

/** What one format's reader hands over. */
export interface Executable extends Omit<Inspection, "buildInfo"> {
  /** What Go wrote into it; throws a `Problem` where there is nothing. */
  readonly stamp: () => Promise<Stamp>;
}
