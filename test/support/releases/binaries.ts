import { createHash } from "node:crypto";
import type { Binary } from "../../../src/model/artifact.ts";
import type { BuildInfo, Module } from "../../../src/model/binary.ts";
import type { Plan } from "../../../src/model/plan.ts";
import type { Target } from "../../../src/model/target.ts";

function module(path: string, version: string, sum: string): Module {
  return { path, version, sum };
}

/** What `go version -m` prints of `age` 1.3.1. */
export const ageInfo: BuildInfo = {
  go: "go1.26.8",
  path: "filippo.io/age/cmd/age",
  main: module("filippo.io/age", "v1.3.1", "h1:hbzdQOJkuaMEpRCLSN1/C5DX74RPcNCk6oqhKMXmZi0="),
  deps: [
    module("filippo.io/edwards25519", "v1.1.0", "h1:FNf4tywRC1HmFuKW5xopWpigGjJKiJSV0Cqo0cJWDaA="),
    module("golang.org/x/crypto", "v0.45.0", "h1:jMBrvKuj23MTlT0bQEOBcAE0mjg8mK9RXFhRH6nyF3Q="),
    module("golang.org/x/sys", "v0.38.0", "h1:3yZWxaJjBmCWXqhN1qh02AkOnCQ1poK6oF+a7xWL6Gc="),
  ],
  settings: { CGO_ENABLED: "0", GOOS: "linux", GOARCH: "amd64" },
};

export const linux: Target = { os: "linux", arch: "amd64" };
export const windows: Target = { os: "windows", arch: "amd64" };

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** The bytes whose digest a binary has. */
export function programOf({ name, target }: Pick<Binary, "name" | "target">): string {
  return `${name.replace(/\.exe$/u, "")} ${target.os}_${target.arch}`;
}

export function binaryOf(target: Target, change: Partial<BuildInfo> = {}, name = "age"): Binary {
  const platform = `${target.os}_${target.arch}`;
  return {
    name: target.os === "windows" ? `${name}.exe` : name,
    build: `${target.os}/${target.arch}`,
    target,
    artifact: `age_1.3.1_${platform}.tar.gz`,
    size: 4_600_000,
    sha256: sha256(`${name} ${platform}`),
    inspection: {
      format: target.os === "windows" ? "pe" : "elf",
      arch: target.arch,
      linkage: { kind: "static", libraries: [] },
      buildInfo: { ...ageInfo, ...change },
    },
  };
}

function step(target: Target): Plan["builds"][number] {
  return {
    id: `${target.os}/${target.arch}`,
    target,
    programs: [],
    flags: [],
    ldflags: [],
    tags: [],
    env: {},
    static: "required",
  };
}

/** A release of age for two platforms. */
export const agePlan: Plan = {
  schema: 1,
  generator: "0.1.0",
  name: "age",
  module: { path: "filippo.io/age", folder: ".", vendored: false },
  release: {
    tag: "v1.3.1",
    version: "1.3.1",
    commit: "0123456789abcdef0123456789abcdef01234567",
    date: "2026-01-02T03:04:05Z",
    snapshot: false,
    title: "v1.3.1",
    notes: "",
    previousTag: null,
    draft: false,
    prerelease: false,
    latest: "auto",
    milestones: [],
  },
  go: "go1.26.8",
  builds: [step(linux), step(windows)],
  archives: [],
  generated: [],
  uncommitted: [],
  modified: false,
  skipped: [],
  checksum: { algorithm: "sha256", name: "checksums.txt" },
  sbom: "cyclonedx",
  provenance: true,
  signing: {
    mode: "keyless",
    reason: "",
    everyArchive: false,
    audience: "sigstore",
    fulcioUrl: "https://fulcio.sigstore.dev",
    rekorUrl: "https://rekor.sigstore.dev",
    rekorVersion: 1,
    tsaUrl: null,
  },
  destination: {
    forge: "github",
    repository: "octo/age",
    apiUrl: "https://api.github.com",
    serverUrl: "https://github.com",
    replace: false,
  },
  dryRun: false,
  notices: [],
  channels: [],
  metadata: {},
  parameters: { targets: "linux/amd64" },
};
