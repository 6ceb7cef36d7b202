import type { World } from "../world/world.ts";
import type { Toolchain } from "./toolchain.ts";

interface GoModJson {
  readonly Replace?:
    | readonly { readonly New: { readonly Path: string; readonly Version?: string } }[]
    | null;
}

/** The folders that go.mod's `replace` lines name, as written there. */
export async function localReplacements(
  { go, env }: Pick<Toolchain, "go" | "env">,
  folder: string,
  capture: World["capture"],
): Promise<readonly string[]> {
  const { stdout } = await capture({ file: go, args: ["mod", "edit", "-json"], cwd: folder, env });
  return ((JSON.parse(stdout) as GoModJson).Replace ?? [])
    .filter(({ New }) => New.Version === undefined)
    .map(({ New }) => New.Path);
}
