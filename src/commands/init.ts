import { dirname, join, resolve } from "node:path";
import configuration from "../../examples/.go-release.yaml";
import pipeline from "../../examples/gitlab/.gitlab-ci.yml";
import workflow from "../../examples/workflows/one-job.yml";
import { Problem, Usage } from "../model/problem.ts";
import { remoteOf } from "../plan/destination.ts";
import { Git } from "../plan/git.ts";
import type { Call, Command } from "./call.ts";

/** Writes what a project needs to release from CI; never over a file that is there. */
export const init: Command = async (call) => {
  const { config, folder, env, world, print } = call;
  const git = new Git(folder, env, world);
  const root = (await git.root()) ?? folder;
  const forge = await forgeOf(call, git);
  const wanted = [
    forge === "github"
      ? { path: join(root, ".github", "workflows", "release.yml"), text: workflow }
      : { path: join(root, ".gitlab-ci.yml"), text: pipeline },
    ...(config.settings.withConfig
      ? [{ path: resolve(folder, ".go-release.yaml"), text: configuration }]
      : []),
  ];
  for (const { path } of wanted) {
    if ((await world.files.stat(path)) === undefined) continue;
    throw new Problem("exists", `${path} is there already`, {
      hint: "nothing was written; remove it first, or copy what you need from the README",
    });
  }
  for (const { path, text } of wanted) {
    await world.files.makeFolder(dirname(path));
    await world.files.write(path, text);
    print(`wrote ${path}\n`);
  }
};

const forgeOf = async ({ config, host }: Call, git: Git): Promise<"github" | "gitlab"> => {
  const asked = config.settings.forge === "auto" ? undefined : config.settings.forge;
  const forge = asked ?? host.surroundings.forge ?? remoteOf(await git.remote())?.forge;
  if (forge === "github" || forge === "gitlab") return forge;
  throw new Usage("nothing says which forge this project is on", {
    hint: "give `--forge github` or `--forge gitlab`",
  });
};
