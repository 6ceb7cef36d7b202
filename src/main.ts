import pkg from "../package.json" with { type: "json" };
import type { CommandContext } from "./app/context.ts";
import { parseArguments } from "./config/arguments.ts";
import { type CommandName, commands, isCommand } from "./config/commands.ts";
import { suggest } from "./config/config-error.ts";
import { fromEnvironment, fromHost } from "./config/environment.ts";
import type { Host } from "./hosts/host.ts";
import { Problem, Usage } from "./model/problem.ts";
import { Journal } from "./release/journal.ts";
import { printableJson } from "./report/escape-controls.ts";
import { help } from "./report/help.ts";
import { fields } from "./report/problem-text.ts";
import { traced } from "./traces/traced.ts";
import { type Tracing, tracing } from "./traces/tracing.ts";
import { systemProblem } from "./world/errors.ts";
import { observed } from "./world/observed.ts";
import type { World } from "./world/world.ts";

/** Everything that comes in from outside. */
export interface MainOptions {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly host: Host;
  readonly world: World;
  /** This program's version. */
  readonly version: string;
  /** Standard output: what other programs read. */
  readonly print: (text: string) => void;
  /** Aborted by Ctrl-C or the runner. */
  readonly signal: AbortSignal;
}

/** Parses, performs one command and reports; gives the exit status. What goes wrong becomes an exit status here. */
export async function main(door: MainOptions): Promise<number> {
  const trace = traceOf(door);
  const host = trace === undefined ? door.host : traced(door.host, trace);
  const status = await attempt({ ...door, host, world: worldOf(door) }, trace);
  try {
    await host.close(status);
  } catch (error) {
    // What was published stays published, even where its summary cannot be written.
    const cause = error instanceof Error ? error.message : String(error);
    host.tell({ type: "warning", message: `the summary of this run cannot be written: ${cause}` });
  }
  return status;
}

/** Where the log is asked for every detail, each request stands in it; a collector's path may hold its key. */
function worldOf({ host, world }: MainOptions): World {
  if (host.surroundings.debug !== true) return world;
  const http = observed(world.http, world.clock, (event) => host.tell(event));
  return { ...world, http };
}

function traceOf({ env, host, world, version }: MainOptions): Tracing | undefined {
  return tracing({
    env,
    surroundings: host.surroundings,
    http: world.http,
    clock: world.clock,
    random: world.random,
    version,
    warn: (message) => host.tell({ type: "warning", message }),
  });
}

async function attempt(door: MainOptions, trace: Tracing | undefined): Promise<number> {
  const json = door.argv.some((word) => word === "--json" || word === "--json=true");
  try {
    await perform(door, trace);
    return 0;
  } catch (error) {
    const problem = interrupted(door.signal) ?? systemProblem(error) ?? error;
    if (!(problem instanceof Problem)) return bug(problem, door);
    door.host.tell({ type: "failed", problem, at: door.world.clock.now() });
    if (json) door.print(`${printableJson({ error: fields(problem) })}\n`);
    return problem instanceof Usage ? 2 : 1;
  }
}

async function perform(door: MainOptions, trace: Tracing | undefined): Promise<void> {
  const { argv, env, host, world, version, print } = door;
  const asked = parseArguments(argv);
  if (asked.version) return print(asked.verbose ? await versionText(version) : `${version}\n`);
  const command = asked.command ?? commandOf(door) ?? "release";
  if (asked.help) return print(`${help(asked.command)}\n`);
  // What follows loads the rest of the program, which `--version` and `--help` do without.
  const { loadConfig } = await import("./config/load.ts");
  const { performCommand } = await import("./commands/index.ts");
  const { trustAsker } = await import("./app/trust.ts");
  trace?.begin(command);
  const byHost = fromHost(host.inputs());
  const byEnvironment = fromEnvironment(env);
  const journal = new Journal((event) => host.tell(event), world.clock);
  for (const message of [...byHost.warnings, ...byEnvironment.warnings])
    journal.tell({ type: "warning", message });
  const sources = {
    flags: asked.given,
    host: byHost.given,
    environment: byEnvironment.given,
    foreign: ownerOf(command, host),
  };
  const { config, folder } = await loadConfig(command, sources, host.surroundings.folder, world);
  const { token, registryPassword, tapToken, tapAppPrivateKey, ...keys } = config.settings;
  const { gpgKey, gpgPassphrase, apkKey, apkPassphrase } = keys;
  const ofKeys = [gpgKey, gpgPassphrase, apkKey, apkPassphrase];
  const secrets = [token, registryPassword, tapToken, tapAppPrivateKey, ...ofKeys];
  for (const secret of [...secrets, host.surroundings.token]) {
    if (secret !== undefined) host.mask(secret);
  }
  const caller = { ...door, config, folder, journal, operand: asked.operand };
  const call: CommandContext = { ...caller, trust: trustAsker(caller) };
  await performCommand(command, call);
}

async function versionText(version: string): Promise<string> {
  const { aboutVersion } = await import("./report/about-version.ts");
  return aboutVersion(version);
}

/** Whose the checkout is, when it is not the caller's own: what runs and who is told is not for its files to say. */
function ownerOf(command: CommandName, { surroundings: { ref } }: Host): string | undefined {
  if (command === "verify") return "the checkout that is verified";
  return ref?.kind === "pull-request" ? "a pull or merge request" : undefined;
}

/** On CI the command is an input like any other. */
function commandOf({ host, env }: MainOptions): CommandName | undefined {
  const word = host.inputs()["command"] ?? env["GO_RELEASE_COMMAND"] ?? "";
  if (word === "" || isCommand(word)) return word === "" ? undefined : word;
  throw new Usage(
    `command: unknown command; got ${JSON.stringify(word)}; ${suggest(word, Object.keys(commands)) ?? "see --help"}`,
  );
}

function interrupted(signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : undefined;
}

/** EX_SOFTWARE of sysexits(3). */
const BUG = 70;

function bug(error: unknown, { host, world, version }: MainOptions): number {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const problem = new Problem("bug", `this is a bug in go-release ${version}:\n${message}`, {
    hint: `please report it with the lines above: ${pkg.bugs.url}`,
  });
  host.tell({ type: "failed", problem, at: world.clock.now() });
  return BUG;
}
