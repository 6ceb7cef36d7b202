import { filters, unknownVariables } from "../model/template.ts";
import { suggest } from "./config-error.ts";
import type { Input } from "./input-types.ts";
import type { InnerFault, Reading } from "./reading.ts";

/** What an input read, unless a template in it has a variable or a filter that it does not know. */
export function checkTemplates<T>({ variables }: Input<T>, reading: Reading<T>): Reading<T> {
  if (variables === undefined || !("value" in reading)) return reading;
  const unknown = new Set(
    textsOf(reading.value).flatMap((text) => unknownVariables(text, variables)),
  );
  const faults = [...unknown].map((name) => faultOf(name, variables));
  return faults.length === 0 ? reading : { faults };
}

function faultOf(name: string, known: readonly string[]): InnerFault {
  const [variable = "", filter] = name.split("|");
  const all = filter === undefined ? known : Object.keys(filters);
  const shown = filter === undefined ? known.map((one) => `{${one}}`) : all;
  return {
    path: [],
    rule: filter === undefined ? "unknown variable" : "unknown filter",
    value: `{${name}}`,
    cure: suggest(filter ?? variable, all) ?? `use one of ${shown.join(" ")}`,
  };
}

/** The texts of a text, a list or a map. */
function textsOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string"
    ? [value]
    : Object.values(Object(value) as Record<string, string>);
}
