import { relative, sep } from "node:path";

/** The path from one folder to what lies elsewhere, with forward slashes; empty when it is the folder itself. */
export function relativePath(from: string, to: string): string {
  return relative(from, to).split(sep).join("/");
}
