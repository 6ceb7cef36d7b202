/** The files of a bundle by path relative to the repository, and esbuild's metafile. */
export function bundle(): Promise<
  Record<"dist/index.js" | "dist/package.json" | "dist/licenses.txt", string> & { metafile: object }
>;
