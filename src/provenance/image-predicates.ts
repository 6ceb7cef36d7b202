/** What `cosign sign` states of an image, which is that somebody signed it. */
export const SIGNED = "https://sigstore.dev/cosign/sign/v1";

/** What states the bill of materials of an image, by the format that it is in. */
export const SBOM_TYPES = {
  cyclonedx: "https://cyclonedx.org/bom",
  spdx: "https://spdx.dev/Document",
} as const;
