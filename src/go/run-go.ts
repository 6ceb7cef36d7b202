import type { Command, World } from "../world/world.ts";
import { withoutPasswords } from "./credentials.ts";

interface GoWatch {
  readonly world: Pick<World, "stream">;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Runs a long command of `go`. Gives the lines that it said when it failed, without the passwords of addresses. */
export async function runGo(
  command: Command,
  { world, signal, say }: GoWatch,
): Promise<readonly string[] | undefined> {
  const lines: string[] = [];
  const exit = await world.stream(command, {
    signal,
    onLine: (line) => {
      const shown = withoutPasswords(line);
      lines.push(shown);
      say(shown);
    },
  });
  return exit.status === 0 ? undefined : lines;
}
