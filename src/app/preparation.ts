import { posix, resolve } from "node:path";
import { archives } from "../archives/index.ts";
import type { Facts } from "../facts/facts.ts";
import type { HeldSources } from "../facts/held-sources.ts";
import { survey } from "../facts/survey.ts";
import { Git } from "../git/git.ts";
import type { Toolchain } from "../go/toolchain.ts";
import type { Plan } from "../model/plan.ts";
import { OutputFolder } from "../output/output-folder.ts";
import { plan } from "../plan/plan.ts";
import { releasedNames } from "../plan/released-names.ts";
import { uncommittedWarnings } from "../plan/uncommitted.ts";
import { Budget } from "../release/budget.ts";
import { checkoutFor } from "../release/checkout.ts";
import type { GoReleaseRun, ReleaseRun } from "../release/release-run.ts";
import type { CommandContext } from "./context.ts";
import { forgeFor } from "./forge.ts";

/** A plan and the toolchain that carries it out. */
export interface Prepared {
  readonly plan: Plan;
  readonly facts: Facts;
  readonly toolchain: Toolchain;
  /** What is built, held against the commit; absent where there is none. */
  readonly sources?: HeldSources;
}

/**
 * Looks at the module and decides: what every command but `publish` and `verify` begins with. `inParts`: what is
 * built here is put together and signed by another job.
 */
export async function prepare(call: CommandContext, { inParts = false } = {}): Promise<Prepared> {
  const { config, folder, env, host, world, journal, version } = call;
  const { surroundings } = host;
  const { facts, ...tools } = await journal.step({ kind: "survey", of: "" }, () =>
    survey({ config, folder, surroundings, env }, world),
  );
  const planned = plan({ config, facts, surroundings, generator: version, inParts });
  journal.tell({ type: "planned", plan: planned, at: journal.now() });
  await assertNames(planned, call);
  for (const { format } of planned.archives) if (format !== "none") archives[format].check();
  for (const message of planned.notices) journal.tell({ type: "notice", message });
  for (const message of uncommittedWarnings(unshown(planned, facts)))
    journal.tell({ type: "warning", message });
  return { plan: planned, facts, ...tools };
}

/** Without what a snapshot's own notice of a dirty work tree names already. */
function unshown({ module, uncommitted }: Plan, { git }: Facts): Plan["uncommitted"] {
  const dirty = git?.dirty ?? [];
  return uncommitted.filter(({ path }) => {
    const from = posix.join(module.folder, path);
    return !dirty.some((one) => one === from || (one.endsWith("/") && from.startsWith(one)));
  });
}

/** A forge may rewrite or refuse a name; a snapshot never meets one. */
async function assertNames(planned: Plan, call: CommandContext): Promise<void> {
  if (planned.release.snapshot) return;
  const forge = await forgeFor(planned, call);
  forge?.checkNames(releasedNames(planned), planned.release);
}

/** What of a run only those commands have that sign or publish. */
type Publishing = Pick<ReleaseRun, "signing" | "staged">;

/** Opens the output folder and the budget. `keep` are folders inside the output that this run reads from. */
export async function openRun(
  planned: Plan,
  call: CommandContext,
  publishing: Publishing = {},
  keep: readonly string[] = [],
): Promise<ReleaseRun> {
  const { config, folder, world, journal, signal } = call;
  signal.throwIfAborted();
  const output = await OutputFolder.open(
    resolve(folder, config.settings.output),
    world.files,
    keep,
  );
  const budget = new Budget(world.machine, config.settings.concurrency);
  return { plan: planned, output, world, budget, journal, signal, ...publishing };
}

export async function openGoRun(
  prepared: Prepared,
  call: CommandContext,
  publishing: Publishing = {},
): Promise<GoReleaseRun> {
  return await withCheckout(await openRun(prepared.plan, call, publishing), prepared, call);
}

/** A run that can also compile, with what `go build` is shown of the repository. */
export async function withCheckout(
  run: ReleaseRun,
  { facts, ...tools }: Prepared,
  { config, folder, env, world }: CommandContext,
): Promise<GoReleaseRun> {
  const { plan: planned, journal, output } = run;
  const { toolchain } = tools;
  const hidden = resolve(await world.files.real(folder), config.settings.output);
  const scene = { plan: planned, facts, toolchain, folder, output, hidden, journal };
  const checkout = await checkoutFor(scene, new Git(folder, env, world), world);
  return { ...tools, ...run, folder, checkout };
}
