import type { Staged } from "../forges/forge.ts";
import type { Plan } from "../model/plan.ts";
import type { CommandContext } from "./context.ts";
import { reachableForge } from "./forge.ts";

/**
 * The release on the forge; undefined in a dry run. Before anything is built the forge says whether it can be
 * made: token, permissions, tag, and what is there already.
 */
export async function stageFor(plan: Plan, call: CommandContext): Promise<Staged | undefined> {
  const forge = plan.dryRun ? undefined : await reachableForge(plan, call);
  if (forge === undefined) return undefined;
  await call.journal.step({ kind: "check", of: plan.destination.repository }, () =>
    forge.check(plan.release, call.signal),
  );
  return openedWhenUsed((signal) => forge.stage(plan.release, signal));
}

/**
 * What does not compile leaves no beginning of a release behind, and nothing waits for the forge before it
 * compiles. Whoever uses it first opens it for everybody, as long as that one goes on.
 */
export function openedWhenUsed(open: (signal?: AbortSignal) => Promise<Staged>): Staged {
  let opened: Promise<Staged> | undefined;
  const staged = (signal?: AbortSignal): Promise<Staged> => (opened ??= open(signal));
  return {
    existing: async (name, signal) => (await staged(signal)).existing(name, signal),
    put: async (asset, signal) => (await staged(signal)).put(asset, signal),
    becomesImmutable: async (signal) => (await staged(signal)).becomesImmutable(signal),
    publish: async (assets, signal, postscript) =>
      (await staged(signal)).publish(assets, signal, postscript),
  };
}
