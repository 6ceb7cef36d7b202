/** `map` is the bundle's source map, as JSON. */
export function readableStack(stack: string, map: string): string;
