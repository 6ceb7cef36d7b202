import goMod from "./openpgp/go.mod";
import goSum from "./openpgp/go.sum";
import main from "./openpgp/main.go";
import { OPENPGP } from "./pins.ts";
import type { GoTool } from "./tool.ts";

/** The maker of OpenPGP signatures. */
export const openpgp: GoTool = {
  name: "openpgp",
  module: OPENPGP,
  files: { "go.mod": goMod, "go.sum": goSum, "main.go": main },
};

/** What the tool reads from standard input. */
export interface OpenpgpRequest {
  /** Armored, or base64. */
  readonly key?: string;
  readonly passphrase?: string;
  /** Sign with a key that is made now and kept nowhere. */
  readonly throwaway?: boolean;
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
  locked: "set GPG_PASSPHRASE from a secret",
  passphrase: "set GPG_PASSPHRASE to the passphrase of that key",
};
