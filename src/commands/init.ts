import { dirname, join, resolve } from "node:path";
import configuration from "../../examples/.go-release.yaml";
import pipeline from "../../examples/gitlab/.gitlab-ci.yml";
import workflow from "../../examples/workflows/one-job.yml";
import type { CommandContext, CommandHandler } from "../app/context.ts";
import { gitFor } from "../app/git.ts";
import { moduleFolder } from "../facts/module-folder.ts";
import { tagFolder } from "../facts/module-tags.ts";
import type { Git } from "../git/git.ts";
import { Problem, Usage } from "../model/problem.ts";
import { readRemote } from "../plan/addresses/remotes.ts";
import { escapeControls } from "../report/escape-controls.ts";
import type { Files } from "../world/world.ts";

/** Writes what a project needs to release from CI; never over a file that is there. */
export const init: CommandHandler = async (call) => {
  const { config, folder, world, print } = call;
  const git = await gitFor(call);
  const root = (await git.root()) ?? folder;
  const forge = await forgeOf(call, git);
  const place = await placeIn(root, folder, git, world.files);
  const wanted = [
    forge === "github"
      ? { path: join(root, ".github", "workflows", workflowName(place)), text: workflowOf(place) }
      : { path: join(root, ".gitlab-ci.yml"), text: pipelineOf(place) },
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
    print(`wrote ${escapeControls(path)}\n`);
  }
};

/** Where a module lies in its repository, `.` for the root, and what its tags begin with: any of these folders. */
interface WorkflowSituation {
  readonly folder: string;
  readonly tags: readonly string[];
}

async function placeIn(
  root: string,
  module: string,
  git: Git,
  files: Files,
): Promise<WorkflowSituation> {
  const folder = await moduleFolder(root, module, files);
  const mod = join(module, "go.mod");
  const text = (await files.stat(mod))?.kind === "file" ? await files.readText(mod) : "";
  const path = /^module\s+"?([^\s"]+)/mu.exec(text)?.[1] ?? "";
  const tags = tagFolder({ path, folder });
  const others = (await git.modules()).filter((other) => other !== folder);
  return { folder, tags: others.length > 0 ? [tags] : [...new Set([".", tags])] };
}

/** Each module of a repository has a workflow of its own. */
function workflowName({ folder }: WorkflowSituation): string {
  return folder === "." ? "release.yml" : `release-${folder.replaceAll("/", "-")}.yml`;
}

function workflowOf({ folder, tags }: WorkflowSituation): string {
  if (folder === ".") return workflow;
  const patterns = tags.map((tag) =>
    tag === "." ? "v*" : `${tag.replace(/[*?+[\]!\\]/gu, "\\$&")}/v*`,
  );
  return workflow
    .replace(
      'tags: ["v*"]',
      () => `tags: [${patterns.map((one) => JSON.stringify(one)).join(", ")}]`,
    )
    .replace("go-version-file: go.mod", () => `go-version-file: ${quotePath(`${folder}/go.mod`)}`)
    .replace(/^( +)tag: \$\{\{ inputs\.tag \}\}$/mu, (line, indent: string) =>
      [line, `${indent}working-directory: ${quotePath(folder)}`].join("\n"),
    );
}

function pipelineOf({ folder }: WorkflowSituation): string {
  return folder === "."
    ? pipeline
    : pipeline.replace(/^( +)run-on: .*$/mu, (line, indent: string) =>
        [line, `${indent}working-directory: ${quotePath(folder)}`].join("\n"),
      );
}

/** As YAML: every JSON text is one, and most paths need no quotes. */
function quotePath(path: string): string {
  return /^[\w][\w./-]*$/u.test(path) && !/^[\d.]+$/u.test(path) ? path : JSON.stringify(path);
}

async function forgeOf({ config, host }: CommandContext, git: Git): Promise<"github" | "gitlab"> {
  const asked = config.settings.forge === "auto" ? undefined : config.settings.forge;
  const forge = asked ?? host.surroundings.forge ?? readRemote(await git.remote())?.forge;
  if (forge === "github" || forge === "gitlab") return forge;
  throw new Usage("nothing says which forge this project is on", {
    hint: "give `--forge github` or `--forge gitlab`",
  });
}
