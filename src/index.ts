import pkg from "../package.json" with { type: "json" };
import { hostFor } from "./hosts/index.ts";
import { main } from "./main.ts";
import { Problem } from "./model/problem.ts";
import { node } from "./world/node.ts";

const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => {
    interrupt.abort(
      new Problem(
        "interrupted",
        // What was on its way to a forge may have arrived.
        `interrupted by ${name}: everything was stopped`,
        { hint: "run it again: it looks what is done already and does the rest" },
      ),
    );
  });
}

const { env, stderr } = process;
const live = stderr.isTTY && env["CI"] === undefined && env["TERM"] !== "dumb";

const screen = {
  write: (text: string) => void stderr.write(text),
  live,
  colour: live && (env["NO_COLOR"] ?? "") === "",
  columns: stderr.columns ?? 80,
  rows: stderr.rows ?? 24,
};

const every = (milliseconds: number, work: () => void): (() => void) => {
  const timer = setInterval(work, milliseconds).unref();
  return () => clearInterval(timer);
};

const run = async (): Promise<void> => {
  const world = await node();
  process.exitCode = await main({
    argv: process.argv.slice(2),
    env,
    host: await hostFor({ env, folder: process.cwd(), screen, world, every }),
    world,
    version: pkg.version,
    print: (text) => process.stdout.write(text),
    signal: interrupt.signal,
  });
};

void run();
