import type { World } from "../world/world.ts";

/** Who knows the settings of a repository. */
interface RemoteSettings {
  remote(): Promise<string | undefined>;
  writtenRemote(): Promise<string | undefined>;
}

type CallerEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The addresses of `origin`, the likeliest first: with the host that an alias of `~/.ssh/config` stands for
 * (ssh_config(5)), as people tell several accounts apart; as git asks for it; and as it was written where `insteadOf`
 * makes a mirror or an alias of that (git-config(1)). Credentials are removed. None of it asks the network.
 */
export async function originsOf(
  git: RemoteSettings,
  env: CallerEnvironment,
  folder: string,
  world: Pick<World, "capture">,
): Promise<readonly string[]> {
  const [remote, written] = await Promise.all([git.remote(), git.writtenRemote()]);
  const found: string[] = [];
  for (const url of [remote, written]) {
    if (url === undefined) continue;
    const meant = await withoutAlias(url, env, folder, world);
    found.push(...(meant === undefined ? [url] : [meant, url]));
  }
  return [...new Set(found)];
}

/** `git@work:owner/tool` and `ssh://git@work/owner/tool` with the host that `work` stands for. */
async function withoutAlias(
  url: string,
  env: CallerEnvironment,
  folder: string,
  { capture }: Pick<World, "capture">,
): Promise<string | undefined> {
  // A name that begins with a hyphen would be an option of ssh's.
  const [, before = "", host, after = ""] =
    /^((?:(?:git\+)?ssh:\/\/)?(?:[^@/:\s]+@)?)([A-Za-z0-9][\w.-]+)([:/].*)$/su.exec(url) ?? [];
  const scp = after.startsWith(":") && !after.startsWith("://");
  if (host === undefined || !(scp || before.includes("ssh://"))) return undefined;
  const { PATH, HOME, USERPROFILE, SYSTEMROOT } = env;
  const own = Object.entries({ PATH, HOME, USERPROFILE, SYSTEMROOT }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const command = { file: "ssh", args: ["-G", host], cwd: folder, env: Object.fromEntries(own) };
  const { status, stdout } = await capture(command).catch(() => ({ status: -1, stdout: "" }));
  const [, real] = /^hostname (\S+)$/mu.exec(stdout) ?? [];
  return status !== 0 || real === undefined || real === host ? undefined : before + real + after;
}

/** A URL without what opens it. A password may hold an `@`; the last one before the path ends it. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^/]*@/iu, "$1");
}
