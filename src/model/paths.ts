import { relative, sep } from "node:path";

/** The path from one folder to what lies elsewhere, with forward slashes; empty when it is the folder itself. */
export const relativePath = (from: string, to: string): string =>
  relative(from, to).split(sep).join("/");
