import { keyReferenceForms, keyServiceOf, readKeyReference } from "../kms/reference.ts";

/** What a release can do instead of a reference that cosign knows. */
const elsewhere: Readonly<Record<string, string>> = {
  pkcs11:
    "a key in a device is not supported: use a key in a service (awskms, gcpkms, azurekms, hashivault), sign keyless, or sign checksums.txt with cosign before it is published (`draft: true`)",
  env: "pass the variable's value itself, in COSIGN_PRIVATE_KEY or GO_RELEASE_SIGN_KEY",
  k8s: "read it from the cluster's secret (`kubectl get secret NAME -o jsonpath='{.data.cosign\\.key}' | base64 -d`) into COSIGN_PRIVATE_KEY",
  gitlab:
    "cosign stores it in the project's variables COSIGN_PRIVATE_KEY and COSIGN_PASSWORD: remove `sign-key`",
  github:
    "cosign stores it in the secrets COSIGN_PRIVATE_KEY and COSIGN_PASSWORD: pass these on and remove `sign-key`",
  file: "give only the path",
  https: "give the path of a file, or the key itself in COSIGN_PRIVATE_KEY",
};

/**
 * The rule that a reference to a key breaks, with its cure; undefined for a path, for the key itself, and for a key in a
 * service.
 */
export function referenceFault(
  given: string,
): { readonly scheme: string; readonly rule: string; readonly cure: string } | undefined {
  const [, scheme] = /^\s*([a-z][a-z0-9]*):(?:\/\/|(?=slot|token|object|id))/u.exec(given) ?? [];
  if (scheme === undefined) return undefined;
  const service = keyServiceOf(given);
  if (service !== undefined) {
    const cure = `write it as ${keyReferenceForms[service]}`;
    return readKeyReference(given) === undefined
      ? { scheme, rule: "must name a key of that service", cure }
      : undefined;
  }
  const rule =
    "must be a path, the reference of a key in a service, or PEM text in the environment";
  return { scheme, rule, cure: elsewhere[scheme] ?? "give the path of a file" };
}
