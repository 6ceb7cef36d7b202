/** A value, or what is wrong with it. */
export type Reading<T> =
  | { readonly value: T }
  | BrokenRule
  | { readonly faults: readonly InnerFault[] };

/** The rule that a value breaks and how to fix it. */
export interface BrokenRule {
  readonly rule: string;
  readonly cure?: string;
}

/** One thing that is wrong somewhere inside a value. */
export interface InnerFault extends BrokenRule {
  /** The way there: keys as they are written, and places of lists counted from 0. */
  readonly path: readonly (string | number)[];
  /** As it is shown; absent where there is none. */
  readonly value?: string;
}
