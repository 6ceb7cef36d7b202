import { Problem } from "../../model/problem.ts";

/** A service's URL without final slashes, which Fulcio does not forgive. Throws a `Problem` when it is none. */
export function serviceUrl(input: string, given: string): string {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    // An empty URL must never come to mean the public instance.
    throw new Problem("usage", `\`${input}\` is not a URL: "${given}"`, {
      hint: `give ${input} as https://…, or remove it`,
    });
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new Problem("usage", `\`${input}\` must be an http or https URL, not ${url.protocol}`);
  }
  return given.replace(/\/+$/, "");
}
