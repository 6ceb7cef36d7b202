import { dirname, join, resolve } from "node:path";
import configuration from "../../examples/.go-release.yaml";
import pipeline from "../../examples/gitlab/.gitlab-ci.yml";
import workflow from "../../examples/workflows/one-job.yml";
import type { CommandContext, CommandHandler } from "../app/context.ts";
import { gitFor } from "../app/git.ts";
import { compareNames, type MovedOver, moveOver } from "../app/migration.ts";
import { moduleFolder } from "../facts/module-folder.ts";
import { tagFolder } from "../facts/module-tags.ts";
import type { Git } from "../git/git.ts";
import { originsOf } from "../git/remotes.ts";
import { Problem, Usage } from "../model/problem.ts";
import { readRemote } from "../plan/addresses/remotes.ts";
import { escapeControls } from "../report/escape-controls.ts";
import { migrationTable, nameTable } from "../report/migration-table.ts";
import type { Files } from "../world/world.ts";

/** Writes what a project needs to release from CI; never over a file that is there. */
export const init: CommandHandler = async (call) => {
  const { config, folder, world, print } = call;
  const git = await gitFor(call);
  const root = (await git.root()) ?? folder;
  const { forge, serverUrl, repository } = await placeOf(call, git);
  const place = await placeIn(root, folder, git, world.files);
  const moved = await movedOver({ ...place, repository }, call);
  const allowed = moved?.migration.environment ?? [];
  const settings = moved?.text ?? (config.settings.withConfig ? configuration : undefined);
  const wanted = [
    forge === "github"
      ? {
          path: join(root, ".github", "workflows", workflowName(place)),
          text: allowing(allowed, "tag: ${{ inputs.tag }}", onServer(serverUrl, workflowOf(place))),
        }
      : {
          path: join(root, ".gitlab-ci.yml"),
          text: allowing(allowed, "run-on: .*", pipelineOf(place)),
        },
    ...(settings === undefined
      ? []
      : [{ path: resolve(folder, ".go-release.yaml"), text: settings }]),
  ];
  for (const { path } of wanted) {
    if (config.settings.force || (await world.files.stat(path)) === undefined) continue;
    throw new Problem("exists", `${path} already exists`, {
      hint: "nothing was written; remove it first, write over it with `--force`, or copy what you need from the README",
    });
  }
  for (const { path, text } of wanted) {
    await world.files.makeFolder(dirname(path));
    await world.files.write(path, text);
    print(`wrote ${escapeControls(path)}\n`);
  }
  if (moved !== undefined) await reportMigration(moved, call);
};

/** What another tool's configuration says, in ours; undefined when none is named. */
async function movedOver(
  project: Parameters<typeof moveOver>[1],
  call: CommandContext,
): Promise<MovedOver | undefined> {
  const [from, ...more] = call.config.settings.from;
  if (from === undefined) return undefined;
  if (more.length > 0) throw new Usage("from: only one configuration can be migrated at a time");
  return await moveOver(from, project, call);
}

/** What became of each thing, and whether the files keep their names. */
async function reportMigration(moved: MovedOver, call: CommandContext): Promise<void> {
  call.print(`\n${migrationTable(moved.migration.rows)}\n\n`);
  try {
    call.print(`${nameTable(await compareNames(moved, call))}\n`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    call.journal.tell({
      type: "warning",
      message: `file names were not compared because this module cannot be planned yet: ${error.message}`,
    });
  }
}

/** The job allows what templates take from its environment: a file may not. */
function allowing(names: readonly string[], after: string, text: string): string {
  if (names.length === 0) return text;
  const line = new RegExp(`^( +)${after.replaceAll(/[${}]/gu, "\\$&")}$`, "mu");
  return text.replace(
    line,
    (found, indent: string) => `${found}\n${indent}template-env: ${names.join(",")}`,
  );
}

/** Where a module lies in its repository, `.` for the root, and what its tags begin with: any of these folders. */
interface WorkflowSituation {
  readonly folder: string;
  /** Path of the module; empty without a go.mod. */
  readonly module: string;
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
  return {
    folder,
    module: path,
    tags: others.length > 0 ? [tags] : [...new Set([".", tags])],
  };
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

const GITHUB = "https://github.com";

/** All runners of github.com have Node 24, and tell of each action that asks for 20; a server's own may have no other. */
function onServer(serverUrl: string, text: string): string {
  if (serverUrl !== GITHUB) return text;
  return text.replaceAll("uses: org/go-release-action@", "uses: org/go-release-action/node24@");
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

interface InitPlace {
  readonly forge: "github" | "gitlab";
  readonly serverUrl: string;
  /** `owner/name`, or a path of GitLab's. */
  readonly repository: string | undefined;
}

async function placeOf(
  { config, host, env, folder, world }: CommandContext,
  git: Git,
): Promise<InitPlace> {
  const asked = config.settings.forge === "auto" ? undefined : config.settings.forge;
  const { surroundings } = host;
  // A server whose name tells nothing is of the forge that was asked for.
  const served = asked === "github" || asked === "gitlab" ? { forge: asked } : {};
  const [told] = (await originsOf(git, env, folder, world)).flatMap(
    (url) => readRemote(url, served) ?? [],
  );
  const forge = asked ?? surroundings.forge ?? told?.forge;
  const serverUrl = (told?.serverUrl ?? surroundings.serverUrl ?? GITHUB).replace(/\/+$/u, "");
  const { repository } = told ?? surroundings;
  if (forge === "github" || forge === "gitlab") return { forge, serverUrl, repository };
  throw new Usage("cannot tell which forge hosts this project", {
    hint: "pass `--forge github` or `--forge gitlab`",
  });
}
