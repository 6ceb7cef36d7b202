import type { Toolchain } from "../go/toolchain.ts";
import { nfpm } from "../tools/nfpm.ts";
import { buildTool, fetchTool, type ToolBench } from "../tools/tool.ts";
import { parallel } from "./parallel.ts";
import type { CheckedOutRun } from "./release-run.ts";

/** A run that can make tools. */
export type ToolRun = CheckedOutRun & { readonly toolchain: Toolchain };

/** The program that makes packages; absent where none are planned. */
type Packager = string | undefined;

/** Fetches the maker of packages where packages are planned. Throws a `Problem` before anything is built. */
export async function fetchPackager(run: ToolRun): Promise<void> {
  if (run.plan.packages === undefined) return;
  await run.journal.step({ kind: "download", of: nfpm.name }, (say) =>
    fetchTool(nfpm, benchOf(run, say)),
  );
}

/** Does `work` while the maker of packages is compiled beside it. */
export async function whileBuildingPackager<Run extends ToolRun, T>(
  outer: Run,
  work: (run: Run) => Promise<T>,
): Promise<{ readonly made: T; readonly packager: Packager }> {
  const made: T[] = [];
  const packager: Packager[] = [];
  await parallel(outer, (run) => [
    work(run).then((it) => void made.push(it)),
    compiled(run).then((it) => void packager.push(it)),
  ]);
  return { made: made[0] as T, packager: packager[0] };
}

async function compiled(run: ToolRun): Promise<Packager> {
  if (run.plan.packages === undefined) return undefined;
  return await run.budget.use({ cores: 1 }, false, run.signal, () =>
    run.journal.step({ kind: "build", of: nfpm.name }, (say) => buildTool(nfpm, benchOf(run, say))),
  );
}

function benchOf(
  { world, toolchain, output, signal }: ToolRun,
  say: (line: string) => void,
): ToolBench {
  return { world, toolchain, temporary: output.temporary, signal, say };
}
