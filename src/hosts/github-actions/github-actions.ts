import type { Outputs } from "../../config/outputs.ts";
import { Problem } from "../../model/problem.ts";
import type { Surroundings } from "../../model/surroundings.ts";
import type { World } from "../../world/world.ts";
import type { Host } from "../host.ts";
import { inputsOf } from "./inputs.ts";
import type { Core } from "./log.ts";
import { RunReport } from "./run-report.ts";
import { surroundingsOf } from "./surroundings.ts";

interface GitHubActionsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the process was started. */
  readonly folder: string;
  readonly files: Pick<World["files"], "readText">;
  readonly random: World["random"];
  /** The runner's side; `@actions/core` when it is left out. */
  readonly core?: Core;
}

/** A step of a GitHub workflow: inputs and facts from the environment, words to the runner. */
export async function githubActions({
  env,
  folder,
  files,
  random,
  core: given,
}: GitHubActionsOptions): Promise<Host> {
  const core = given ?? (await import("@actions/core"));
  const surroundings = surroundingsOf(env, folder, await eventOf(env, files));
  const report = new RunReport(core, startedFor(surroundings), random);
  const masked = new Set<string>();
  return {
    inputs: () => inputsOf(env),
    surroundings,
    mask: (secret) => {
      if (masked.has(secret.reveal())) return;
      masked.add(secret.reveal());
      core.setSecret(secret.reveal());
    },
    tell: (event) => report.tell(event),
    output: async (outputs) => setOutputs(outputs, core),
    close: async () => {
      report.close();
      // Outside a runner, e.g. in another program's test of a workflow, there may be no summary.
      if (report.summary !== undefined && env["GITHUB_STEP_SUMMARY"])
        await core.summary.addRaw(report.summary).write();
    },
  };
}

function setOutputs(outputs: Outputs, core: Core): void {
  try {
    for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
  } catch (cause) {
    throw new Problem("outputs", "the step's outputs cannot be written", {
      hint: "check that the file GITHUB_OUTPUT names exists and its disk is not full; the files stay, and the next run continues from them",
      cause,
    });
  }
}

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
