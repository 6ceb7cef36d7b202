import * as z from "zod/mini";

/** What became of a milestone that was to be closed. */
export const MilestoneOutcome = z.object({
  title: z.string(),
  /** `there`: it was closed already; `missing`: there is none of that name; `failed`: for `detail`. */
  result: z.enum(["closed", "there", "missing", "failed"]),
  detail: z.optional(z.string()),
  /** What helps against a failure. */
  cure: z.optional(z.string()),
});
export type MilestoneOutcome = z.infer<typeof MilestoneOutcome>;
