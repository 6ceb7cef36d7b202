import type { Manifest } from "../model/manifest.ts";
import { commandsFor } from "./verify-commands.ts";

/** How anybody verifies the released files, each command under a comment that says what it shows. */
export const readerCommands = (manifest: Manifest): readonly string[] =>
  commandsFor(manifest).flatMap(({ shows, command }) => [`# ${shows}`, command]);

/** The same as Markdown, to follow the release notes. */
export const howToVerify = (manifest: Manifest): string =>
  ["### Verify", "", "```sh", ...readerCommands(manifest), "```"].join("\n");
