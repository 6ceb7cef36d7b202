/** Free of control characters: nothing Go or a linker writes into a name, but a terminal would obey them. */
export const isPrintable = (text: string): boolean => !/\p{Cc}/u.test(text);
