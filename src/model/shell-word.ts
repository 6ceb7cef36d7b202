/** A word as a POSIX shell takes it, for commands that people copy: what others named in it starts nothing. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
