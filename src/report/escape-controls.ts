/**
 * What others wrote (names, versions, messages of servers), without what a terminal or a CI runner would obey, or a
 * person could not see: `\x1b`, `\u{202e}`, and the first sign of a command as a code. Line breaks and tabs stay.
 */
export function escapeControls(text: string): string {
  return escapeUnseen(text)
    .replace(COMMAND, (_, before: string) => `${before}\\x3a`)
    .replace(OLD_COMMAND, "\\x23#");
}

/** The same for lines that stand where a runner obeys nothing. */
export function escapeUnseen(text: string): string {
  return text.replace(UNSEEN, (char) => {
    const code = (char.codePointAt(0) ?? 0).toString(16);
    return char <= "\u009f" ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}

/** JSON in one piece for a log: the same data, with those characters as JSON's own escapes. */
export function printableJson(data: unknown): string {
  return JSON.stringify(data, null, 2)
    .replace(OLD_COMMAND, "\\u0023#")
    .replace(UNSEEN, (char) =>
      Array.from(
        { length: char.length },
        (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, "0")}`,
      ).join(""),
    );
}

/**
 * Control characters but line breaks and tabs; what changes the direction of a line or is not shown at all (UAX #9,
 * and Default_Ignorable_Code_Point of UAX #44); other separators of lines; halves of a pair; the empty braille cell.
 */
const UNSEEN = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** `::name::` at the beginning of a line (docs.github.com, "Workflow commands"). */
const COMMAND = /^([^\S\n]*):(?=:)/gmu;
/** `##[name]` anywhere in a line, as older runners, Azure Pipelines and TeamCity know it. */
const OLD_COMMAND = /##(?=\w*\[)/gu;
