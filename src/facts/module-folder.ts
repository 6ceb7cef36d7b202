import { relativePath } from "../model/paths.ts";
import type { Files } from "../world/world.ts";

/** Where a module lies in its repository, links resolved; `.` for the root itself. */
export const moduleFolder = async (
  root: string,
  module: string,
  { real }: Pick<Files, "real">,
): Promise<string> => relativePath(await real(root), await real(module)) || ".";
