/** A value, or the rule it breaks and how to mend it. */
export type Reading<T> = { readonly value: T } | { readonly rule: string; readonly cure?: string };
