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

/**
 * Whether a secret is the path of a file that holds it: what a GitLab variable of the type File gives, or a secret
 * that is mounted. No forge's token looks like one.
 */
export function isPathOfSecret(given: string): boolean {
  return /^(?:\/[\w.@-]+){2,}\s*$/u.test(given) || /^[A-Za-z]:[\\/]/u.test(given);
}
