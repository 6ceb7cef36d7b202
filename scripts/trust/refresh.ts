import type { Reach } from "../../src/net/exchange.ts";
import { servicesOf } from "../../src/signers/trust/services.ts";
import { readTrustedRoot } from "../../src/signers/trust/trusted-root.ts";
import { tufCache } from "../../src/signers/tuf/cache.ts";
import { refreshed, type TufRepository } from "../../src/signers/tuf/repository.ts";
import type { World } from "../../src/world/world.ts";

/** What comes with the program, by the name that it has in a repository. */
const FILES = [
  { name: "trusted_root.json", as: "trusted-root.json", needed: true },
  { name: "signing_config.v0.2.json", as: "signing-config.json", needed: false },
];

export interface Refreshing {
  /** How the files of an instance begin. */
  readonly instance: string;
  readonly repository: TufRepository;
  /** What an instance's files are written to, by their name; they are read first by whoever uses them. */
  readonly write: (name: string, bytes: Buffer) => Promise<void>;
  readonly world: Reach & Pick<World, "files">;
}

/** Takes what an instance's repository has today; each file is held to what the program expects of it. */
export async function refresh({ instance, repository, write, world }: Refreshing): Promise<void> {
  const cache = tufCache(repository.url, undefined, world.files);
  const { signal } = new AbortController();
  const { files, root } = await refreshed(repository, FILES, cache, world, signal);
  const json = (name: string) => JSON.parse(files.get(name)?.toString("utf8") ?? "{}") as unknown;
  readTrustedRoot(JSON.stringify(json("trusted_root.json")), "trusted_root.json");
  if (files.has("signing_config.v0.2.json"))
    servicesOf(json("signing_config.v0.2.json"), json("trusted_root.json"), world.clock.now());
  await write(`${instance}-root.json`, root);
  for (const { name, as } of FILES) {
    const bytes = files.get(name);
    if (bytes !== undefined) await write(`${instance}-${as}`, bytes);
  }
}
