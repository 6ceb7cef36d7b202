import { parsedJson } from "../model/parsed-json.ts";
import { mask } from "./mask.ts";
import type { Server } from "./server.ts";

/** Characters: what is longer says nothing more. */
const LONGEST = 300;
/** Lists by field are two; an answer may be as deep as the stack. */
const DEEPEST = 4;

/** One line for people, without secrets and without anything that looks like a token. */
export function plainWords(text: string, { secrets }: Pick<Server, "secrets">): string {
  return mask(secrets.map((secret) => secret.reveal()))(text)
    .replaceAll(/\bey[\w-]{16,}(\.[\w-]*)*/gu, "***")
    .replaceAll(/\s+/gu, " ")
    .trim()
    .slice(0, LONGEST);
}

/**
 * What a server says of a failure: the `message` or `error` of its JSON, each a text, a list or lists by field;
 * the text of a page.
 */
export function wordsIn(text: string): string {
  const json = parsedJson(text);
  if (typeof json === "object" && json !== null) {
    const { message, error } = json as Record<string, unknown>;
    return flat(message ?? error ?? "");
  }
  return text
    .slice(0, 4096)
    .replaceAll(/<(style|script)\b[^<]*<\/\1>|<[^>]*>/giu, " ")
    .replaceAll(/\s+/gu, " ")
    .trim();
}

function flat(value: unknown, depth = 0): string {
  if (depth > DEEPEST) return "…";
  if (Array.isArray(value)) return value.map((one) => flat(one, depth + 1)).join(", ");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .map(([field, one]) => `${field} ${flat(one, depth + 1)}`)
      .join("; ");
  return String(value).replaceAll(/\s+/gu, " ").trim().slice(0, LONGEST);
}
