import about from "./public-good-about.json" with { type: "json" };
import tufRoot from "./public-good-root.json" with { type: "json" };
import signingConfig from "./public-good-signing-config.json" with { type: "json" };
import trustedRoot from "./public-good-trusted-root.json" with { type: "json" };

/**
 * The public good instance of sigstore: where its TUF repository is, and what of it came with this program, with a
 * note of where that was taken from. `npm run trust` takes newer files from the repository.
 */
export const publicGood = {
  tufUrl: "https://tuf-repo-cdn.sigstore.dev",
  /** When the files were taken over. */
  date: about.date,
  tufRoot: tufRoot as TufRootFile,
  root: trustedRoot as unknown,
  signingConfig: signingConfig as unknown,
} as const;

/** What people are told of a TUF root. */
interface TufRootFile {
  readonly signed: { readonly version: number; readonly expires: string };
}

/** Whether a service belongs to the public good instance. */
export function isPublicGood(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "sigstore.dev" || hostname.endsWith(".sigstore.dev");
}
