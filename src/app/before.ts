import { resolve } from "node:path";
import { wordsOf } from "../config/shell-words.ts";
import { undeclaredChanges } from "../facts/clean.ts";
import type { Facts, ModuleFacts } from "../facts/facts.ts";
import { chooseTag, listed } from "../facts/tags.ts";
import type { GitFacts } from "../git/git-facts.ts";
import { gitSettings } from "../go/environment.ts";
import { isoSeconds } from "../model/dates.ts";
import { Problem } from "../model/problem.ts";
import { Secret } from "../model/secret.ts";
import { fill } from "../model/template.ts";
import { valuesWithoutTarget } from "../plan/names.ts";
import { programName } from "../plan/programs.ts";
import { releaseValues } from "../plan/release-values.ts";
import { type HookBench, hookBench, runHook } from "../release/hooks.ts";
import type { CommandContext } from "./context.ts";
import { gitFor } from "./git.ts";

/** What is known of a release before its commands have run. */
export interface SeenBefore {
  readonly git: GitFacts | undefined;
  readonly module: ModuleFacts;
  readonly env: Facts["env"];
}

/** For the survey: what only looks starts nothing, and the job with rights runs nothing beside them. */
export function beforeOf(
  call: CommandContext,
  building: boolean,
): { readonly before?: (seen: SeenBefore) => Promise<void> } {
  if (call.config.settings.before.length === 0) return {};
  if (building) return { before: (seen) => runBefore(seen, call) };
  const message = "the commands of `before` are not run here: what they make has to be there";
  call.journal.tell({ type: "notice", message });
  return {};
}

/**
 * Runs the commands of `before`, one after the other. Throws a `Problem` for one that fails, or that changes what
 * nobody declared.
 */
async function runBefore(seen: SeenBefore, call: CommandContext): Promise<void> {
  const { config, folder, host, journal, signal, world } = call;
  const { before, beforeEnv: named, commandTimeout: minutes } = config.settings;
  const env = toolEnvironment(call);
  const bench = hookBench({ input: "before", named, minutes, env: call.env, more: env });
  for (const name of named) host.mask(new Secret(call.env[name] ?? ""));
  const values = valuesOf(seen, call);
  let known = await treeOf(call);
  for (const command of before) {
    const words = wordsOf(command).map((word) => fill(word, values));
    await journal.step({ kind: "before", of: command }, (say) =>
      runHook({ input: "before", words, folder }, bench, world, { signal, say }),
    );
    const now = await treeOf(call);
    assertDeclared(command, known, now);
    known = now;
  }
}

/** What the commands of `after-build` see. */
export function afterBuildBench(call: CommandContext): HookBench {
  const { config, env, host } = call;
  const { afterBuildEnv: named, commandTimeout: minutes } = config.settings;
  const more = toolEnvironment(call);
  const bench = hookBench({ input: "after-build", named, minutes, env, more });
  for (const name of named) host.mask(new Secret(env[name] ?? ""));
  return bench;
}

/** What git is told, and which Go was asked for. */
function toolEnvironment({ config }: CommandContext): Readonly<Record<string, string>> {
  const { goVersion } = config.settings;
  return {
    ...gitSettings([]),
    ...(goVersion === undefined ? {} : { GOTOOLCHAIN: `go${goVersion.replace(/^go/u, "")}` }),
  };
}

function valuesOf({ git, module, env }: SeenBefore, { config, host }: CommandContext) {
  const { surroundings } = host;
  const { tag: asked, name = programName(module.path) } = config.settings;
  const { tag = null, version } = chooseTag({ asked, ref: surroundings.ref, git, module });
  const facts = { env, ...(git === undefined ? {} : { git }) };
  const date = git?.date ?? isoSeconds(0);
  const release = { version, tag, commit: git?.commit ?? null, date };
  return valuesWithoutTarget(releaseValues({ facts, surroundings }, name, release));
}

/** What git sees of the work tree; nothing where there is none. */
interface TreeState {
  readonly commit: string;
  readonly dirty: ReadonlySet<string>;
}

async function treeOf(call: CommandContext): Promise<TreeState | undefined> {
  const { config, folder, world } = call;
  const { generated, output } = config.settings;
  const git = await gitFor(call);
  const root = await git.root();
  if (root === undefined) return undefined;
  const real = await world.files.real(folder);
  const place = { root, folder: real, output: resolve(real, output), generated, foreign: [] };
  const { git: facts } = await undeclaredChanges(git, place, world.files);
  return facts === undefined ? undefined : { commit: facts.commit, dirty: new Set(facts.dirty) };
}

function assertDeclared(
  command: string,
  before: TreeState | undefined,
  now: TreeState | undefined,
): void {
  if (before === undefined || now === undefined) return;
  if (before.commit !== now.commit) {
    throw new Problem("before-commit", `before: \`${command}\` moved HEAD to ${now.commit}`, {
      hint: "a release is of the commit that it was started for: commit and tag before",
    });
  }
  const changed = [...now.dirty].filter((path) => !before.dirty.has(path));
  if (changed.length === 0) return;
  throw new Problem("before-undeclared", `before: \`${command}\` changed ${listed(changed)}`, {
    hint: "commit what it makes, name it in .gitignore when no program or archive needs it, or declare it with `generated`",
  });
}
