/** A key that cosign finds by such a reference, and what a release can do instead. */
const references: Readonly<Record<string, string>> = {
  awskms: "a service",
  gcpkms: "a service",
  azurekms: "a service",
  hashivault: "a service",
  openbao: "a service",
  pkcs11: "a device",
};

const elsewhere: Readonly<Record<string, string>> = {
  env: "pass the variable's value itself, in COSIGN_PRIVATE_KEY or GO_RELEASE_SIGN_KEY",
  k8s: "read it from the cluster's secret (`kubectl get secret NAME -o jsonpath='{.data.cosign\\.key}' | base64 -d`) into COSIGN_PRIVATE_KEY",
  gitlab:
    "cosign stores it in the project's variables COSIGN_PRIVATE_KEY and COSIGN_PASSWORD: remove `sign-key`",
  github:
    "cosign stores it in the secrets COSIGN_PRIVATE_KEY and COSIGN_PASSWORD: pass these on and remove `sign-key`",
  file: "give only the path",
  https: "give the path of a file, or the key itself in COSIGN_PRIVATE_KEY",
};

/** The rule that a reference to a key breaks, with its cure; undefined for a path and for the key itself. */
export function referenceFault(
  given: string,
): { readonly scheme: string; readonly rule: string; readonly cure: string } | undefined {
  const [, scheme] = /^\s*([a-z][a-z0-9]*):(?:\/\/|(?=slot|token|object|id))/u.exec(given) ?? [];
  if (scheme === undefined) return undefined;
  const rule = "must be a path, or PEM text in the environment";
  const place = references[scheme];
  const cure =
    place === undefined
      ? (elsewhere[scheme] ?? "give the path of a file")
      : `a key in ${place} is not supported: sign keyless, use a key from \`cosign generate-key-pair\`, or sign checksums.txt with cosign before it is published (\`draft: true\`)`;
  return { scheme, rule, cure };
}
