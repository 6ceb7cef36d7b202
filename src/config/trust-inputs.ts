import { plans } from "./commands.ts";
import { callersOwn, checked, decisions, flag, type Input, text } from "./input-types.ts";
import { patternRule, serviceRule } from "./value-rules.ts";

const TRUST = callersOwn(decisions.trust);
const everybody = { commands: plans, ...TRUST };

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
export const ofReaders = { commands: ["verify", "publish"], ...TRUST };

/** What `verify` does only where it is asked to. */
export const deeperInputs = {
  rebuild: flag("build the same commit again and compare every byte", false, {
    commands: ["verify"],
    ...callersOwn(decisions.run),
  }),
  sumDatabase: flag(
    "ask Go's checksum database whether it has the commit's files as the module at this tag",
    false,
    { commands: ["verify"], ...callersOwn(decisions.run) },
  ),
} satisfies Record<string, Input<unknown>>;

/** What a reader looks at, and whom they expect to have signed it. */
export const identityInputs = {
  release: text(
    "release that `verify` checks, if it is not an argument: a folder, or a tag or URL of a forge",
    undefined,
    { commands: ["verify"], shown: "the output folder", ...callersOwn(decisions.run) },
  ),
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
