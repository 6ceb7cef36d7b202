import { belongsTo, type CommandName, commands } from "../config/commands.ts";
import type { Input } from "../config/input-types.ts";
import { type InputName, inputs, kebab } from "../config/inputs.ts";
import { steps } from "../model/step.ts";
import { table } from "./table.ts";

/** `--help`, for the program or for one command. */
export function help(command: CommandName | undefined): string {
  const names = (Object.keys(inputs) as InputName[]).filter(
    (name) =>
      !/^(secret|rows)$/u.test(inputs[name].kind) && belongsTo(inputs[name], command ?? "release"),
  );
  const usage =
    command === undefined ? "[command]" : command === "verify" ? "verify FOLDER|TAG|URL" : command;
  return [
    `Usage: node dist/index.js ${usage} [--input value | --input=value …]`,
    "",
    ...(command === undefined
      ? [
          "Commands:",
          columns(Object.entries(commands)),
          "",
          "Inputs of `release`, the default command:",
        ]
      : [`${commands[command]}.`, "", "Inputs:"]),
    columns(names.map((name) => [`--${kebab(name)}`, sentence(inputs[name])])),
    ...(command === "release"
      ? ["", "Steps of a release, in this order:", columns(Object.entries(steps))]
      : []),
    "",
    "Every input can also be set as GO_RELEASE_<NAME> or, unless noted, in .go-release.yaml.",
    "--version prints the version; with --verbose also which trust root came with it, and how old it is.",
    "Exit status: 0 success; 1 a problem you can fix; 2 usage error; 70 a bug in this program.",
  ].join("\n");
}

/** What an input means, its default, and whether a file of the commit may give it. */
export function sentence(input: Input<unknown>): string {
  const limit = input.from.includes("file") ? "" : `; ${NOT_IN_FILE}`;
  return `${input.help} (default: ${shownDefault(input)}${limit})`;
}

const NOT_IN_FILE = "not from the file";

/** The default as people read it. */
export function shownDefault({ shown, fallback }: Input<unknown>): string {
  if (shown !== undefined) return shown;
  if (fallback === undefined) return "none";
  if (Array.isArray(fallback)) return fallback.length === 0 ? "none" : `\`${fallback.join(" ")}\``;
  if (typeof fallback === "object" && fallback !== null) {
    if (Object.keys(fallback).length === 0) return "none";
    return `\`${Object.entries(fallback)
      .map(([name, value]) => `${name}=${String(value)}`)
      .join(" ")}\``;
  }
  return `\`${JSON.stringify(fallback).replace(/^"|"$/gu, "")}\``;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  return table(rows.map(([left, right]) => [`  ${left}`, right]));
}
