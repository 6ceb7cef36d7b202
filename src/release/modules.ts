import { join } from "node:path";
import { goModCommands } from "../go/build.ts";
import { cacheCure } from "../go/caches.ts";
import { withoutPasswords } from "../go/credentials.ts";
import { fetchCure } from "../go/cures.ts";
import { Problem } from "../model/problem.ts";
import type { Command } from "../world/world.ts";
import type { GoReleaseRun } from "./release-run.ts";

/**
 * `go mod download` and `go mod verify`, once, before any compiler. A vendored module has its dependencies in
 * the repository, and `-mod=vendor` compares them with go.mod.
 */
export async function fetchModules(run: GoReleaseRun): Promise<void> {
  if (run.plan.module.vendored) return;
  const modfile = await copyOfGoMod(run);
  const { download, verify } = goModCommands({ ...run, modfile });
  const { journal } = run;
  await journal.step({ kind: "download", of: "modules" }, (say) => goMod(download, run, say));
  await journal.step({ kind: "check", of: "modules" }, (say) => goMod(verify, run, say));
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
  const lines: string[] = [];
  const exit = await world.stream(command, {
    signal,
    onLine: (line) => {
      const shown = withoutPasswords(line);
      lines.push(shown);
      say(shown);
    },
  });
  if (exit.status === 0) return;
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
