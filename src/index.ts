import pkg from "../package.json" with { type: "json" };
import { hostFor } from "./hosts/index.ts";
import { screenOn } from "./hosts/terminal/screen.ts";
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

const { env } = process;

// A reader that has seen enough (`| head`) ends nothing half-way.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

const every = (milliseconds: number, work: () => void): (() => void) => {
  const timer = setInterval(work, milliseconds).unref();
  return () => clearInterval(timer);
};

const run = async (): Promise<void> => {
  const world = await node();
  process.exitCode = await main({
    argv: process.argv.slice(2),
    env,
    host: await hostFor({
      env,
      folder: process.cwd(),
      screen: screenOn(process.stderr, env),
      world,
      every,
    }),
    world,
    version: pkg.version,
    print: (text) => process.stdout.write(text),
    signal: interrupt.signal,
  });
};

void run();
