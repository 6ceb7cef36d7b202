/** A token, key or password. It prints as `***` wherever it is turned into text; only `reveal` gives it out. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one header or key derivation that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "***";
  }

  toJSON(): string {
    return "***";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "***";
  }
}

/** The token that a GitLab job has by itself, which travels in a header of its own and may do less. */
export class JobToken extends Secret {}

/** What was given in place of a secret. */
export type Misgiven =
  /** Of a file that holds it: what a GitLab variable of the type File gives, or a secret that is mounted. */
  | "path"
  /** To a variable that is not set here, and so stayed as it was written. */
  | "reference"
  | "quoted";

/** Whether it is no secret that was given; none that a forge makes looks like one of these. */
export function misgiven(given: string): Misgiven | undefined {
  const text = given.trim();
  if (/^(?:\/[\w.@-]+){2,}$/u.test(text) || /^[A-Za-z]:[\\/]/u.test(text)) return "path";
  if (/^\$(?:\w+|\{\w+\}|\{\{.*\}\})$/u.test(text)) return "reference";
  return /^(["']).*\1$/su.test(text) ? "quoted" : undefined;
}
