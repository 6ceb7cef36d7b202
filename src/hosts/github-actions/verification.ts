import type { Manifest } from "../../model/manifest.ts";

/** The commands with which anybody checks the released files, with tools that are not ours. */
export function verification({ plan, artifacts, identity }: Manifest): readonly string[] {
  const sums = plan.checksum.name;
  const bundle = artifacts.find(({ kind, from }) => kind === "signature" && from.includes(sums));
  const archive = artifacts.find(({ kind }) => kind === "archive" || kind === "binary");
  const proven =
    artifacts.some(({ kind }) => kind === "provenance") && identity?.kind === "keyless";
  const attested = proven && archive !== undefined && plan.destination.forge === "github";
  return [
    ...(bundle === undefined ? [] : signed(sums, bundle.name, identity)),
    `${plan.checksum.algorithm}sum --check --ignore-missing ${sums}`,
    ...(attested
      ? [`gh attestation verify ${archive.name} --repo ${plan.destination.repository}`]
      : []),
  ];
}

function signed(file: string, bundle: string, identity: Manifest["identity"]): readonly string[] {
  if (identity?.kind === "key")
    return [`cosign verify-blob --key cosign.pub --bundle ${bundle} ${file}`];
  if (identity?.kind !== "keyless") return [];
  return [
    `cosign verify-blob --bundle ${bundle} \\`,
    `  --certificate-identity '${identity.subject}' \\`,
    `  --certificate-oidc-issuer '${identity.issuer ?? ""}' ${file}`,
  ];
}
