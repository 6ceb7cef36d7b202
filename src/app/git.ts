import { CommitFiles } from "../git/commit-files.ts";
import { Git } from "../git/git.ts";
import { trustedRoots } from "../git/trusted-roots.ts";
import type { CommandContext } from "./context.ts";

/** git, as far as the checkout that this call is about may be trusted. */
export async function gitFor({
  folder,
  env,
  host,
  world,
}: Pick<CommandContext, "folder" | "env" | "host" | "world">): Promise<Git> {
  const trusted = await trustedRoots(folder, host.surroundings.project, world.files);
  return new Git(folder, env, world, trusted);
}

/** The files of the checkout's commit, as far as it may be trusted. */
export async function commitFilesFor(call: CommandContext): Promise<CommitFiles> {
  const { folder, env, host, world } = call;
  const trusted = await trustedRoots(folder, host.surroundings.project, world.files);
  const root = (await (await gitFor(call)).root()) ?? folder;
  return new CommitFiles({ root: await world.files.real(root), env, trusted }, world);
}
