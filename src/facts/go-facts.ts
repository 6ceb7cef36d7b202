import { join } from "node:path";
import type { Toolchain } from "../go/toolchain.ts";
import type { World } from "../world/world.ts";
import type { GoFacts } from "./facts.ts";

/** What is to be known of the Go that builds. */
export async function goFacts(
  { version, defaults, replaced, setAside }: Toolchain,
  platforms: readonly string[],
  folder: string,
  files: Pick<World["files"], "readText">,
): Promise<GoFacts> {
  return {
    version,
    platforms,
    defaults,
    setAside,
    ...(replaced === undefined ? {} : { replaced }),
    ...(await suggestedGo(folder, files)),
  };
}

/** The toolchain that go.mod suggests, which counts only where GOTOOLCHAIN lets it. */
async function suggestedGo(
  folder: string,
  files: Pick<World["files"], "readText">,
): Promise<Pick<GoFacts, "suggested">> {
  const text = await files.readText(join(folder, "go.mod"));
  const suggested = /^toolchain\s+(go\S+)/mu.exec(text)?.[1];
  return suggested === undefined ? {} : { suggested };
}
