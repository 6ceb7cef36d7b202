import { choice, type Input, secret } from "./input-types.ts";

/** Signatures for those who check with GnuPG. */
export const gpgInputs = {
  signGpg: choice(
    "also sign the list of checksums with OpenPGP: `binary` makes NAME.sig, `armored` NAME.asc",
    ["auto", "binary", "armored", "none"],
    "auto",
    { shown: "`auto`: `binary` where a key is given" },
  ),
  gpgKey: secret("private OpenPGP key, as `gpg --export-secret-keys --armor` gives it", {
    shown: "`GPG_PRIVATE_KEY`",
  }),
  gpgPassphrase: secret("passphrase of that key", { shown: "`GPG_PASSPHRASE`" }),
} satisfies Record<string, Input<unknown>>;
