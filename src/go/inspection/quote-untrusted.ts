/** A recorded value in a message: quoted when it is no plain text, since it comes from an untrusted file. */
export function quoteUntrusted(value: string | undefined): string {
  if (value === undefined || value === "") return "none";
  return /^[\x21-\x7e]+$/.test(value) ? value : JSON.stringify(value);
}
