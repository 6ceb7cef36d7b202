import { createHash } from "node:crypto";
import type { Plan } from "../model/plan.ts";

/** Fields of a plan in which all machines of a sharded run agree. */
const shared = [
  "schema",
  "name",
  "module",
  "release",
  "go",
  "goDefaults",
  "before",
  "builds",
  "archives",
  "shardBy",
  "source",
  "extraFiles",
  "generated",
  "modified",
] as const;

type SharedField = (typeof shared)[number];

/**
 * What is built, and how, in 64 hexadecimal digits: equal wherever the same bytes are made. Where it goes, how it
 * is signed, described and shown is left to whoever publishes.
 */
export function planDigest(plan: Plan): string {
  const parts = shared.map((field) => [field, sharedPart(plan, field)]);
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Those fields in which another plan would give another digest. */
export function differingParts(one: Plan, other: Plan): readonly SharedField[] {
  return shared.filter(
    (field) => JSON.stringify(sharedPart(one, field)) !== JSON.stringify(sharedPart(other, field)),
  );
}

function sharedPart(plan: Plan, field: SharedField): unknown {
  if (field !== "release") return plan[field];
  const { tag, version, commit, date, snapshot } = plan.release;
  return { tag, version, commit, date, snapshot };
}
