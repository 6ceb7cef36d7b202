import type { InputName } from "./inputs.ts";
import type { Raw } from "./kinds.ts";

/** One input as one source gave it. */
export interface Given {
  readonly name: InputName;
  readonly raw: Raw;
  /** As a fault names the place. */
  readonly where: string;
  readonly from: "flag" | "host" | "environment" | "file";
}
