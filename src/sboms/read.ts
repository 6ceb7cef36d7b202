import * as z from "zod/mini";
import { parsedJson } from "../model/parsed-json.ts";

/** A program as a document of ours describes it. */
export interface DescribedProgram {
  readonly name: string;
  /** The released file that carries it. */
  readonly artifact: string;
  readonly sha256: string;
}

const CycloneDx = z.object({
  bomFormat: z.literal("CycloneDX"),
  components: z.array(
    z.object({
      type: z.string(),
      name: z.string(),
      hashes: z.optional(z.array(z.object({ alg: z.string(), content: z.string() }))),
      properties: z.optional(z.array(z.object({ name: z.string(), value: z.string() }))),
    }),
  ),
});

const Spdx = z.object({
  spdxVersion: z.literal("SPDX-2.3"),
  packages: z.array(
    z.object({
      name: z.string(),
      packageFileName: z.optional(z.string()),
      checksums: z.optional(
        z.array(z.object({ algorithm: z.string(), checksumValue: z.string() })),
      ),
    }),
  ),
});

/** The programs that an SBOM of this program's describes; undefined when it is none. */
export function readSbom(text: string): readonly DescribedProgram[] | undefined {
  const document = parsedJson(text);
  const cyclonedx = CycloneDx.safeParse(document);
  if (cyclonedx.success) return cyclonedx.data.components.flatMap(fromComponent);
  const spdx = Spdx.safeParse(document);
  return spdx.success ? spdx.data.packages.flatMap(fromPackage) : undefined;
}

function fromComponent(one: z.infer<typeof CycloneDx>["components"][number]): DescribedProgram[] {
  const artifact = one.properties?.find(({ name }) => name === "release:artifact")?.value;
  const sha256 = one.hashes?.find(({ alg }) => alg === "SHA-256")?.content;
  return artifact === undefined || sha256 === undefined
    ? []
    : [{ name: one.name, artifact, sha256 }];
}

function fromPackage(one: z.infer<typeof Spdx>["packages"][number]): DescribedProgram[] {
  const sha256 = one.checksums?.find(({ algorithm }) => algorithm === "SHA256")?.checksumValue;
  const artifact = one.packageFileName;
  return artifact === undefined || sha256 === undefined
    ? []
    : [{ name: one.name, artifact, sha256 }];
}
