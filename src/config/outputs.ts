/** What a run hands to later steps, under the same names everywhere. */
export const outputs = {
  version: "SemVer without `v`",
  tag: "the tag; empty for a snapshot",
  "release-url": "URL of the release; empty in a dry run",
  manifest: "path of `manifest.json`",
  artifacts: "JSON list of the released files: kind, name, path, size, sha256",
  checksums: "path of `checksums.txt`; empty with `checksum-split`",
  bundle:
    "path of `checksums.txt.sigstore.json`; empty when nothing was signed, or with `checksum-split`",
  "dry-run": "`true` when nothing was published",
  "plan-digest": "digest of what is built and how; the same in every job of a release",
  "shard-digest": "digest of the shard's `manifest.json`, with `command: build`",
  "go-version": "version of Go that builds, e.g. `1.26.8`; empty for a development version",
  matrix: "CI matrix as JSON, with `command: plan` and `shards`",
} as const;

export type OutputName = keyof typeof outputs;
export type Outputs = Readonly<Record<OutputName, string>>;
