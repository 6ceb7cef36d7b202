import type { Toolchain } from "../go/toolchain.ts";
import { buildTool, fetchTool, type GoTool, type ToolBench } from "../tools/tool.ts";
import type { CheckedOutRun, ReleaseRun } from "./release-run.ts";

/** Where tools are made, also without a release. */
export type ToolPlace = Pick<ReleaseRun, "world" | "journal" | "signal"> & {
  readonly output: Pick<ReleaseRun["output"], "temporary">;
  readonly toolchain: Toolchain;
};

/** A run that can make tools. */
export type ToolRun = CheckedOutRun & ToolPlace;

/** Throws a `Problem` where the tool cannot be fetched, or is something else. */
export async function downloadTool(tool: GoTool, run: ToolPlace): Promise<void> {
  await run.journal.step({ kind: "download", of: tool.name }, (say) =>
    fetchTool(tool, benchOf(run, say)),
  );
}

/** The path of the tool, compiled for this machine. Throws a `Problem`. */
export async function compileTool(tool: GoTool, run: ToolPlace): Promise<string> {
  return await run.journal.step({ kind: "build", of: tool.name }, (say) =>
    buildTool(tool, benchOf(run, say)),
  );
}

function benchOf(
  { world, toolchain, output, signal }: ToolPlace,
  say: (line: string) => void,
): ToolBench {
  return { world, toolchain, temporary: output.temporary, signal, say };
}
