import type { Manifest } from "../../model/manifest.ts";
import { manifestTable, timeTable } from "../reading.ts";

/** The end of the job's log: what was released, and how anybody verifies it. */
export const summary = (manifest: Manifest, folder: string): string => {
  const { url, plan, identity } = manifest;
  return [
    manifestTable(manifest),
    "",
    timeTable(manifest),
    url === null ? `nothing was published; the files are in ${folder}` : `published: ${url}`,
    "",
    "verify as a consumer:",
    `  sha256sum --ignore-missing -c ${plan.checksum.name}`.replace(
      "sha256sum",
      `${plan.checksum.algorithm}sum`,
    ),
    ...(identity?.issuer === undefined
      ? []
      : keyless(plan.checksum.name, identity.subject, identity.issuer)),
    ...(identity?.kind === "key"
      ? [
          `  cosign verify-blob --key cosign.pub --bundle ${plan.checksum.name}.sigstore.json ${plan.checksum.name}`,
        ]
      : []),
  ].join("\n");
};

const keyless = (checksums: string, subject: string, issuer: string): readonly string[] => [
  `  cosign verify-blob --bundle ${checksums}.sigstore.json \\`,
  `    --certificate-identity ${subject} \\`,
  `    --certificate-oidc-issuer ${issuer} ${checksums}`,
];
