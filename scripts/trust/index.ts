import { Problem } from "../../src/model/problem.ts";
import { node } from "../../src/world/node.ts";
import { type Refreshing, refresh } from "./refresh.ts";

/** Gives the exit status: 0 done, 1 a failure that is told with its cure. */
export async function run(given: Omit<Refreshing, "world">): Promise<number> {
  try {
    await refresh({ ...given, world: await node() });
    return 0;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    process.stderr.write(`error: ${error.message}\n  → ${error.hint ?? ""}\n`);
    return 1;
  }
}
