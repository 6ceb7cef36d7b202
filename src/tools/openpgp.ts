import goMod from "./openpgp/go.mod";
import goSum from "./openpgp/go.sum";
import key from "./openpgp/key.go";
import main from "./openpgp/main.go";
import { OPENPGP } from "./pins.ts";
import type { GoTool } from "./tool.ts";

/** The maker of OpenPGP signatures. */
export const openpgp: GoTool = {
  name: "openpgp",
  module: OPENPGP,
  files: { "go.mod": goMod, "go.sum": goSum, "main.go": main, "key.go": key },
};

/** What the tool reads from standard input. */
export interface OpenpgpRequest {
  /** Armored, or base64. */
  readonly key?: string;
  readonly passphrase?: string;
  /** Sign with a key that is made now and kept nowhere. */
  readonly throwaway?: boolean;
  /** Whether a key on a curve will not do. */
  readonly rsa?: boolean;
  /** Whether it has to sign the same text the same way each time. */
  readonly same?: boolean;
  /** Seconds since 1970. */
  readonly time: number;
  /** Absolute; absent where the key is only tried. */
  readonly file?: string;
  /** A signature in base64 that is used again where it holds. */
  readonly earlier?: string;
  readonly armored?: boolean;
  readonly out?: string;
}

/** What to do about a key, by the word that the tool begins with. */
export const keyCures: Readonly<Record<string, string>> = {
  "no key":
    "give the whole output of `gpg --export-secret-keys --armor` for the key in GPG_PRIVATE_KEY",
  public: "give the private key: `gpg --export-secret-keys --armor`",
  revoked: "give a key that was not revoked",
  expired: "extend it with `gpg --quick-set-expire`, and export it again",
  unfit:
    "give a key with a subkey for signing (`gpg --quick-add-key FINGERPRINT rsa sign`), and export it again",
  curve: "give a key of RSA: `gpg --quick-gen-key NAME rsa4096 sign`",
  random:
    "give a key of RSA or ed25519: `gpg --quick-gen-key NAME rsa4096 sign`, or set `sign-packages: none`",
  locked: "set GPG_PASSPHRASE from a secret",
  passphrase: "set GPG_PASSPHRASE to the passphrase of that key",
};
