import { checkTemplates } from "./check-templates.ts";
import { quoteValue, suggest } from "./config-error.ts";
import { everywhere, type Input, type InputSource, splitItems } from "./input-types.ts";
import { kebab } from "./kebab.ts";
import type { InnerFault, Reading } from "./reading.ts";

type Fields = Readonly<Record<string, Input<unknown>>>;

/** A mapping whose keys are inputs of their own. */
export type Row<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] extends Input<infer T> ? T : never;
};

const fileAlone: readonly InputSource[] = ["file"];

interface RowOptions<F extends Fields> {
  readonly shown?: string;
  readonly commands?: readonly string[];
  /** Keys that every row must have. */
  readonly required?: readonly (keyof F & string)[];
  /** The key that a row means which is a plain text. */
  readonly shorthand?: keyof F & string;
}

/** A list of mappings; nothing given is no rows. */
export function rows<const F extends Fields>(
  help: string,
  fields: F,
  options: RowOptions<F> = {},
): Input<readonly Row<F>[]> {
  return {
    // Plain texts can be given anywhere, mappings in the file alone.
    kind: options.shorthand === undefined ? "rows" : "list",
    from: options.shorthand === undefined ? fileAlone : everywhere,
    help,
    fallback: [],
    ...options,
    read: (raw) => {
      const items = itemsOf(raw, options.shorthand !== undefined);
      if (items === undefined) return { rule: "must be a list of mappings" };
      const read = items.map((item, index) => readRow(item, [index], fields, options));
      const faults = read.flatMap((one) => ("faults" in one ? one.faults : []));
      if (faults.length > 0) return { faults };
      return { value: read.flatMap((one) => ("value" in one ? [one.value] : [])) };
    },
    schema: { type: "array", items: rowSchema(fields, options) },
  };
}

/** Text, as flags and hosts give it, is one row a line. */
function itemsOf(raw: unknown, plain: boolean): readonly unknown[] | undefined {
  const items = Array.isArray(raw) ? (raw as readonly unknown[]) : [raw];
  if (!plain) return Array.isArray(raw) ? items : undefined;
  return items.flatMap((item): readonly unknown[] =>
    typeof item === "string" ? splitItems(item) : [item],
  );
}

type Path = readonly (string | number)[];

function readRow<const F extends Fields>(
  raw: unknown,
  path: Path,
  fields: F,
  { shorthand, required = [] }: RowOptions<F>,
): { readonly value: Row<F> } | { readonly faults: readonly InnerFault[] } {
  const data = typeof raw === "string" && shorthand !== undefined ? { [shorthand]: raw } : raw;
  if (data === null || typeof data !== "object" || Array.isArray(data))
    return { faults: [{ path, rule: "must be a mapping", value: quoteValue(raw) }] };
  const names = new Map(Object.keys(fields).map((name) => [kebab(name), name]));
  const given = new Map<string, unknown>();
  const faults: InnerFault[] = [];
  for (const [key, value] of Object.entries(data)) {
    const name = names.get(key) ?? (key in fields ? key : undefined);
    if (name === undefined) faults.push(unknownKey([...path, key], key, [...names.keys()]));
    else if (value !== null) given.set(name, value);
  }
  for (const name of required)
    if (!given.has(name)) faults.push({ path, rule: `needs \`${kebab(name)}\`` });
  const entries = Object.entries(fields).map(([name, input]) => {
    if (!given.has(name)) return [name, input.fallback];
    const reading = readField(input, given.get(name), [...path, kebab(name)]);
    if ("faults" in reading) faults.push(...reading.faults);
    return [name, "value" in reading ? reading.value : input.fallback];
  });
  // The table's own readers made each value, which TypeScript cannot follow through `Object.entries`.
  return faults.length > 0 ? { faults } : { value: Object.fromEntries(entries) as Row<F> };
}

function readField(
  input: Input<unknown>,
  raw: unknown,
  path: Path,
): Exclude<Reading<unknown>, { readonly rule: string }> {
  const reading = checkTemplates(input, input.read(raw));
  if ("value" in reading) return reading;
  if ("faults" in reading)
    return {
      faults: reading.faults.map((fault) => ({ ...fault, path: [...path, ...fault.path] })),
    };
  return { faults: [{ ...reading, path, value: quoteValue(raw) }] };
}

function unknownKey(path: Path, key: string, known: readonly string[]): InnerFault {
  const cure = suggest(key, known) ?? `use one of ${known.join(", ")}`;
  return { path, rule: "unknown key", cure };
}

function rowSchema<F extends Fields>(
  fields: F,
  { shorthand, required = [] }: RowOptions<F>,
): Readonly<Record<string, unknown>> {
  const mapping = {
    type: "object",
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required: required.map(kebab) }),
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, { help, schema }]) => [
        kebab(name),
        { description: help, ...schema },
      ]),
    ),
  };
  return shorthand === undefined ? mapping : { anyOf: [{ type: "string" }, mapping] };
}
