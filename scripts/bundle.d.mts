/** The files of a bundle by path relative to the repository, its source map, and esbuild's metafile. */
export function bundle(): Promise<
  Record<"dist/index.js" | "dist/package.json" | "dist/licenses.txt" | "map", string> & {
    readonly metafile: {
      readonly inputs: Readonly<
        Record<string, { readonly imports: readonly { readonly path: string }[] }>
      >;
    };
  }
>;
