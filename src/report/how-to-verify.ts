import type { Manifest } from "../model/manifest.ts";
import { commandsFor } from "./verify-commands.ts";

/** How anybody verifies the released files, each command under a comment that says what it shows. */
export function readerCommands(manifest: Manifest): readonly string[] {
  return commandsFor(manifest).flatMap(({ shows, command }) => [`# ${shows}`, command]);
}

/** The same as Markdown, to follow the release notes. */
export function howToVerify(manifest: Manifest): string {
  return ["### Verify", "", "```sh", ...readerCommands(manifest), "```"].join("\n");
}
