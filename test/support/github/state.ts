import { createHash } from "node:crypto";

export interface StoredAsset {
  readonly id: number;
  name: string;
  readonly state: "uploaded" | "starter";
  readonly contentType: string;
  readonly content: Buffer;
  readonly sha256: string;
  readonly created: string;
}

export interface StoredRelease {
  readonly id: number;
  tag: string;
  name: string;
  body: string;
  draft: boolean;
  prerelease: boolean;
  latest: string;
  immutable: boolean;
  discussion: string | undefined;
  readonly created: string;
  published: string | null;
  readonly assets: StoredAsset[];
}

export function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A copy that later changes do not touch; contents are shared, for they never change. */
export function snapshot(releases: readonly StoredRelease[]): StoredRelease[] {
  return releases.map((release) => ({
    ...release,
    assets: release.assets.map((asset) => ({ ...asset })),
  }));
}
