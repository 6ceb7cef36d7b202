import * as z from "zod/mini";
import { isTag, readBase } from "../images/reference.ts";
import type { ReleasedImage } from "../model/image.ts";
import type { Manifest } from "../model/manifest.ts";
import { PROVENANCE, SIGNATURE } from "../model/names.ts";
import { golangPurl, STDLIB } from "../model/purl.ts";
import { PREDICATE_TYPE, STATEMENT_TYPE } from "../provenance/provenance.ts";
import type { ExpectedSigner } from "./expected.ts";
import type { Measured } from "./files.ts";
import type { BuildOrigin, Findings } from "./verdict.ts";

const Statement = z.object({
  _type: z.literal(STATEMENT_TYPE),
  predicateType: z.literal(PREDICATE_TYPE),
  subject: z.array(z.object({ name: z.string(), digest: z.record(z.string(), z.string()) })),
  predicate: z.object({
    buildDefinition: z.object({
      externalParameters: z.object({ source: z.string(), configuration: z.optional(z.unknown()) }),
      resolvedDependencies: z.array(
        z.object({
          name: z.optional(z.string()),
          uri: z.optional(z.string()),
          digest: z.optional(z.record(z.string(), z.string())),
        }),
      ),
    }),
    runDetails: z.optional(
      z.object({
        byproducts: z.optional(z.array(z.looseObject({ uri: z.optional(z.string()) }))),
      }),
    ),
  }),
});

/** A container image, as `provenanceOf` writes it. */
const ImageByproduct = z.object({
  name: z.string(),
  digest: z.object({ sha256: z.string() }),
  annotations: z.object({ tags: z.array(z.string()) }),
});

/** Compares the subjects with the files, both ways, and the commit with the manifest's. */
export function verifyProvenance(
  payload: Uint8Array,
  files: ReadonlyMap<string, Measured>,
  manifest: Manifest | undefined,
  source: ExpectedSigner["source"],
  findings: Findings,
): BuildOrigin | undefined {
  const statement = readStatement(payload);
  if (statement === undefined) {
    findings.fault(PROVENANCE, "it is not SLSA v1 provenance in an in-toto statement");
    return undefined;
  }
  const before = findings.faults.length;
  const subjects = new Map(statement.subject.map(({ name, digest }) => [name, digest["sha256"]]));
  for (const [name, sha256] of subjects) {
    const file = files.get(name);
    if (file === undefined)
      findings.missing(name, name, "the provenance lists it, but it is missing");
    else if (file.sha256 !== sha256) {
      findings.fault(name, `its sha256 is ${file.sha256}, the provenance says ${sha256}`);
    }
  }
  for (const name of files.keys()) {
    // Signatures may be made at the same time as the provenance.
    if (!subjects.has(name) && !name.endsWith(SIGNATURE)) {
      findings.fault(name, "the provenance does not cover it");
    }
  }
  verifyCommit(statement, manifest, findings);
  verifySource(statement, source, findings);
  const seen = [...subjects.keys()].filter((name) => files.has(name)).length;
  findings.passed(`${seen} subjects of ${PROVENANCE}`, before);
  const images = imagesIn(statement);
  if (images === undefined)
    findings.fault(PROVENANCE, "it names container images in a form that this version cannot read");
  return { ...originOf(statement), images: images ?? [] };
}

/** What a statement says of where something comes from; undefined for what is no SLSA v1 provenance. */
export function statedOrigin(payload: Uint8Array): Pick<BuildOrigin, "commit" | "tag"> | undefined {
  const statement = readStatement(payload);
  return statement === undefined ? undefined : originOf(statement);
}

/** Undefined where one of them is nothing that a registry could be asked for. */
function imagesIn({ predicate }: z.infer<typeof Statement>): readonly ReleasedImage[] | undefined {
  const images: ReleasedImage[] = [];
  const { byproducts = [] } = predicate.runDetails ?? {};
  for (const byproduct of byproducts.filter(({ uri }) => uri?.startsWith("oci://"))) {
    const read = ImageByproduct.safeParse(byproduct);
    if (!read.success) return undefined;
    const { name: repository, digest, annotations } = read.data;
    const image = { repository, digest: `sha256:${digest.sha256}`, tags: annotations.tags };
    if (readBase(`${repository}@${image.digest}`) === undefined) return undefined;
    if (!image.tags.every(isTag)) return undefined;
    images.push(image);
  }
  return images;
}

function originOf({ predicate }: z.infer<typeof Statement>): Omit<BuildOrigin, "images"> {
  const { externalParameters, resolvedDependencies } = predicate.buildDefinition;
  const { source, configuration } = externalParameters;
  const commit = resolvedDependencies.find(({ digest }) => digest?.["gitCommit"] !== undefined);
  const toolchain = resolvedDependencies.find(({ uri }) =>
    uri?.startsWith(`${golangPurl(STDLIB)}@`),
  );
  return {
    commit: commit?.digest?.["gitCommit"] ?? null,
    tag: /@refs\/tags\/(.+)$/u.exec(source)?.[1] ?? null,
    go: toolchain?.name ?? "",
    parameters: configuration,
  };
}

/** Undefined for what is no SLSA v1 provenance in an in-toto statement. */
export function readStatement(payload: Uint8Array): z.infer<typeof Statement> | undefined {
  try {
    return Statement.parse(JSON.parse(Buffer.from(payload).toString("utf8")));
  } catch {
    return undefined;
  }
}

/** A sound release of another tag, put in this one's place, is an attack. */
function verifySource(
  { predicate }: z.infer<typeof Statement>,
  expected: ExpectedSigner["source"],
  findings: Findings,
): void {
  if (expected === undefined) return;
  const { source } = predicate.buildDefinition.externalParameters;
  const { serverUrl, repository, tag } = expected;
  // GitLab also knows projects by number, which no statement names.
  const project = /^\d+$/.test(repository) ? /^.+(?=@refs\/)/.exec(source)?.[0] : undefined;
  const place = project ?? `git+${serverUrl.replace(/\/+$/, "")}/${repository}`;
  if (source.toLowerCase() !== `${place}@refs/tags/${tag}`.toLowerCase()) {
    findings.fault(
      PROVENANCE,
      `it is for ${source}, but ${tag} of ${serverUrl}/${repository} was requested`,
    );
  }
}

function verifyCommit(
  { predicate }: z.infer<typeof Statement>,
  manifest: Manifest | undefined,
  findings: Findings,
): void {
  const expected = manifest?.plan.release.commit;
  if (expected === undefined || expected === null) return;
  const commits = predicate.buildDefinition.resolvedDependencies.flatMap(({ digest }) =>
    digest?.["gitCommit"] === undefined ? [] : [digest["gitCommit"]],
  );
  if (!commits.includes(expected)) {
    findings.fault(
      PROVENANCE,
      `it names commit ${commits.join(", ") || "none"}, the manifest ${expected}`,
    );
  }
}
