import { resolve } from "node:path";
import { contained } from "../git/contained.ts";
import { defined } from "../model/defined.ts";
import type { Plan, Signing } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { Secret } from "../model/secret.ts";
import type { ReleaseSigning } from "../release/release-run.ts";
import { type SigningMaterial, signerFor } from "../signers/index.ts";
import { withoutLineBreak } from "../signers/key/password.ts";
import { isKeyText } from "../signers/key/pem-text.ts";
import { readKeyReference } from "../signers/kms/reference.ts";
import { closedAt } from "../signers/trust/services.ts";
import type { Files } from "../world/world.ts";
import type { CommandContext } from "./context.ts";
import { keyServiceAccess } from "./key-service.ts";
import { instanceFor, isTrustNeeded } from "./trust.ts";

/**
 * Who signs this plan here; undefined when nothing is signed. Keys and tokens are looked at before anything is
 * built. Throws a `Problem`.
 */
export async function signingFor(
  plan: Plan,
  call: CommandContext,
): Promise<ReleaseSigning | undefined> {
  const { surroundings } = call.host;
  const signer = await signerFor(plan.signing, await materialOf(plan, call), call.world);
  if (signer === undefined) return undefined;
  await signer.check(call.signal);
  return defined({
    signer,
    builder: defined({
      builder: surroundings.builder,
      invocation: surroundings.runUrl,
    }),
    commit: surroundings.commit,
  });
}

/** A key is read only when it is to sign. */
async function materialOf({ signing }: Plan, call: CommandContext): Promise<SigningMaterial> {
  const { identity, code } = call.host.surroundings;
  const signKey = signing.mode === "key" ? call.config.settings.signKey : undefined;
  const password = passwordOf(call);
  const trustedRoot = await rootOf(signing, call);
  return defined({
    identity,
    code,
    ...(signKey === undefined ? {} : await keyOf(signKey, call)),
    password,
    trustedRoot,
  });
}

/** A log that is closed takes no entry that anybody would believe. Throws a `Problem`. */
async function rootOf(signing: Signing, call: CommandContext): Promise<string | undefined> {
  if (!isTrustNeeded(signing)) return undefined;
  const { trustedRoot } = await call.trust(instanceFor(signing));
  const { rekorUrl } = signing;
  const closed =
    rekorUrl === null
      ? undefined
      : closedAt(rekorUrl, JSON.parse(trustedRoot), call.world.clock.now());
  if (closed === undefined) return trustedRoot;
  const day = new Date(closed).toISOString().slice(0, 10);
  throw new Problem("sign", `the log ${rekorUrl} was closed on ${day}, as the trust root says`, {
    hint: "leave `rekor-url` out, or give the log that followed it",
  });
}

function passwordOf({ env, host }: CommandContext): Secret | undefined {
  const given = env["COSIGN_PASSWORD"];
  if (given === undefined) return undefined;
  const password = new Secret(given);
  // An empty one is no secret, and would hide every empty line.
  const plain = withoutLineBreak(given);
  if (plain !== "") for (const secret of new Set([given, plain])) host.mask(new Secret(secret));
  return password;
}

/** A key in a service, PEM text, or the path of a file that holds it. What is neither may be a key all the same, and is not repeated. */
async function keyOf(
  given: string,
  call: CommandContext,
): Promise<Pick<SigningMaterial, "key" | "keyName" | "service">> {
  const { config, folder, world } = call;
  const { files } = world;
  const where = config.origins.get("signKey") ?? "sign-key";
  const reference = readKeyReference(given);
  if (reference !== undefined) return { service: { reference, access: keyServiceAccess(call) } };
  if (isKeyText(given)) return { key: new Secret(given), keyName: `the key in ${where}` };
  const path = resolve(folder, given);
  try {
    const real = await contained(
      { input: "sign-key", path: given, byCommit: false },
      folder,
      files,
    );
    if ((await files.stat(real))?.kind === "file")
      return { key: new Secret(await files.readText(real)), keyName: `the key ${path} (${where})` };
  } catch (error) {
    // What it is a path of, when it is one; the system's own words would name what may be a key.
    if (error instanceof Problem && (await isThere(path, files))) throw error;
  }
  const shown = isPath(given) ? `: ${path}` : "";
  throw new Problem(
    "no-sign-key",
    `sign-key (${where}) is neither PEM text nor a readable file${shown}`,
    { hint: "give a path relative to the module, or the key itself in COSIGN_PRIVATE_KEY" },
  );
}

/** By its end: no key without its label has one. */
function isPath(given: string): boolean {
  return given.length < 200 && /^[^\n]*\.(key|pem|p8|txt)$/iu.test(given);
}

async function isThere(path: string, { lstat }: Pick<Files, "lstat">): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
