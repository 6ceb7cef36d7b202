/** Base64 of `-----BEGIN`, as a key is kept where line breaks are in the way. */
const ENCODED = /^\s*LS0tLS1CRUdJTi/u;

/** Whether a text is a key itself, and not the path of one. */
export function isKeyText(given: string): boolean {
  return given.includes("-----BEGIN") || ENCODED.test(given);
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----(.*?)-----END \1-----/su;

/**
 * The private key's block, as it is left by the places that keep secrets: all of it in base64, line breaks lost
 * or written `\n`, or behind the parameters that OpenSSL puts before it. A text without one stays as it is.
 */
export function privateBlock(given: string): string {
  const text = ENCODED.test(given) ? Buffer.from(given, "base64").toString("utf8") : given;
  const [, label, body = ""] = BLOCK.exec(text.replace(/\\r|\\n/gu, "\n")) ?? [];
  if (label === undefined) return text.trim();
  // PEM's old headers need their lines.
  const lines = body.includes(":") ? body.trim() : wrapped(body.replace(/\s/gu, ""));
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----`;
}

/** RFC 7468 §2. */
function wrapped(base64: string): string {
  return base64.replace(/.{64}(?=.)/gu, "$&\n");
}
