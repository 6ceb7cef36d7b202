import { resolve } from "node:path";
import { inherited, pick } from "../go/environment.ts";
import { Problem } from "../model/problem.ts";
import { inTime } from "../net/deadline.ts";
import { type Mask, mask } from "../net/mask.ts";
import type { World } from "../world/world.ts";

/** What commands of the configuration see of this machine, and how long each may take. */
export interface HookBench {
  readonly env: Readonly<Record<string, string>>;
  /** Hides what was let through by name. */
  readonly mask: Mask;
  readonly minutes: number;
}

interface HookInputs {
  /** The input that names the commands. */
  readonly input: "before" | "after-build";
  /** Variables that the caller lets through. */
  readonly named: readonly string[];
  readonly minutes: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What they are told besides. */
  readonly more: Readonly<Record<string, string>>;
}

const MINUTES = 30;

/** Nothing but what finds programs and folders, and what the caller named. Throws a `Problem` for a name that is not set. */
export function hookBench({ input, named, minutes, env, more }: HookInputs): HookBench {
  const missing = named.filter((name) => (env[name] ?? "") === "");
  if (missing.length > 0) {
    throw new Problem("hook-env", `${input}-env: ${missing.join(", ")} is not set or empty`, {
      hint: "set it in the environment of this program, or take the name out",
    });
  }
  const given = pick(env, named);
  return {
    env: { ...pick(env, [...inherited, "CI"]), ...more, ...given },
    mask: mask(Object.values(given)),
    minutes: minutes ?? MINUTES,
  };
}

/** One command as words, and where it is started. */
export interface Hook {
  readonly input: "before" | "after-build";
  readonly words: readonly string[];
  readonly folder: string;
}

interface HookWatch {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Lines of what a command said last. */
const SHOWN = 10;

function lastOf(lines: readonly string[]): readonly string[] {
  return lines.slice(-SHOWN).map((line) => `  ${line}`);
}

/** Runs one command to its end. Throws a `Problem` when it cannot be started, fails or takes too long. */
export async function runHook(
  hook: Hook,
  bench: HookBench,
  { stream, clock }: Pick<World, "stream" | "clock">,
  { signal, say }: HookWatch,
): Promise<void> {
  const [name = "", ...args] = hook.words;
  // As a shell does: a path is one from the folder, and a name is looked for on PATH.
  const file = name.includes("/") ? resolve(hook.folder, name) : name;
  const lines: string[] = [];
  const onLine = (line: string): void => {
    const shown = bench.mask(line);
    lines.push(shown);
    say(shown);
  };
  const command = { file, args, cwd: hook.folder, env: bench.env };
  const failed = (how: string, hint: string, cause?: unknown): Problem => {
    const title = `${hook.input}: \`${bench.mask(hook.words.join(" "))}\` ${how}`;
    return new Problem("hook", [title, ...lastOf(lines)].join("\n"), { hint, cause });
  };
  let late: AbortSignal | undefined;
  try {
    const exit = await inTime(bench.minutes * 60_000, { clock }, (limit) => {
      late = limit;
      return stream(command, { signal: AbortSignal.any([signal, limit]), onLine });
    });
    if (exit.status === 0) return;
    const how = exit.signal === null ? `exit status ${exit.status}` : `killed by ${exit.signal}`;
    throw failed(`failed (${how})`, `run it in ${hook.folder} and fix what it says`);
  } catch (error) {
    if (error instanceof Problem) throw error;
    signal.throwIfAborted();
    if (late?.aborted === true) {
      const how = `was stopped after ${bench.minutes} minute${bench.minutes === 1 ? "" : "s"}`;
      throw failed(how, "see what it waits for, or raise `command-timeout`", error);
    }
    const why = error instanceof Error ? error.message : String(error);
    throw failed(`could not be started: ${why}`, "install it, or correct the command", error);
  }
}
