import { defined } from "../model/defined.ts";
import { unknownVariables, variables } from "../model/template.ts";
import { type ConfigFault, quoteValue, suggest } from "./config-error.ts";
import type { Given } from "./given-input.ts";
import type { Input } from "./input-types.ts";
import { type InputName, kebab } from "./inputs.ts";

const everywhere = Object.keys(variables);

/** Inputs that are templates, and the variables they know: a title is not of one target. */
const templated: Partial<Record<InputName, readonly string[]>> = {
  archiveName: everywhere,
  ldflags: everywhere,
  flags: everywhere,
  env: everywhere,
  title: ["name", "version", "tag", "commit", "short-commit", "date"],
};

/** The value of one input as its row of the table reads it; a fault is added where it breaks a rule. */
export function read(
  input: Input<unknown>,
  { name, raw, where }: Given,
  faults: ConfigFault[],
): unknown {
  const reading = input.read(raw);
  const value = input.kind === "secret" ? {} : { value: quoteValue(raw) };
  if ("rule" in reading) {
    const { rule, cure = optionNear(input, raw) } = reading;
    faults.push(
      defined({
        where,
        field: kebab(name),
        rule,
        ...value,
        cure,
      }),
    );
    return input.fallback;
  }
  faults.push(...unknownIn(reading.value, where, name));
  return reading.value;
}

function optionNear({ options }: Input<unknown>, raw: unknown): string | undefined {
  return options === undefined || typeof raw !== "string" ? undefined : suggest(raw, options);
}

function unknownIn(value: unknown, where: string, name: InputName): readonly ConfigFault[] {
  const known = templated[name];
  if (known === undefined) return [];
  return [...new Set(textsOf(value).flatMap((text) => unknownVariables(text, known)))].map(
    (unknown) => ({
      where,
      field: kebab(name),
      rule: "unknown variable",
      value: `{${unknown}}`,
      cure:
        suggest(unknown, known) ??
        `known are ${known.map((variable) => `{${variable}}`).join(" ")}`,
    }),
  );
}

/** The texts of a text, a list or a map. */
function textsOf(value: unknown): readonly string[] {
  return typeof value === "string"
    ? [value]
    : Object.values(Object(value) as Record<string, string>);
}
