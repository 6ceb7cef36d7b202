import type { InputSource, Raw } from "./input-types.ts";
import type { InputName } from "./inputs.ts";

/** One input as one source gave it. */
export interface Given {
  readonly name: InputName;
  readonly raw: Raw;
  /** As a fault names the place. */
  readonly where: string;
  /** Where something inside the value stands, by its way there; absent where only the whole has a place. */
  readonly locate?: (path: readonly (string | number)[]) => string;
  readonly from: InputSource;
}
