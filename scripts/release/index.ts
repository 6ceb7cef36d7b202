import { hostFor } from "../../src/hosts/index.ts";
import { screenOn } from "../../src/hosts/terminal/screen.ts";
import { Problem } from "../../src/model/problem.ts";
import { node } from "../../src/world/node.ts";
import { type OwnReleaseOptions, releaseItself } from "./own-release.ts";

/** What scripts/release.mjs knows; the rest comes from the place it runs in. */
export type Given = Omit<OwnReleaseOptions, "world" | "host" | "signal">;

/** Gives the exit status: 0 done, 1 a failure that is told with its cure. */
export async function run(given: Given): Promise<number> {
  const world = await node();
  const { env } = process;
  const screen = screenOn(process.stderr, env);
  const every = () => () => {};
  const host = await hostFor({ env, folder: process.cwd(), screen, world, every });
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => interrupt.abort(new Problem("interrupted", `interrupted by ${name}`)));
  }
  const status = await attempt({ ...given, world, host, signal: interrupt.signal });
  await host.close(status);
  return status;
}

async function attempt(options: OwnReleaseOptions): Promise<number> {
  try {
    await releaseItself(options);
    return 0;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    options.host.tell({ type: "failed", problem: error, at: options.world.clock.now() });
    return 1;
  }
}
