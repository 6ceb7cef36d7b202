import { resolve } from "node:path";
import { defined } from "../model/defined.ts";
import { MANIFEST } from "../model/names.ts";
import { Problem } from "../model/problem.ts";
import { referenceFault } from "../signers/key/key-references.ts";
import { publicPem } from "../signers/key/private-key.ts";
import { keyInService } from "../signers/kms/index.ts";
import { readKeyReference } from "../signers/kms/reference.ts";
import {
  type ExpectedSigner,
  expectedWorkflow,
  type ReleasedFiles,
  type ReleaseSource,
  readPublicKey,
  type Verdict,
  verifyRelease,
} from "../verification/index.ts";
import type { CommandContext } from "./context.ts";
import { keyServiceAccess } from "./key-service.ts";

/** A release as its reader finds it, by whom the inputs say has to have signed. */
export async function judge(
  files: ReleasedFiles,
  call: CommandContext,
  source?: ReleaseSource,
): Promise<Verdict> {
  const expected = await expectedSigner(call, source);
  // A release that lies where it was made, or on its forge, is whole; a reader fetches what they need.
  const partial = source === undefined ? { partial: !files.names.includes(MANIFEST) } : {};
  return await verifyRelease(files, { ...expected, ...partial });
}

/** Whom a reader expects to have signed: as the inputs say, else a run of the project that was asked for. */
export async function expectedSigner(
  call: CommandContext,
  source?: ReleaseSource,
): Promise<ExpectedSigner> {
  const { settings } = call.config;
  const { anySigner, key } = settings;
  const root =
    call.config.settings.trustedRoot === undefined
      ? { trust: call.trust }
      : { trustedRoot: (await call.trust()).trustedRoot };
  const publicKey =
    key === undefined ? undefined : await keyIn(resolve(call.host.surroundings.folder, key), call);
  const who = {
    identity: settings.certificateIdentity,
    identityPattern: settings.certificateIdentityRegexp,
    issuer: settings.certificateOidcIssuer,
    issuerPattern: settings.certificateOidcIssuerRegexp,
  };
  const isNamed = who.identity !== undefined || who.identityPattern !== undefined;
  const said = anySigner || isNamed || key !== undefined;
  const workflow = said || source === undefined ? undefined : expectedWorkflow(source);
  return defined({ anySigner, workflow, ...who, publicKey, ...root, source });
}

/** The file of a public key, or a key in a service. */
async function keyIn(path: string, call: CommandContext): Promise<string> {
  const { config, world } = call;
  const where = config.origins.get("key") ?? "key";
  if ((await world.files.stat(path))?.kind === "file") {
    const text = await world.files.readText(path);
    readPublicKey(text, `${path} (${where})`);
    return text;
  }
  const given = config.settings.key ?? "";
  const held = readKeyReference(given);
  if (held !== undefined) {
    const access = keyServiceAccess(call);
    return publicPem((await keyInService(held, access, world, call.signal)).publicKey);
  }
  const reference = referenceFault(given);
  if (reference === undefined)
    throw new Problem("no-key", `key (${where}): ${path} is not a file`, {
      hint: "give the path of a public key (cosign.pub)",
    });
  const { scheme } = reference;
  throw new Problem("no-key", `key (${where}): ${scheme}://… is not the path of a file`, {
    hint: `export the public key to a file first: \`cosign public-key --key ${scheme}://… > cosign.pub\``,
  });
}
