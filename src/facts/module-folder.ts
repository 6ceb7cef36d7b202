import { relativePath } from "../model/paths.ts";
import type { Files } from "../world/world.ts";

/** Where a module lies in its repository, links resolved; `.` for the root itself. */
export async function moduleFolder(
  root: string,
  module: string,
  { real }: Pick<Files, "real">,
): Promise<string> {
  return relativePath(await real(root), await real(module)) || ".";
}
