import type { Config } from "../config/config.ts";
import { defined } from "../model/defined.ts";
import type { Signing } from "../model/plan.ts";
import type { Surroundings } from "../model/surroundings.ts";
import {
  chooseSigning,
  isReplayable,
  type SigningWish,
  signedElsewhere,
} from "../signers/choose.ts";
import { keyServiceOf } from "../signers/kms/reference.ts";
import type { SigstoreServices } from "../signers/trust/services.ts";

interface SigningInputs {
  readonly config: Config;
  readonly surroundings: Surroundings;
  readonly dryRun: boolean;
  /** What the instance names today. */
  readonly services?: SigstoreServices | undefined;
}

/** How the release is signed, from what was asked for and what this place offers. Throws a `Problem`. */
export function signingOf({ config, surroundings, dryRun, services }: SigningInputs): Signing {
  const { forge, serverUrl } = surroundings;
  return chooseSigning(
    defined({ ...signingWish(config), services }),
    defined({
      dryRun,
      identity: surroundings.identity !== undefined,
      public: surroundings.public,
      forge,
      serverUrl,
    }),
  );
}

/** What the reader should know of how it is signed. */
export function signingNotices(signing: Signing, { serverUrl }: Surroundings): readonly string[] {
  if (!isReplayable(signing, defined({ dryRun: false, identity: true, serverUrl }))) return [];
  return [
    `${signing.fulcioUrl} receives an identity token for the audience \`sigstore\`, with which it could obtain certificates from the public Fulcio in this project's name: configure it with its own audience, and set \`oidc-audience\` to that`,
  ];
}

/** The same for one part of a release, which another job signs. */
export function signingOfPart(config: Config): Signing {
  return signedElsewhere(signingWish(config));
}

function signingWish({ settings, given }: Config): SigningWish {
  const { fulcioUrl, oidcAudience, rekorUrl, tsaUrl } = settings;
  return defined({
    sign: settings.sign,
    key: given.has("signKey"),
    keyService: keyServiceOf(settings.signKey ?? ""),
    everyArchive: settings.signEach,
    fulcioUrl,
    audience: oidcAudience,
    ...(rekorUrl === undefined ? {} : { rekorUrl: rekorUrl === "none" ? null : rekorUrl }),
    rekorVersion: versionOf(settings.rekorVersion),
    tsaUrl,
    trustedRoot: settings.trustedRoot !== undefined,
    ownInstance: settings.tufRoot !== undefined,
  });
}

function versionOf(given: string | undefined): 1 | 2 | undefined {
  return given === undefined ? undefined : given === "2" ? 2 : 1;
}
