import { ALGORITHMS, isAlgorithm, isStrong } from "../model/algorithms.ts";
import { flag, type Input, list } from "./input-types.ts";
import type { BrokenRule } from "./reading.ts";

/** What is said of every file besides its bytes. */
export const checksumInputs = {
  checksum: list(
    `algorithms of the checksums, each with a list of its own: ${ALGORITHMS.join(", ")}`,
    ["sha256"],
    { fault: faultInAlgorithms },
  ),
  checksumSplit: flag(
    "a checksum file beside each released file (`NAME.sha256`) instead of one that lists them all",
    false,
  ),
} satisfies Record<string, Input<unknown>>;

function faultInAlgorithms(names: readonly string[]): BrokenRule | undefined {
  const known = names.filter(isAlgorithm);
  if (known.length < names.length || known.length === 0)
    return { rule: `must be one or more of ${ALGORITHMS.join(", ")}` };
  if (new Set(known).size < known.length) return { rule: "must name each algorithm once" };
  if (known.some(isStrong)) return undefined;
  return {
    rule: "must include sha256, sha384 or sha512",
    cure: `add one of them: files can be forged to have the same ${known.join(" or ")}`,
  };
}
