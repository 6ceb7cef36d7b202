import type { Secret } from "../../model/secret.ts";

/** Who pushes to a registry. Found by the registry's host alone, and sent to nobody else. */
export interface RegistryCredentials {
  readonly user: string;
  /** A password, or a token that is used like one. */
  readonly password: Secret;
  /** Where it was found, as people know the place. */
  readonly origin: string;
  /** Whether the password is a token that only gets other tokens, as `docker login` keeps it for some registries. */
  readonly refreshes?: boolean;
}

/** `Basic` of RFC 7617. */
export function basic({ user, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString("base64")}`;
}
