import root from "./public-good.json" with { type: "json" };

/**
 * The public good instance of sigstore: its services (signing configuration v0.2) and its trust root, as
 * the Python package `sigstore` 4.5.1 carries it. `trusted-root` replaces it with a newer file.
 */
export const publicGood = {
  fulcioUrl: "https://fulcio.sigstore.dev",
  rekorUrl: "https://rekor.sigstore.dev",
  /** Rekor v2 is sharded by year; this is the newest shard that the root below knows. */
  rekorV2Url: "https://log2025-1.rekor.sigstore.dev",
  tsaUrl: "https://timestamp.sigstore.dev/api/v1/timestamp",
  /** When the root was taken over. */
  date: "2026-11-23",
  root: root as unknown,
} as const;

/** Whether a service belongs to the public good instance. */
export function isPublicGood(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "sigstore.dev" || hostname.endsWith(".sigstore.dev");
}
