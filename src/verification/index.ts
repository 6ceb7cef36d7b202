export { type CommandOptions, commandsFor, type ReaderCommand } from "./commands.ts";
export { filesOfFolder, type ReleasedFiles } from "./files.ts";
export { compareBinaries, compareRebuilt, type Difference, type Rebuilt } from "./rebuild.ts";
export { verifyRelease } from "./release.ts";
export type { Expected } from "./signatures.ts";
export type { Fault, Verdict } from "./verdict.ts";
