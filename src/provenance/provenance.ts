import type { Artifact, Binary } from "../model/artifact.ts";
import type { Module } from "../model/binary.ts";
import { defined } from "../model/defined.ts";
import type { ReleasedImage } from "../model/image.ts";
import type { Plan } from "../model/plan.ts";
import { golangPurl, stdlibPurl } from "../model/purl.ts";

/** How to read `externalParameters`; described in docs/build-type.md. */
export const BUILD_TYPE = "urn:go-release-action:build:v1";

export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const PREDICATE_TYPE = "https://slsa.dev/provenance/v1";

/** Who built it, and when; facts that the host and the clock know. */
export interface BuildRun {
  /** SLSA's builder id, from the host; absent in a terminal. */
  readonly builder?: string;
  /** The run's URL. */
  readonly invocation?: string;
  /** Milliseconds since 1970. */
  readonly started?: number;
  readonly finished?: number;
}

export interface ProvenanceSubject {
  readonly plan: Plan;
  /** Every released file but the provenance itself. */
  readonly artifacts: readonly Pick<Artifact, "name" | "sha256">[];
  readonly binaries: readonly Binary[];
  /** What else went in. */
  readonly materials?: readonly Material[];
  /** Container images of the same run, which lie in registries. */
  readonly images?: readonly ReleasedImage[];
  readonly run: BuildRun;
}

interface Material {
  readonly uri: string;
  readonly digest: Readonly<Record<string, string>>;
}

/** An in-toto statement with SLSA v1 provenance over every released file, as the bytes that are signed. Pure. */
export function provenanceOf(subject: ProvenanceSubject): Buffer {
  const { plan, artifacts, binaries, run, materials = [], images = [] } = subject;
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [...artifacts]
      .sort((a, b) => compare(a.name, b.name))
      .map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: PREDICATE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: { source: sourceUri(plan), configuration: plan.parameters },
        internalParameters: { tool: plan.generator, targets: plan.builds.map(({ id }) => id) },
        resolvedDependencies: [
          ...sourceOf(plan),
          ...toolchainOf(plan),
          ...modulesOf(binaries),
          ...toolsOf(plan),
          ...filesOf(plan),
          ...materials,
        ],
      },
      runDetails: {
        builder: {
          id: run.builder ?? LOCAL_BUILDER,
          version: { "go-release-action": plan.generator },
        },
        metadata: defined({
          invocationId: run.invocation,
          ...(run.started === undefined ? {} : { startedOn: timestamp(run.started) }),
          ...(run.finished === undefined ? {} : { finishedOn: timestamp(run.finished) }),
        }),
        ...(images.length === 0 ? {} : { byproducts: images.map(byproductOf) }),
      },
    },
  };
  return Buffer.from(JSON.stringify(statement));
}

/** Whether two statements speak of the same files and the same build; the run that made them may differ. */
export function isSameBuild(one: Uint8Array, other: Uint8Array): boolean {
  return withoutRun(one) === withoutRun(other);
}

function withoutRun(statement: Uint8Array): string {
  return JSON.stringify(
    JSON.parse(Buffer.from(statement).toString("utf8")),
    (key: string, value: unknown) => (key === "runDetails" ? Object(value).byproducts : value),
  );
}

/** An image as an in-toto resource (in-toto attestation, "ResourceDescriptor"). */
function byproductOf({ repository, digest, tags }: ReleasedImage) {
  return {
    name: repository,
    uri: `oci://${repository}`,
    digest: { sha256: digest.replace("sha256:", "") },
    annotations: { tags },
  };
}

/** Nobody vouches for a person's own machine. */
const LOCAL_BUILDER = "urn:go-release-action:builder:local";

/** RFC 3339 in whole seconds. */
function timestamp(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

/** SPDX's notation of a place in a repository, e.g. `git+https://github.com/octo/hello@refs/tags/v1.2.3`. */
function sourceUri({ destination, module, release }: Plan): string {
  const ref = release.tag === null ? "" : `@refs/tags/${release.tag}`;
  const { serverUrl, repository } = destination;
  return serverUrl === "" || repository === ""
    ? `${golangPurl(module.path)}${release.tag === null ? "" : `@${release.tag}`}`
    : `git+${serverUrl.replace(/\/+$/, "")}/${repository}${ref}`;
}

function sourceOf(plan: Plan) {
  const { commit } = plan.release;
  return commit === null ? [] : [{ uri: sourceUri(plan), digest: { gitCommit: commit } }];
}

function toolchainOf({ go }: Plan) {
  return go === "" ? [] : [{ name: go, uri: stdlibPurl(go) }];
}

/** Each module that is in any binary, by the digest that go.sum holds of it. */
function modulesOf(binaries: readonly Binary[]) {
  const modules = new Map<string, { uri: string; digest: { dirHash: string } }>();
  for (const { inspection } of binaries) {
    for (const { path, version, sum } of inspection.buildInfo.deps.map(builtFrom)) {
      const dirHash = dirHashOf(sum);
      if (dirHash === undefined) continue;
      const uri = golangPurl(path, version);
      modules.set(uri, { uri, digest: { dirHash } });
    }
  }
  return [...modules.values()].sort((a, b) => compare(a.uri, b.uri));
}

/** Programs that made released files, by the digests that their go.sum holds of them. */
function toolsOf({ tools = [] }: Plan) {
  return tools.map(({ path, version, sum }) => {
    const dirHash = dirHashOf(sum);
    return {
      uri: golangPurl(path, version),
      ...(dirHash === undefined ? {} : { digest: { dirHash } }),
    };
  });
}

/** What is in the release and not in its commit, declared or, in a dry run, not. */
function filesOf({ generated, uncommitted }: Plan) {
  return [...generated, ...uncommitted].flatMap(({ path, sha256 }) =>
    sha256 === undefined ? [] : [{ name: path, digest: { sha256 } }],
  );
}

function builtFrom(module: Module) {
  return module.replace ?? module;
}

/** in-toto's name for go.sum's `h1:`, in hex. */
function dirHashOf(sum: string | undefined): string | undefined {
  return sum?.startsWith("h1:") ? Buffer.from(sum.slice(3), "base64").toString("hex") : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
