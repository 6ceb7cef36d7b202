/**
 * What others wrote (compilers, names of files), without what a terminal would obey: control characters become
 * `\x1b`. Line breaks and tabs stay.
 */
export function escapeControls(text: string): string {
  return text.replace(
    /[^\P{Cc}\n\t]/gu,
    (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
