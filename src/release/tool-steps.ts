import type { Toolchain } from "../go/toolchain.ts";
import { buildTool, fetchTool, type GoTool, type ToolBench } from "../tools/tool.ts";
import type { CheckedOutRun } from "./release-run.ts";

/** A run that can make tools. */
export type ToolRun = CheckedOutRun & { readonly toolchain: Toolchain };

/** Throws a `Problem` where the tool cannot be fetched, or is something else. */
export async function downloadTool(tool: GoTool, run: ToolRun): Promise<void> {
  await run.journal.step({ kind: "download", of: tool.name }, (say) =>
    fetchTool(tool, benchOf(run, say)),
  );
}

/** The path of the tool, compiled for this machine. Throws a `Problem`. */
export async function compileTool(tool: GoTool, run: ToolRun): Promise<string> {
  return await run.journal.step({ kind: "build", of: tool.name }, (say) =>
    buildTool(tool, benchOf(run, say)),
  );
}

function benchOf(
  { world, toolchain, output, signal }: ToolRun,
  say: (line: string) => void,
): ToolBench {
  return { world, toolchain, temporary: output.temporary, signal, say };
}
