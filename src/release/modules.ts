import { join } from "node:path";
import { goModDownload, goModVerify } from "../go/build.ts";
import { cacheCure } from "../go/caches.ts";
import { fetchCure } from "../go/cures.ts";
import { runGo } from "../go/run-go.ts";
import { Problem } from "../model/problem.ts";
import type { Command } from "../world/world.ts";
import { parallel } from "./parallel.ts";
import type { GoReleaseRun } from "./release-run.ts";

/**
 * `go mod download`, once, before any compiler. A vendored module has its dependencies in the repository, and
 * `-mod=vendor` compares them with go.mod.
 */
export async function fetchModules(run: GoReleaseRun): Promise<void> {
  if (run.plan.module.vendored) return;
  const download = goModDownload(await copyOfGoMod(run), run);
  await run.journal.step({ kind: "download", of: "modules" }, (say) => goMod(download, run, say));
}

/**
 * Does `work` while `go mod verify` reads the same modules: nothing that is made of a module that differs from go.sum
 * leaves this run. What compilers say of such a module is not the reason of the failure.
 */
export async function whileVerifyingModules<T>(
  outer: GoReleaseRun,
  work: (run: GoReleaseRun) => Promise<T>,
): Promise<T> {
  const verification = verifyModules(outer);
  try {
    const [made] = await parallel(outer, (run) => [work(run), verification]);
    return made;
  } catch (error) {
    await verification;
    throw error;
  }
}

async function verifyModules(run: GoReleaseRun): Promise<void> {
  if (run.plan.module.vendored) return;
  await run.journal.step({ kind: "check", of: "modules" }, (say) =>
    goMod(goModVerify(run), run, say),
  );
}

/** What is released is what was committed: nothing may add to go.sum meanwhile. */
async function copyOfGoMod({ folder, output, world: { files } }: GoReleaseRun): Promise<string> {
  for (const name of ["go.mod", "go.sum"]) {
    const from = join(folder, name);
    if ((await files.stat(from)) !== undefined)
      await files.write(join(output.temporary, name), await files.read(from));
  }
  return join(output.temporary, "go.mod");
}

async function goMod(
  command: Command,
  { world, signal }: GoReleaseRun,
  say: (line: string) => void,
): Promise<void> {
  const lines = await runGo(command, { world, signal, say });
  if (lines === undefined) return;
  const verb = command.args[1];
  throw new Problem(
    `mod-${verb}`,
    [`go mod ${verb} failed`, ...lines.slice(-10).map((line) => `  ${line}`)].join("\n"),
    {
      hint:
        cacheCure(lines, command.env) ??
        (verb === "verify"
          ? "a module differs from what go.sum says: run `go clean -modcache` and try again; if it still differs, do not trust it"
          : (fetchCure(lines.join("\n")) ??
            "check the network, GOPROXY and GOPRIVATE, and that go.sum is committed")),
    },
  );
}
