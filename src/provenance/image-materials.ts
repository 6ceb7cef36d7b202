import type { PlannedImage } from "../model/image.ts";
import { golangPurl } from "../model/purl.ts";

/** The certificates that images hold: Mozilla's list as Go's authors keep it, a module by its sum. */
export const ROOTS = {
  module: "golang.org/x/crypto/x509roots/fallback",
  version: "v0.0.0-20261030153154-30a33513ff6d",
  sum: "h1:5NBkmd8MXirajj6AAEpi4HFVJnVkBNPTL1ggYAKqaws=",
  /** Inside the module: certificates in DER, one after the other. */
  file: "bundle/bundle.der",
} as const;

/** What is in an image besides its programs; the time zones are of the Go that is named already. */
export function imageMaterials({ base, certificates }: PlannedImage) {
  const [uri, digest = ""] = base.split("@sha256:");
  const dirHash = Buffer.from(ROOTS.sum.slice("h1:".length), "base64").toString("hex");
  return [
    ...(base === "scratch" ? [] : [{ uri: `oci://${uri}`, digest: { sha256: digest } }]),
    ...(certificates
      ? [{ uri: golangPurl(ROOTS.module, ROOTS.version), digest: { dirHash } }]
      : []),
  ];
}
