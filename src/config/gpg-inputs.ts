import { checked, choice, type Input, secret } from "./input-types.ts";

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
  signPackages: choice(
    "`auto` signs deb and rpm packages with the OpenPGP key, apk packages with the RSA key, where these are given",
    ["auto", "none"],
    "auto",
  ),
  apkKey: secret("private RSA key (PEM) for apk packages, as `openssl genrsa` gives it", {
    shown: "`APK_PRIVATE_KEY`",
  }),
  apkPassphrase: secret("passphrase of that key", { shown: "`APK_PASSPHRASE`" }),
  apkKeyName: checked(
    "name of its public part in /etc/apk/keys",
    (value) =>
      /^[\w@.+-]+$/u.test(value)
        ? undefined
        : "must be a file name, e.g. hello@example.com.rsa.pub",
    { shown: "the maintainer's address and `.rsa.pub`" },
  ),
} satisfies Record<string, Input<unknown>>;
