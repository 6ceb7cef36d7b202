/** A Ruby literal in double quotes, in which nothing is interpolated. */
export function rubyString(text: string): string {
  const plain = escaped(text).replaceAll('"', '\\"').replaceAll("\n", "\\n");
  return `"${plain}"`;
}

/** Text as it may stand in a heredoc. */
export function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll(/#(?=[{$@])/gu, "\\#");
}

/** `do … end` around lines; nothing around none. */
export function block(head: string, body: readonly string[]): string[] {
  return body.length === 0 ? [] : [head, ...indented(body), "end"];
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}

/** Parts with an empty line between them, of those that are there. */
export function spaced(...parts: readonly (readonly string[])[]): string[] {
  return parts
    .filter((part) => part.length > 0)
    .flatMap((part, index) => (index === 0 ? part : ["", ...part]));
}
