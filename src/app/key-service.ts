import { Secret } from "../model/secret.ts";
import type { IdentitySource } from "../model/surroundings.ts";
import type { KeyServiceAccess } from "../signers/kms/key-service.ts";
import type { CommandContext } from "./context.ts";

/**
 * What gives access to a key in a service: the variables of the service's own tools, and an identity token that is for
 * it. The one for sigstore is never handed to anybody else.
 */
export function keyServiceAccess({ config, env, host }: CommandContext): KeyServiceAccess {
  return {
    env,
    identity: identityFor(env["KMS_ID_TOKEN"], host.surroundings.identity),
    audience: config.settings.kmsAudience,
    hide: (secret) => host.mask(secret),
  };
}

function identityFor(
  given: string | undefined,
  identity: IdentitySource | undefined,
): IdentitySource | undefined {
  if (given !== undefined && given !== "") return { kind: "token", token: new Secret(given) };
  return identity?.kind === "github" ? identity : undefined;
}
