import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { terminal } from "../../src/hosts/terminal/terminal.ts";
import { main } from "../../src/main.ts";
import { node } from "../../src/world/node.ts";

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What every test run of the program inherits: enough for `go` and `git`, nothing of this suite's own CI. */
export function plainEnvironment(more: Environment = {}): Record<string, string> {
  const { PATH, HOME, TMPDIR, GOCACHE, GOMODCACHE, GOPATH, GOPROXY } = process.env;
  const GOENV = "off";
  const env = { PATH, HOME, TMPDIR, GOCACHE, GOMODCACHE, GOPATH, GOPROXY, GOENV, ...more };
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The real program in this process, with the real world, as in a terminal. */
export async function call(
  argv: readonly string[],
  folder: string,
  env: Environment = {},
): Promise<Outcome> {
  const whole = plainEnvironment(env);
  let stdout = "";
  let stderr = "";
  const host = terminal({
    folder,
    env: whole,
    now: Date.now,
    every: () => () => {},
    screen: {
      write: (text) => {
        stderr += text;
      },
      live: false,
      colour: false,
      columns: 80,
      rows: 24,
    },
  });
  const status = await main({
    argv,
    env: whole,
    host,
    world: await node(),
    version: "1.0.0",
    print: (text) => {
      stdout += text;
    },
    signal: new AbortController().signal,
  });
  return { status, stdout, stderr };
}

/** A started program with what it has said so far. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  readonly said: () => string;
}

/** The bundle in a process of its own. */
export function start(
  bundle: string,
  argv: readonly string[],
  folder: string,
  env: Environment = {},
): Running {
  return watched(process.execPath, [bundle, ...argv], folder, env);
}

/** Any program, its words kept. */
export function watched(
  file: string,
  args: readonly string[],
  folder: string,
  env: Environment = {},
): Running {
  const child = spawn(file, args, {
    cwd: folder,
    env: plainEnvironment(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, stdout, stderr }));
  });
  return { child, ended, said: () => stderr };
}

/** Every path below a folder with what it is, so that two moments can be compared. */
export function treeOf(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(entries.map((path) => [path, essenceOf(join(folder, path))]));
}

function essenceOf(path: string): string {
  const facts = lstatSync(path);
  if (facts.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (!facts.isFile()) return "folder";
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
