import { relative, sep } from "node:path";
import type { Files } from "../world/world.ts";

/** The way from one folder to what lies elsewhere, with forward slashes; empty when it is the folder itself. */
export const wayTo = (from: string, to: string): string => relative(from, to).split(sep).join("/");

/** Where a module lies in its repository, links resolved; `.` for the root itself. */
export const folderIn = async (
  root: string,
  module: string,
  { real }: Pick<Files, "real">,
): Promise<string> => wayTo(await real(root), await real(module)) || ".";
