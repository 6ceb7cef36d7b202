import { isAbsolute, relative, sep } from "node:path";

/** The path from one folder to what lies elsewhere, with forward slashes; empty when it is the folder itself. */
export function relativePath(from: string, to: string): string {
  return relative(from, to).split(sep).join("/");
}

/** Whether a path is a folder or lies below it; both absolute, links are not resolved. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
