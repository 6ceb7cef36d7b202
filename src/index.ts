import { EventEmitter } from "node:events";
import pkg from "../package.json" with { type: "json" };
import { hostFor } from "./hosts/index.ts";
import { screenOn } from "./hosts/terminal/screen.ts";
import { main } from "./main.ts";
import { Problem } from "./model/problem.ts";
import { node } from "./world/node.ts";

// Whatever works at once listens to the same signals: many listeners are no leak.
EventEmitter.defaultMaxListeners = Number.POSITIVE_INFINITY;

const interrupt = new AbortController();
// A terminal that is closed hangs up.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(name, () => {
    interrupt.abort(
      new Problem(
        "interrupted",
        // What was on its way to a forge may have arrived.
        `interrupted by ${name}: everything was stopped`,
        { hint: "run it again: it picks up where it stopped" },
      ),
    );
  });
}

// Whoever reads may leave before the end, as `head` and a closed terminal do: the work goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code === "EPIPE" || code === "EIO") return;
    process.stderr.write(`error: cannot write output: ${message}\n`);
    process.exit(1);
  });
}

const { env } = process;

function every(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds).unref();
  return () => clearInterval(timer);
}

async function run(): Promise<void> {
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
}

void run();
