import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../repository.ts";

/** A program that leaves a trace when somebody starts it. */
export interface Trap {
  /** A shell script that does what it is asked besides: its text, to be committed somewhere. */
  readonly script: string;
  /** The same, ready to be started. */
  readonly path: string;
  /** Whether it was started since the last `reset`. */
  sprung(): boolean;
  reset(): void;
}

/** `goesOn` is what the script does after it has left its trace. */
export function trap(goesOn = 'exec "$@"'): Trap {
  const folder = temporaryFolder("go-release-trap-");
  chmodSync(folder, 0o777);
  const trace = join(folder, "trace");
  const script = `#!/bin/sh\n: > '${trace}'\n${goesOn}\n`;
  const path = join(folder, "trap.sh");
  writeFileSync(path, script, { mode: 0o755 });
  return {
    script,
    path,
    sprung: () => existsSync(trace),
    reset: () => rmSync(trace, { force: true }),
  };
}
