import { join } from "node:path";
import { text } from "node:stream/consumers";
import * as z from "zod/mini";
import { moduleFolder } from "../facts/module-folder.ts";
import { GitObjects } from "../git/objects.ts";
import { trustedRoots } from "../git/trusted-roots.ts";
import { type ModuleSource, moduleSum } from "../go/module-sum.ts";
import { askSumDatabase, keptOut } from "../go/sum-database.ts";
import { type Toolchain, toolchain } from "../go/toolchain.ts";
import { Problem } from "../model/problem.ts";
import { Findings, type ReleasedFiles, type Verdict, withFindings } from "../verification/index.ts";
import type { CommandContext } from "./context.ts";
import { commitFilesFor, gitFor } from "./git.ts";
import { claimOf } from "./rebuild.ts";

/**
 * A verdict that also says whether Go's checksum database has the module at this tag as the commit that was released.
 * Only `go` asks a server, with the user's own settings; the commit is read from this repository.
 */
export async function withSumDatabase(
  verdict: Verdict,
  released: ReleasedFiles,
  call: CommandContext,
): Promise<Verdict> {
  const { commit, tag } = await claimOf(released, verdict.origin);
  const findings = new Findings();
  const { world } = call;
  const folder = await world.files.temporary();
  try {
    await call.journal.step({ kind: "check", of: "the checksum database" }, async () => {
      const place = await placeOf(commit, call);
      await compare({ ...place, tag, scratch: folder }, call, findings);
    });
  } finally {
    await world.files.remove(folder);
  }
  return withFindings(verdict, findings);
}

interface ModulePlace {
  readonly commit: string;
  /** Where the module lies in the repository. */
  readonly folder: string;
}

interface SumScene extends ModulePlace {
  readonly tag: string | null;
  /** Empty, and removed by whoever made it. */
  readonly scratch: string;
}

async function compare(
  { commit, folder, tag, scratch }: SumScene,
  call: CommandContext,
  findings: Findings,
): Promise<void> {
  const { config, env, signal, world } = call;
  const untold = (why: string) =>
    findings.notices.push(`the checksum database cannot tell: ${why}`);
  const files = await commitFilesFor(call).then((own) =>
    own.entries({ commit, tag, submodules: false, unmarked: true }, join(scratch, "commit")),
  );
  const tools = await toolchain(
    { folder: call.folder, env, version: config.settings.goVersion },
    world,
  );
  const { path, go } = await moduleOf(files, { commit, folder }, { scratch, tools }, call);
  const version = versionOf(tag, folder);
  if (version === undefined)
    return void untold(`${tag ?? "no tag"} is no version of ${path}, which is in ${folder}`);
  const setting = keptOut(path, tools.fetching);
  if (setting !== undefined) return void untold(`${setting} keeps ${path} out of it`);
  const name = `${path}@${version}`;
  const own = await moduleSum(files, { path, version, folder, go });
  const answer = await askSumDatabase({ path, version, folder: scratch, signal }, tools, world);
  if (answer.kind === "mismatch")
    return findings.fault(
      name,
      `what the module proxy has is not in the checksum database: ${answer.said}`,
    );
  if (answer.sum !== own)
    return findings.fault(
      name,
      `the checksum database has ${answer.sum}, and commit ${commit} is ${own}: the tag was moved after the module was first seen`,
    );
  findings.checked.push(`${name} in the checksum database is commit ${commit} (${own})`);
}

/** The commit of the release, as far as this repository has it. */
async function placeOf(commit: string | null, call: CommandContext): Promise<ModulePlace> {
  const { env, folder, host, world } = call;
  const root = await (await gitFor(call)).root();
  const trusted = await trustedRoots(folder, host.surroundings.project, world.files);
  const isHere =
    root !== undefined &&
    commit !== null &&
    (await new GitObjects(root, env, world, trusted).has(commit));
  if (isHere) return { commit, folder: await moduleFolder(root, folder, world.files) };
  throw new Problem(
    "sum-database-elsewhere",
    `the release is of commit ${commit ?? "unknown"}, which is not in a repository here`,
    {
      hint: "--sum-database reads the commit's files: run it in a clone that has the release's tag",
    },
  );
}

const GoMod = z.object({
  Module: z.object({ Path: z.string() }),
  Go: z.optional(z.string()),
});

/** What go.mod says, as `go` itself reads it. */
async function moduleOf(
  files: readonly ModuleSource[],
  { commit, folder }: ModulePlace,
  { scratch, tools }: { readonly scratch: string; readonly tools: Toolchain },
  { world }: CommandContext,
): Promise<{ readonly path: string; readonly go: string | undefined }> {
  const name = folder === "." ? "go.mod" : `${folder}/go.mod`;
  const file = files.find((one) => one.name === name);
  const copy = join(scratch, "go.mod.json", "go.mod");
  if (file !== undefined) await world.files.write(copy, await text(file.open()));
  const { status, stdout, stderr } =
    file === undefined
      ? { status: 1, stdout: "", stderr: "there is no such file" }
      : await world.capture({
          file: tools.go,
          args: ["mod", "edit", "-json", copy],
          cwd: scratch,
          env: tools.env,
        });
  if (status === 0) {
    const { Module: module, Go: go } = GoMod.parse(JSON.parse(stdout));
    return { path: module.Path, go };
  }
  throw new Problem("sum-database-module", `${name} of commit ${commit}: ${stderr.trim()}`, {
    hint: "set `working-directory` to the folder of the released module",
  });
}

/**
 * A tag of a module in a folder begins with the folder, less the folder of a major version (go.dev/ref/mod,
 * "Mapping versions to commits"). Undefined where Go takes the tag for no version.
 */
export function versionOf(tag: string | null, folder: string): string | undefined {
  const [, prefix = "", version] = /^(?:(.+)\/)?(v[^/]+)$/u.exec(tag ?? "") ?? [];
  if (version === undefined || !CANONICAL.test(version)) return undefined;
  const place = folder === "." ? "" : folder;
  const major = `v${/^v(\d+)/u.exec(version)?.[1] ?? ""}`;
  const less = place === major ? "" : place.replace(new RegExp(`/${major}$`, "u"), "");
  return prefix === place || prefix === less ? version : undefined;
}

/** Build metadata has no place in a module's version. */
const CANONICAL =
  /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*)?$/u;
