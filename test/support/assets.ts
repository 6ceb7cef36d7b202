import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { Asset } from "../../src/forges/forge.ts";
import type { ArtifactKind } from "../../src/model/artifact.ts";
import type { ReleaseSpec } from "../../src/model/plan.ts";

export function asset(name: string, content: string, kind: ArtifactKind = "archive"): Asset {
  const bytes = Buffer.from(content);
  return {
    name,
    kind,
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    contentType: kind === "archive" ? "application/gzip" : "application/json",
    open: () => Readable.from([bytes]),
  };
}

/** A release as a project with three targets makes it; `salt` makes other bytes. */
export function assets(salt: string = ""): readonly Asset[] {
  return [
    asset("age_1.0.0_linux_amd64.tar.gz", `linux/amd64 ${salt}`.repeat(50)),
    asset("age_1.0.0_darwin_arm64.tar.gz", `darwin/arm64 ${salt}`.repeat(60)),
    asset("age_1.0.0_windows_amd64.zip", `windows/amd64 ${salt}`.repeat(40)),
    asset("checksums.txt", `sums of ${salt}`, "checksums"),
  ];
}

export const release: ReleaseSpec = {
  tag: "v1.0.0",
  version: "1.0.0",
  commit: "5d0e1a9c8b7f6e5d4c3b2a1908f7e6d5c4b3a291",
  date: "2026-03-01T10:00:00Z",
  snapshot: false,
  title: "v1.0.0",
  notes: "First release.\n",
  previousTag: null,
  draft: false,
  prerelease: false,
  latest: "auto",
  milestones: [],
};
