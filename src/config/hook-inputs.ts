import { everyVariable, releaseVariables, unknownVariables } from "../model/template.ts";
import { plans } from "./commands.ts";
import { callersOwn, count, everywhere, type Input, list, splitItems } from "./input-types.ts";
import { splitWords } from "./shell-words.ts";

/** Commands, each with its words; no shell is involved unless one is called. */
function commands(
  help: string,
  known: readonly string[],
  extra: Pick<Input<unknown>, "commands">,
): Input<readonly string[]> {
  return {
    kind: "list",
    from: everywhere,
    help,
    fallback: [],
    ...extra,
    read: (raw) => {
      const parts: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
      const texts = parts.filter((part) => typeof part === "string");
      if (texts.length < parts.length) return { rule: "must be a list of commands" };
      const value = Array.isArray(raw)
        ? texts.map((text) => text.trim()).filter((text) => text !== "")
        : texts.flatMap((text) => splitItems(text, /\n/u));
      const broken = value.map(splitWords).find((reading) => "rule" in reading);
      if (broken !== undefined && "rule" in broken) return broken;
      const unknown = value.flatMap((text) => unknownVariables(text, known)).find(isMeant);
      if (unknown === undefined) return { value };
      const shown = known.map((name) => `{${name}}`).join(" ");
      return { rule: `has the unknown variable {${unknown}}`, cure: `known are ${shown}` };
    },
    schema: { type: ["array", "string"], items: { type: "string" } },
  };
}

/** Shells and awk write braces of their own: `${HOME}`, `{print $1}`. */
function isMeant(variable: string): boolean {
  return /^[a-z][a-z-]*(\||$)/u.test(variable);
}

const SECRETS = "which secrets a command is given";

/** What `{path}` stands for is known when the program is there. */
export const afterBuild = commands(
  "commands for each program between compiler and archive, e.g. `upx {path}`: it is inspected and hashed again afterwards",
  [...everyVariable, "path"],
  { commands: plans },
);

/** Commands that are started besides Go. */
export const hookInputs = {
  before: commands(
    "commands that are run once before anything is looked at, in the module's folder; what they make is declared with `generated`",
    releaseVariables,
    { commands: plans },
  ),
  beforeEnv: list("variables of the environment that the commands of `before` may see", [], {
    commands: plans,
    ...callersOwn(SECRETS),
  }),
  afterBuildEnv: list(
    "variables of the environment that the commands of `after-build` may see, e.g. a certificate's password",
    [],
    { commands: plans, ...callersOwn(SECRETS) },
  ),
  commandTimeout: count("minutes that each command of `before` and `after-build` may take", 1440, {
    commands: plans,
    shown: "30",
  }),
} satisfies Record<string, Input<unknown>>;
