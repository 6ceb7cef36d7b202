import pkg from "../package.json" with { type: "json" };
import type { Host } from "./hosts/host.ts";
import { terminal } from "./hosts/terminal/terminal.ts";
import { main } from "./main.ts";
import { Problem } from "./model/problem.ts";
import { node } from "./world/node.ts";
import type { World } from "./world/world.ts";

const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => {
    interrupt.abort(
      new Problem(
        "interrupted",
        `interrupted by ${name}: everything was stopped and nothing was published`,
        {
          hint: "run it again: it begins where it must",
        },
      ),
    );
  });
}

const { env, stderr } = process;
const folder = process.cwd();

/** Which place this is; only its code is loaded. */
const hostFor = async ({ files }: Pick<World, "files">): Promise<Host> => {
  if (env["GITHUB_ACTIONS"] === "true") {
    const { githubActions } = await import("./hosts/github-actions/github-actions.ts");
    return await githubActions({ env, folder, files });
  }
  if (env["GITLAB_CI"] === "true") {
    const { gitlabCi } = await import("./hosts/gitlab-ci/gitlab-ci.ts");
    return gitlabCi({ env, folder, files, write: (text) => void stderr.write(text) });
  }
  const live = stderr.isTTY && env["CI"] === undefined && env["TERM"] !== "dumb";
  return terminal({
    folder,
    env,
    now: Date.now,
    every: (milliseconds, work) => {
      const timer = setInterval(work, milliseconds).unref();
      return () => clearInterval(timer);
    },
    screen: {
      write: (text) => stderr.write(text),
      live,
      colour: live && (env["NO_COLOR"] ?? "") === "",
      columns: stderr.columns ?? 80,
      rows: stderr.rows ?? 24,
    },
  });
};

const run = async (): Promise<void> => {
  const world = await node();
  process.exitCode = await main({
    argv: process.argv.slice(2),
    env,
    host: await hostFor(world),
    world,
    version: pkg.version,
    print: (text) => process.stdout.write(text),
    signal: interrupt.signal,
  });
};

void run();
