import { distance } from "fastest-levenshtein";
import { Usage } from "../model/problem.ts";

/** One thing that is wrong with what was given. */
export interface ConfigFault {
  /** Where it was given: `--sign`, `GO_RELEASE_SIGN`, `input sign`, `.go-release.yaml:3:7`. */
  readonly where: string;
  /** The input's kebab-case name; empty when the place itself says it. */
  readonly field: string;
  readonly rule: string;
  /** As given; absent for secrets and for what has none. */
  readonly value?: string;
  readonly cure?: string;
}

function formatFault({ where, field, rule, value, cure }: ConfigFault): string {
  return [
    where,
    ...(field === "" || where === `--${field}` ? [] : [field]),
    [
      rule,
      ...(value === undefined ? [] : [`got ${value}`]),
      ...(cure === undefined ? [] : [cure]),
    ].join("; "),
  ].join(": ");
}

/** All faults of what was given, in one go. Exit status 2. */
export class InvalidConfig extends Usage {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map(formatFault).join("\n"));
    this.faults = faults;
  }
}

/** A value as it is shown in a fault: quoted, without a URL's credentials, cut to one line of readable length. */
export function quoteValue(raw: unknown): string {
  const [first] = Array.isArray(raw) && raw.length === 1 ? (raw as readonly unknown[]) : [];
  const single = typeof first === "string" ? first : raw;
  const text = (JSON.stringify(single) ?? String(single)).replace(/:\/\/[^/\s]*@/gu, "://***@");
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** `did you mean …?` for a misspelt word, or undefined when none is near. */
export function suggest(word: string, known: readonly string[], prefix = ""): string | undefined {
  const near = known
    .map((candidate) => ({ candidate, off: distance(word, candidate) }))
    .sort((a, b) => a.off - b.off)[0];
  return near !== undefined && near.off <= Math.max(1, Math.ceil(word.length / 3))
    ? `did you mean \`${prefix}${near.candidate}\`?`
    : undefined;
}
