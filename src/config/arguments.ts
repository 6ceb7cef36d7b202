import { defined } from "../model/defined.ts";
import { type CommandName, commands, isCommand } from "./commands.ts";
import { type ConfigFault, InvalidConfig, suggest } from "./config-error.ts";
import type { Given } from "./given-input.ts";
import { type InputName, inputs, kebab } from "./inputs.ts";

/** What the command line asks for. */
export interface Arguments {
  readonly command: CommandName | undefined;
  /** What `verify` is to look at. */
  readonly operand: string | undefined;
  readonly help: boolean;
  readonly version: boolean;
  /** Whether the version is told with what came with it. */
  readonly verbose: boolean;
  readonly given: readonly Given[];
}

const byFlag = new Map(Object.keys(inputs).map((name) => [kebab(name), name as InputName]));
const flags = [...byFlag.keys()];

/** Reads `[command] [--input value | --input=value | --no-input …]`. Throws `InvalidConfig` with every fault. */
export function parseArguments(argv: readonly string[]): Arguments {
  const words: string[] = [];
  const faults: ConfigFault[] = [];
  const values = new Map<InputName, string[]>();
  let help = false;
  let version = false;
  let verbose = false;
  let lacksNotes = false;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string;
    if (word === "--help" || word === "-h") help = true;
    else if (word === "--version") version = true;
    else if (word === "--verbose" && argv.includes("--version")) verbose = true;
    else if (!word.startsWith("-")) words.push(word);
    else {
      const read = readFlag(word, argv[at + 1]);
      lacksNotes ||= read === PRINTED;
      if ("fault" in read) faults.push(read.fault);
      else values.set(read.name, [...(values.get(read.name) ?? []), read.value]);
      if (read.tookNext) at++;
    }
  }
  const [command, operand] = operands(words, faults);
  if (lacksNotes && command !== "plan") faults.push(noValue("--notes"));
  if (faults.length > 0) throw new InvalidConfig(faults);
  const given = [...values].map(
    ([name, raw]): Given => ({
      name,
      raw: oneOrAll(name, raw),
      where: `--${kebab(name)}`,
      from: "flag",
    }),
  );
  return { command, operand, help, version, verbose, given };
}

type FlagReading =
  | { readonly name: InputName; readonly value: string; readonly tookNext: boolean }
  | { readonly fault: ConfigFault; readonly tookNext: boolean };

function readFlag(word: string, next: string | undefined): FlagReading {
  const [, written = "", inline] = /^--?([^=]*)(?:=(.*))?$/su.exec(word) ?? [];
  const name = word.startsWith("--") ? byFlag.get(written) : undefined;
  const negated = word.startsWith("--no-") ? byFlag.get(written.slice(3)) : undefined;
  const where = word.split("=")[0] as string;
  const fault = (rule: string, cure?: string): FlagReading => ({
    fault: defined({
      where,
      field: "",
      rule,
      cure,
    }),
    tookNext: false,
  });
  if (name === undefined && negated !== undefined) {
    if (!isSwitch(negated)) return fault(`${kebab(negated)} cannot be false`, "leave it out");
    return inline === undefined
      ? { name: negated, value: "false", tookNext: false }
      : fault("takes no value", `write \`--${kebab(negated)}=${inline}\``);
  }
  if (name === undefined)
    return fault("unknown input", suggest(written, flags, "--") ?? "see --help");
  if (isFileOnly(name)) return fault("takes a list of mappings", "write it in .go-release.yaml");
  if (!inputs[name].from.includes("flag")) {
    return {
      ...fault("must not be given as a flag", `set ${variable(name)} in the environment`),
      tookNext: inline === undefined,
    };
  }
  if (inline !== undefined) return { name, value: inline, tookNext: false };
  if (isSwitch(name)) {
    const told = next !== undefined && switchWords(name).includes(next);
    return { name, value: told ? next : "true", tookNext: told };
  }
  if (next === undefined || isFlag(next))
    return name === "notes" ? PRINTED : { fault: noValue(where), tookNext: false };
  return { name, value: next, tookNext: true };
}

function noValue(where: string): ConfigFault {
  return { where, field: "", rule: "needs a value" };
}

/** `plan --notes` without a value asks to see them. */
const PRINTED: FlagReading = { name: "printNotes", value: "true", tookNext: false };

/** A value may begin with a dash, as `-s` of `ldflags` does, but it is no input of ours. */
function isFlag(word: string): boolean {
  return word.startsWith("--") && byFlag.has(word.replace(/^--|=.*$/gu, ""));
}

/** Mappings cannot be written in one line. */
export function isFileOnly(name: InputName): boolean {
  return inputs[name].kind === "rows";
}

/** The environment variable that sets an input. */
export function variable(name: string): string {
  return `GO_RELEASE_${kebab(name).replace(/-/gu, "_").toUpperCase()}`;
}

function isSwitch(name: InputName): boolean {
  return switchWords(name).includes("false");
}

function switchWords(name: InputName): readonly string[] {
  return inputs[name].kind === "flag"
    ? ["true", "false"]
    : ((inputs[name] as { options?: readonly string[] }).options ?? []);
}

/** A repeated list, words or map adds up; of anything else the last one counts. */
function oneOrAll(name: InputName, raw: readonly string[]): unknown {
  switch (inputs[name].kind) {
    case "list":
    case "map":
    case "rows":
      return raw;
    case "words":
      return raw.join(" ");
    case "text":
    case "flag":
    case "choice":
    case "count":
    case "secret":
      return raw.at(-1);
  }
}

function operands(
  words: readonly string[],
  faults: ConfigFault[],
): readonly [CommandName | undefined, string | undefined] {
  const [first, ...rest] = words;
  if (first === undefined) return [undefined, undefined];
  if (!isCommand(first)) {
    const cure =
      suggest(first, Object.keys(commands)) ?? `use one of ${Object.keys(commands).join(", ")}`;
    faults.push({ where: first, field: "", rule: "unknown command", cure });
    return [undefined, undefined];
  }
  const extra = first === "verify" ? rest[1] : rest[0];
  if (extra !== undefined) {
    faults.push({
      where: extra,
      field: "",
      rule: `unexpected argument for \`${first}\``,
      cure: "inputs begin with --",
    });
  }
  return [first, first === "verify" ? rest[0] : undefined];
}
