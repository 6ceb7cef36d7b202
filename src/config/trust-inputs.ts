import { planning } from "./commands.ts";
import { callersOwn, checked, flag, type Input, text } from "./input-types.ts";
import { patternRule, serviceRule } from "./value-rules.ts";

const TRUST = callersOwn("who is trusted");
const everybody = { commands: [...planning, "verify"], ...TRUST };

/** What signatures are verified against, and where that comes from. */
export const trustInputs = {
  trustedRoot: text("trusted root (JSON) to verify against, a path", undefined, {
    shown: "the instance's own, from its TUF repository",
    ...everybody,
  }),
  tufUrl: checked(
    "TUF repository of a sigstore instance; with `tuf-root` an own instance, without a mirror of the public good one",
    serviceRule,
    { shown: "the public good instance's", ...everybody },
  ),
  tufRoot: text(
    "root.json that an own instance's TUF repository is verified from, a path",
    undefined,
    {
      shown: "the public good instance's",
      ...everybody,
    },
  ),
  offline: flag(
    "ask no TUF repository: go by the trust root that came with this program",
    false,
    everybody,
  ),
} satisfies Record<string, Input<unknown>>;

/** `publish --channels` reads a release as `verify` does. */
const ofReaders = { commands: ["verify", "publish"], ...TRUST };

/** Whom a reader expects to have signed. */
export const identityInputs = {
  certificateIdentity: text("identity that must have signed", undefined, {
    shown:
      "for a release on a forge, a CI run of that repository for that tag; required for a folder",
    ...ofReaders,
  }),
  certificateIdentityRegexp: checked(
    "the same as a regular expression, which has to fit the whole identity",
    patternRule,
    ofReaders,
  ),
  certificateOidcIssuer: text("OIDC issuer of that identity", undefined, {
    shown: "the forge's own",
    ...ofReaders,
  }),
  certificateOidcIssuerRegexp: checked(
    "the same as a regular expression, which has to fit the whole issuer",
    patternRule,
    ofReaders,
  ),
} satisfies Record<string, Input<unknown>>;
