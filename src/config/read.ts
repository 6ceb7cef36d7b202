import { defined } from "../model/defined.ts";
import { checkTemplates } from "./check-templates.ts";
import { type ConfigFault, quoteValue, suggest } from "./config-error.ts";
import type { Given } from "./given-input.ts";
import type { Input } from "./input-types.ts";
import { kebab } from "./kebab.ts";
import type { InnerFault } from "./reading.ts";

/** The value of one input as its row of the table reads it; a fault is added for each rule that it breaks. */
export function read(input: Input<unknown>, given: Given, faults: ConfigFault[]): unknown {
  const { name, raw, where } = given;
  const reading = checkTemplates(input, input.read(raw));
  if ("value" in reading) return reading.value;
  if ("faults" in reading) {
    faults.push(...reading.faults.map((fault) => placed(fault, given)));
    return input.fallback;
  }
  const { rule, cure = optionNear(input, raw) } = reading;
  const value = input.kind === "secret" ? undefined : quoteValue(raw);
  faults.push(defined({ where, field: kebab(name), rule, value, cure }));
  return input.fallback;
}

function placed({ path, ...fault }: InnerFault, { name, where, locate }: Given): ConfigFault {
  const inside = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return { where: locate?.(path) ?? where, field: `${kebab(name)}${inside}`, ...fault };
}

function optionNear({ options }: Input<unknown>, raw: unknown): string | undefined {
  return options === undefined || typeof raw !== "string" ? undefined : suggest(raw, options);
}
