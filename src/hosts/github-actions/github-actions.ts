import type { Event } from "../../model/event.ts";
import { Problem } from "../../model/problem.ts";
import type { Surroundings } from "../../model/surroundings.ts";
import { escapeControls } from "../../report/escape-controls.ts";
import { planSummary } from "../../report/plan-table.ts";
import { problemText } from "../../report/problem-text.ts";
import type { World } from "../../world/world.ts";
import type { Host } from "../host.ts";
import { Annotations } from "./annotations.ts";
import { inputsOf } from "./inputs.ts";
import { ActionsLog, type Core, say } from "./log.ts";
import { failureSummary, releaseSummary } from "./summary.ts";
import { surroundingsOf } from "./surroundings.ts";

interface GitHubActionsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the process was started. */
  readonly folder: string;
  readonly files: Pick<World["files"], "readText">;
  /** The runner's side; `@actions/core` when it is left out. */
  readonly core?: Core;
}

/** A step of a GitHub workflow: inputs and facts from the environment, words to the runner. */
export async function githubActions({
  env,
  folder,
  files,
  core: given,
}: GitHubActionsOptions): Promise<Host> {
  const core = given ?? (await import("@actions/core"));
  const event = await eventOf(env, files);
  const log = new ActionsLog(core);
  const annotations = new Annotations(core);
  const surroundings = surroundingsOf(env, folder, event);
  const masked = new Set<string>();
  let summary: string | undefined;
  let module = ".";
  /** What fails after the release leaves it as it is. */
  const fail = (problem: Problem): void => {
    const title = summary === undefined ? "Not released" : "Failed after the release";
    summary = `${summary ?? ""}${failureSummary(title, problem)}`;
    annotations.fail(title, problemText(problem));
  };
  const tell = (told: Event): void => {
    switch (told.type) {
      case "planned":
        module = told.plan.module.folder;
        return say(planSummary(told.plan, startedFor(surroundings)), core);
      case "started":
        return log.started(told.step, told.at);
      case "output":
        return log.output(told.step, told.line);
      case "ended":
        return log.ended(told.step, told.at, told.error !== undefined, told.detail);
      case "diagnosed":
        return annotations.diagnose(told.diagnostic, module);
      case "notice":
        return annotations.notice(told.message);
      case "warning":
        return annotations.warn(told.message);
      case "released":
        summary = escapeControls(releaseSummary(told.manifest));
        return say(told.manifest.url ?? `Everything is in ${told.folder}`, core);
      case "failed":
        log.close();
        return fail(told.problem);
    }
  };
  return {
    inputs: () => inputsOf(env),
    surroundings,
    mask: (secret) => {
      if (masked.has(secret.reveal())) return;
      masked.add(secret.reveal());
      core.setSecret(secret.reveal());
    },
    tell,
    output: async (outputs) => {
      try {
        for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
      } catch (cause) {
        throw new Problem("outputs", "the step's outputs cannot be written", {
          hint: "see whether the file that GITHUB_OUTPUT names is there and its disk has room; what was made stays, and a second run finds it",
          cause,
        });
      }
    },
    close: async () => {
      log.close();
      // Outside a runner, e.g. in another program's test of a workflow, there may be no summary.
      if (summary !== undefined && env["GITHUB_STEP_SUMMARY"])
        await core.summary.addRaw(summary).write();
    },
  };
}

/** Who wonders why nothing is published finds what the run was started for. */
function startedFor({ ref }: Surroundings): string | undefined {
  return ref === undefined ? undefined : `the ${ref.kind.replace("-", " ")} ${ref.name}`;
}

async function eventOf(
  env: GitHubActionsOptions["env"],
  files: GitHubActionsOptions["files"],
): Promise<string> {
  const path = env["GITHUB_EVENT_PATH"];
  if (path === undefined || path === "") return "{}";
  try {
    return await files.readText(path);
  } catch {
    return "{}";
  }
}
