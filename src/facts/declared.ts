import picomatch from "picomatch";

/** Whether a path, relative to the module, is one that `generated` declares. */
export type Declared = (path: string) => boolean;

/** Globs over the whole path, hidden names included; a folder stands for all in it, `!` takes away again. */
export function declaredBy(patterns: readonly string[]): Declared {
  const matchers = patterns.map((pattern) => {
    const unwanted = pattern.startsWith("!");
    const glob = pattern.slice(unwanted ? 1 : 0).replace(/^(?:\.\/)+|\/+$/gu, "");
    const whole = picomatch([glob, ...(isPlain(glob) ? [`${glob}/**`] : [])], {
      dot: true,
      windows: false,
    });
    return { unwanted, matches: (path: string) => whole(path) };
  });
  return (path) =>
    matchers.some(({ unwanted, matches }) => !unwanted && matches(path)) &&
    !matchers.some(({ unwanted, matches }) => unwanted && matches(path));
}

function isPlain(glob: string): boolean {
  return !/[*?[\]{}()]/u.test(glob);
}
