import { posix, resolve } from "node:path";
import { formats } from "../archives/index.ts";
import { isCallers } from "../config/config.ts";
import type { Facts } from "../facts/facts.ts";
import { passOverGoFolders } from "../facts/go-folders.ts";
import type { HeldSources } from "../facts/held-sources.ts";
import { survey } from "../facts/survey.ts";
import { contained } from "../git/contained.ts";
import type { Toolchain } from "../go/toolchain.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { OutputFolder } from "../output/output-folder.ts";
import { assertOwned } from "../output/owned-folder.ts";
import { type PlanInputs, plan } from "../plan/plan.ts";
import { planDigest } from "../plan/plan-digest.ts";
import { releasedNames } from "../plan/released-names.ts";
import { uncommittedWarnings } from "../plan/uncommitted.ts";
import { Budget } from "../release/budget.ts";
import { BuildTurns } from "../release/build-turns.ts";
import { checkoutFor } from "../release/checkout.ts";
import type { GoReleaseRun, ReleaseRun } from "../release/release-run.ts";
import { afterBuildBench, beforeOf } from "./before.ts";
import type { CommandContext } from "./context.ts";
import { forgeFor } from "./forge.ts";
import { commitFilesFor, gitFor } from "./git.ts";
import { withTagMessage } from "./notes.ts";
import { servicesFor, servicesWhoeverSigns } from "./trust.ts";

/** A plan and the toolchain that carries it out. */
export interface Prepared {
  readonly plan: Plan;
  readonly facts: Facts;
  readonly toolchain: Toolchain;
  /** What is built, held against the commit; absent where there is none. */
  readonly sources?: HeldSources;
}

interface PreparationOptions {
  /** What is built here is put together and signed by another job. */
  readonly inParts?: boolean;
  /** Absolute folders with what other jobs made. */
  readonly foreign?: readonly string[];
  /** Whether this command builds, and so runs what comes before. */
  readonly building?: boolean;
}

/** Looks at the module and decides: what every command but `verify` begins with. */
export async function prepare(
  call: CommandContext,
  { inParts = false, foreign = [], building = false }: PreparationOptions = {},
): Promise<Prepared> {
  const { config, folder, env, host, world, journal, version } = call;
  const { surroundings } = host;
  const hooks = beforeOf(call, building);
  const { facts: seen, ...tools } = await journal.step({ kind: "survey", of: "" }, () =>
    survey({ config, folder, surroundings, env, foreign, ...hooks }, world),
  );
  const facts = await withTagMessage(seen, call);
  const planned = await planFor({ config, facts, surroundings, generator: version, inParts }, call);
  journal.tell({ type: "planned", plan: planned, at: journal.now() });
  assertExpected(planned, config.settings.planDigest);
  await assertNames(planned, call);
  const packed = [...planned.archives, ...(planned.source === undefined ? [] : [planned.source])];
  for (const { format } of packed) if (format !== "none") formats[format].check();
  for (const message of planned.notices) journal.tell({ type: "notice", message });
  for (const message of uncommittedWarnings(unshown(planned, facts)))
    journal.tell({ type: "warning", message });
  return { plan: planned, facts, ...tools };
}

/** What would sign is known without asking; only where it is a service, that is asked which it is today. */
async function planFor(known: PlanInputs, call: CommandContext): Promise<Plan> {
  const offhand = plan({ ...known, services: servicesWhoeverSigns(call.config) });
  const services = await servicesFor(offhand.signing, call);
  return services === undefined ? offhand : plan({ ...known, services });
}

/** Without what a snapshot's own notice of a dirty work tree names already. */
function unshown({ module, uncommitted }: Plan, { git }: Facts): Plan["uncommitted"] {
  const dirty = git?.dirty ?? [];
  return uncommitted.filter(({ path }) => {
    const from = posix.join(module.folder, path);
    return !dirty.some((one) => one === from || (one.endsWith("/") && from.startsWith(one)));
  });
}

/** All jobs of a release plan the same; the one that plans first reports it. */
function assertExpected(planned: Plan, expected: string | undefined): void {
  const digest = planDigest(planned);
  if (expected === undefined || expected === digest) return;
  throw new Problem(
    "plan-differs",
    `this job plans ${digest} of ${planned.release.commit ?? "no commit"} with ${planned.go}, and \`plan-digest\` says ${expected}`,
    {
      hint: "use the same commit, Go version, configuration and inputs in every job; compare the output of `plan --json` to see where they differ",
    },
  );
}

/** A forge may rewrite or refuse a name; a snapshot never meets one. */
async function assertNames(planned: Plan, call: CommandContext): Promise<void> {
  if (planned.release.snapshot) return;
  const forge = await forgeFor(planned, call);
  forge?.checkNames(releasedNames(planned), planned.release);
}

/** What of a run only those commands have that sign or publish. */
export type Publishing = Pick<
  ReleaseRun,
  "signing" | "staged" | "images" | "pointing" | "gpgKey" | "apkKey"
>;

/** Opens the output folder and the budget. `keep` are folders inside the output that this run reads from. */
export async function openRun(
  planned: Plan,
  call: CommandContext,
  publishing: Publishing = {},
  keep: readonly string[] = [],
): Promise<ReleaseRun> {
  const { config, world, journal, signal } = call;
  signal.throwIfAborted();
  const output = await OutputFolder.open(await outputPath(call), world.files, keep);
  const budget = new Budget(world.machine, config.settings.concurrency);
  return { plan: planned, output, world, budget, journal, signal, ...publishing };
}

/** The output folder, which neither a committed link nor another user turns into something else. */
async function outputPath({ config, folder, host, world }: CommandContext): Promise<string> {
  const { files, machine } = world;
  const { output } = config.settings;
  const path = isCallers(config, "output")
    ? resolve(folder, output)
    : await contained({ input: "output", path: output, byCommit: true }, folder, files);
  // In a container the checkout is another user's, and what earlier steps of the job made beside it.
  const job = host.surroundings.project === undefined ? [] : [(await files.stat(folder))?.owner];
  await assertOwned(path, [machine.user, ...job], files);
  return path;
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
  call: CommandContext,
): Promise<GoReleaseRun> {
  const { config, folder, world } = call;
  const { plan: planned, journal, output } = run;
  const { toolchain } = tools;
  const git = await gitFor(call);
  const root = await git.root();
  if (root !== undefined)
    await passOverGoFolders(toolchain.folders, root, world.files, { make: true });
  const hidden = resolve(await world.files.real(folder), config.settings.output);
  const scene = { plan: planned, facts, toolchain, folder, output, hidden, journal };
  const checkout = await checkoutFor(scene, git, world);
  const commitFiles = await commitFilesFor(call);
  const turns = new BuildTurns(run.budget, world, journal);
  return { ...tools, ...run, folder, commitFiles, checkout, turns, hooks: afterBuildBench(call) };
}
