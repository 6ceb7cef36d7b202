export type { OpenedArchives } from "./contents.ts";
export { coveredBy, isEvidence } from "./coverage.ts";
export { type ExpectedSigner, expectedWorkflow, type ReleaseSource } from "./expected.ts";
export { filesOfFolder, type ReleasedFiles } from "./files.ts";
export { verifyImage } from "./images.ts";
export { readPublicKey } from "./public-key.ts";
export { compareRebuilt, type RebuildDifference } from "./rebuild.ts";
export { verifyRelease } from "./release.ts";
export { Findings, type Verdict, withFindings } from "./verdict.ts";
