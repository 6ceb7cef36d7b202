import type { Config } from "../config/config.ts";
import type { Host } from "../hosts/host.ts";
import type { Journal } from "../release/journal.ts";
import { printableJson } from "../report/escape-controls.ts";
import type { InstanceName, SigstoreTrust } from "../signers/trust/obtain.ts";
import type { World } from "../world/world.ts";

/** One call of one command, with everything it may use. */
export interface CommandContext {
  readonly config: Config;
  /** Absolute folder of the Go module. */
  readonly folder: string;
  /** What `verify` is to look at. */
  readonly operand: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly host: Host;
  readonly world: World;
  readonly journal: Journal;
  /** This program's version. */
  readonly version: string;
  /** Standard output: what other programs read. */
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
  /** Who is trusted: asked for when first called, and told to whoever watches where it is not of today. */
  readonly trust: (instance?: InstanceName) => Promise<SigstoreTrust>;
}

export type CommandHandler = (call: CommandContext) => Promise<void>;

/** JSON alone, as `--json` promises it. */
export function printJson({ print }: CommandContext, data: unknown): void {
  print(`${printableJson(data)}\n`);
}
