import pkg from "../package.json" with { type: "json" };
import { terminal } from "./hosts/terminal/terminal.ts";
import { main } from "./main.ts";
import { Problem } from "./model/problem.ts";
import { node } from "./world/node.ts";

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
const live = stderr.isTTY && env["CI"] === undefined && env["TERM"] !== "dumb";

const host = terminal({
  folder: process.cwd(),
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

const run = async (): Promise<void> => {
  process.exitCode = await main({
    argv: process.argv.slice(2),
    env,
    host,
    world: await node(),
    version: pkg.version,
    print: (text) => process.stdout.write(text),
    signal: interrupt.signal,
  });
};

void run();
