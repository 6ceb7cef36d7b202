import type { Problem } from "../../model/problem.ts";

/** `key=value`, each quoted as a Go string where it has a space or a quote (`debug.ParseBuildInfo`). */
export function parseSetting(
  line: string,
  refuse: (fault: string) => Problem,
): [key: string, value: string] {
  const quoted = QUOTED.exec(line)?.[0];
  const length = quoted?.length ?? line.indexOf("=");
  if (length <= 0 || line[length] !== "=") throw refuse("has a setting without a key or a `=`");
  const key = line.slice(0, length);
  return [unquote(key, refuse), unquote(line.slice(length + 1), refuse)];
}

/** A raw or an interpreted string literal of the Go specification, "String literals". */
const QUOTED = /^(?:`[^`]*`|"(?:[^"\\]|\\.)*")/;

function unquote(text: string, refuse: (fault: string) => Problem): string {
  if (!/^["`]/.test(text)) return text;
  if (QUOTED.exec(text)?.[0] !== text) throw refuse("has a setting with unbalanced quotes");
  const inner = text.slice(1, -1);
  return text.startsWith("`") ? inner : unescape(inner, refuse);
}

const ESCAPE =
  /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([abfnrtv\\"])|[^])/g;

const simple: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
};

/** `\x` and octal escapes are bytes, the others characters: so it is put together as bytes. */
function unescape(inner: string, refuse: (fault: string) => Problem): string {
  const parts: Buffer[] = [];
  let end = 0;
  for (const match of inner.matchAll(ESCAPE)) {
    const [escape, byte, short, long, octal, letter] = match;
    parts.push(Buffer.from(inner.slice(end, match.index)));
    end = match.index + escape.length;
    const point = Number.parseInt(short ?? long ?? "", 16);
    const value = Number.parseInt(byte ?? octal ?? "", byte === undefined ? 8 : 16);
    if (point <= 0x10ffff) parts.push(Buffer.from(String.fromCodePoint(point)));
    else if (value <= 0xff) parts.push(Buffer.from([value]));
    else if (letter !== undefined && letter in simple)
      parts.push(Buffer.from(simple[letter] ?? ""));
    else throw refuse(`has a setting with the unknown escape ${escape}`);
  }
  parts.push(Buffer.from(inner.slice(end)));
  return Buffer.concat(parts).toString("utf8");
}
