export { filesOfFolder, type ReleasedFiles } from "./files.ts";
export { compareRebuilt, type RebuildDifference } from "./rebuild.ts";
export { verifyRelease } from "./release.ts";
export type { Verdict } from "./verdict.ts";
