/** Free of control characters: nothing Go or a linker writes into a name, but a terminal would obey them. */
export function isPrintable(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}
