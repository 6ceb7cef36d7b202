/** Replaces every secret in a text by `***`. */
export type Mask = (text: string) => string;

/** Shorter words, as in `x-tenant=1`, are found everywhere and hide nothing. */
const SHORTEST = 8;

/** Hides each value, each line of it, and what it becomes in an address or a header. */
export function mask(secrets: Iterable<string>): Mask {
  const hidden = [...new Set([...secrets].flatMap(formsOf))]
    .filter((form) => form.length >= SHORTEST)
    // One secret may hold another.
    .sort((one, other) => other.length - one.length);
  return (text) => hidden.reduce((rest, form) => rest.replaceAll(form, "***"), text);
}

function formsOf(value: string): readonly string[] {
  // A half of a surrogate pair has no place in an address.
  const encoded = encodeURIComponent(Buffer.from(value).toString("utf8"));
  return [value, encoded, Buffer.from(value).toString("base64"), ...value.split(/\r?\n/u)];
}
