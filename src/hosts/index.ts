import type { World } from "../world/world.ts";
import type { Host } from "./host.ts";
import { type Screen, terminal } from "./terminal/terminal.ts";

/** What a host needs of the process it runs in. */
export interface HostInputs {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the process was started. */
  readonly folder: string;
  readonly screen: Screen;
  readonly world: Pick<World, "files" | "clock" | "random">;
  /** Repeats `work` until the function it gives is called. */
  readonly every: (milliseconds: number, work: () => void) => () => void;
}

/** The place we run in; only its code is loaded. */
export async function hostFor({ env, folder, screen, world, every }: HostInputs): Promise<Host> {
  const { files, clock, random } = world;
  if (env["GITHUB_ACTIONS"] === "true") {
    const { githubActions } = await import("./github-actions/github-actions.ts");
    return await githubActions({ env, folder, files, random });
  }
  if (env["GITLAB_CI"] === "true") {
    const { gitlabCi } = await import("./gitlab-ci/gitlab-ci.ts");
    return gitlabCi({ env, folder, files, now: () => clock.now(), write: screen.write });
  }
  return terminal({ folder, env, screen, every, now: () => clock.now() });
}
