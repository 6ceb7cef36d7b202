import { lines, refuses } from "../../support/refusal.ts";
import { PROGRAM } from "../../support/repository.ts";

const SIGNED = ["--dry-run=false", "--forge=directory", "--sign=key", "--targets=linux/amd64"];
const DAMAGED = [
  "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----",
  "c2VjcmV0IGJ1dCBubyBKU09O",
  "-----END ENCRYPTED SIGSTORE PRIVATE KEY-----",
].join("\n");
refuses("a signing key", [
  {
    name: "that is named otherwise than its service's are",
    argv: ["--sign-key=awskms://alias/release"],
    status: 2,
    says: "error: --sign-key: must name a key of that service; got awskms://…; write it as awskms:///alias/NAME, awskms:///ID or awskms:///ARN",
  },
  {
    name: "that is in a device, from the environment",
    env: { COSIGN_PRIVATE_KEY: "pkcs11:token=t;slot-id=0;object=o" },
    status: 2,
    says: "error: COSIGN_PRIVATE_KEY: sign-key: must be a path, the reference of a key in a service, or PEM text in the environment; got pkcs11://…; a key in a device is not supported: use a key in a service (awskms, gcpkms, azurekms, hashivault), sign keyless, or sign checksums.txt with cosign before it is published (`draft: true`)",
  },
  {
    name: "that lies in a service nobody named",
    argv: [...SIGNED, "--sign-key=hashivault://release"],
    says: lines(
      "error: the key is in Vault, and VAULT_ADDR is not set",
      "  → set VAULT_ADDR in the environment of this program",
    ),
  },
  {
    name: "that is not there",
    argv: [...SIGNED, "--sign-key=keys/cosign.key"],
    says: lines(
      "error: sign-key (--sign-key) is neither PEM text nor a readable file: <folder>/keys/cosign.key",
      "  → give a path relative to the module, or the key itself in COSIGN_PRIVATE_KEY",
    ),
  },
  {
    name: "that may be a key and is not repeated",
    argv: SIGNED,
    env: { GO_RELEASE_SIGN_KEY: "MHcCAQEEIKz" },
    says: lines(
      "error: sign-key (GO_RELEASE_SIGN_KEY) is neither PEM text nor a readable file",
      "  → give a path relative to the module, or the key itself in COSIGN_PRIVATE_KEY",
    ),
  },
  {
    name: "that is damaged",
    tree: { ...PROGRAM, "keys/cosign.key": DAMAGED },
    argv: [...SIGNED, "--sign-key=keys/cosign.key"],
    env: { COSIGN_PASSWORD: "x" },
    says: lines(
      "error: the key <folder>/keys/cosign.key (--sign-key) cannot be read: its body is not JSON",
      "  → give the whole file that `cosign generate-key-pair` wrote",
    ),
  },
  {
    name: "that is damaged, from the environment",
    argv: SIGNED,
    env: { COSIGN_PRIVATE_KEY: DAMAGED, COSIGN_PASSWORD: "x" },
    says: lines(
      "error: the key in COSIGN_PRIVATE_KEY cannot be read: its body is not JSON",
      "  → give the whole file that `cosign generate-key-pair` wrote",
    ),
  },
  {
    name: "of a file that is a public key",
    tree: {
      ...PROGRAM,
      "cosign.pub": "-----BEGIN PUBLIC KEY-----\nMFkwEwYH\n-----END PUBLIC KEY-----\n",
    },
    argv: [...SIGNED, "--sign-key=cosign.pub"],
    says: lines(
      "error: the key <folder>/cosign.pub (--sign-key) cannot be used: its label is PUBLIC KEY",
      "  → that is the public key: give the private one, `cosign.key`",
    ),
  },
]);

refuses("what is trusted", [
  {
    name: "a root that is not there",
    argv: ["verify", "--trusted-root=root.json"],
    says: lines(
      "error: trusted-root (--trusted-root): <folder>/root.json is not a file",
      "  → give the path of a trusted_root.json",
    ),
    prepare: (repository) => {
      repository.write({ "dist/checksums.txt": "" });
      return undefined;
    },
  },
  {
    name: "a root that is none",
    argv: ["verify"],
    env: { GO_RELEASE_TRUSTED_ROOT: "root.json" },
    says: lines(
      "error: <folder>/root.json (GO_RELEASE_TRUSTED_ROOT) is not sigstore's trusted_root.json",
      '  → give a file whose mediaType is "application/vnd.dev.sigstore.trustedroot+json;version=0.1"',
    ),
    prepare: (repository) => {
      repository.write({ "dist/checksums.txt": "", "root.json": "{}" });
      return undefined;
    },
  },
  {
    name: "a key that is none",
    argv: ["verify", "--key=cosign.pub"],
    says: lines(
      "error: <folder>/cosign.pub (--key) does not contain a public key",
      "  → give the path of a PEM file like cosign.pub",
    ),
    prepare: (repository) => {
      repository.write({ "dist/checksums.txt": "", "cosign.pub": "hello" });
      return undefined;
    },
  },
  {
    name: "a key in a service",
    argv: ["verify", "--key=gcpkms://projects/p"],
    says: lines(
      "error: key (--key): gcpkms://… is not the path of a file",
      "  → export the public key to a file first: `cosign public-key --key gcpkms://… > cosign.pub`",
    ),
    prepare: (repository) => {
      repository.write({ "dist/checksums.txt": "" });
      return undefined;
    },
  },
]);
