import { nfpm } from "../tools/nfpm.ts";
import { parallel } from "./parallel.ts";
import { compileTool, downloadTool, type ToolRun } from "./tool-steps.ts";

/** The program that makes packages; absent where none are planned. */
type Packager = string | undefined;

/** Fetches the maker of packages where packages are planned. Throws a `Problem` before anything is built. */
export async function fetchPackager(run: ToolRun): Promise<void> {
  if (run.plan.packages !== undefined) await downloadTool(nfpm, run);
}

/** Does `work` while the maker of packages is compiled beside it. */
export async function whileBuildingPackager<Run extends ToolRun, T>(
  outer: Run,
  work: (run: Run) => Promise<T>,
): Promise<{ readonly made: T; readonly packager: Packager }> {
  const [made, packager] = await parallel(outer, (run) => [work(run), compiled(run)]);
  return { made, packager };
}

async function compiled(run: ToolRun): Promise<Packager> {
  if (run.plan.packages === undefined) return undefined;
  return await run.budget.use({ cores: 1 }, false, run.signal, () => compileTool(nfpm, run));
}
