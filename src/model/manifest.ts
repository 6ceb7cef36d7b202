import * as z from "zod/mini";
import { Artifact, Binary } from "./artifact.ts";
import { ChannelOutcome } from "./channel.ts";
import { MadeImage } from "./image.ts";
import { MilestoneOutcome } from "./milestone.ts";
import { Plan, SCHEMA } from "./plan.ts";
import { type StepKind, steps } from "./step.ts";

/** How long one step took. */
export const Timing = z.object({
  step: z.object({
    kind: z.enum(Object.keys(steps) as [StepKind, ...StepKind[]]),
    of: z.string(),
    build: z.optional(z.string()),
  }),
  /** Milliseconds since the start of the run. */
  start: z.number(),
  /** Milliseconds. */
  duration: z.number(),
});
export type Timing = z.infer<typeof Timing>;

/** Part `index` of `count`, counted from 1. */
export const Shard = z.object({ index: z.number(), count: z.number() });
export type Shard = z.infer<typeof Shard>;

/** What a part says of itself. Whoever puts parts together compares it, and believes none of it. */
export const ShardClaim = z.extend(Shard, {
  /** The digest of the plan that it is a part of. */
  plan: z.string(),
  /** The run of the workflow or pipeline that made it; null in a terminal. */
  run: z.nullable(z.string()),
});
export type ShardClaim = z.infer<typeof ShardClaim>;

/** What was made: the contract between shards, the publisher and those who verify. */
export const Manifest = z.object({
  schema: z.literal(SCHEMA),
  plan: Plan,
  /** Present when this machine built only a part. */
  shard: z.optional(ShardClaim),
  artifacts: z.array(Artifact),
  binaries: z.array(Binary),
  /** Container images; absent where there are none. */
  images: z.optional(z.array(MadeImage)),
  /** The signer's identity as its certificate or key says it; absent when nothing was signed. */
  identity: z.optional(
    z.object({
      kind: z.string(),
      subject: z.string(),
      issuer: z.optional(z.string()),
      commit: z.optional(z.string()),
    }),
  ),
  timings: z.array(Timing),
  /** What became of the plan's channels; absent where none was tried. */
  channels: z.optional(z.array(ChannelOutcome)),
  /** What became of milestones that were to be closed; absent where none was. */
  milestones: z.optional(z.array(MilestoneOutcome)),
  /** Present where the forge says that nothing of the release can be changed. */
  immutable: z.optional(z.literal(true)),
  /** Where the release can be seen; null in a dry run. */
  url: z.nullable(z.string()),
});
export type Manifest = z.infer<typeof Manifest>;
