import { createPrivateKey, type KeyObject } from "node:crypto";
import type { PackageFormat } from "../model/packages.ts";
import { Problem } from "../model/problem.ts";
import { Secret } from "../model/secret.ts";
import type { PackageSignature } from "../tools/nfpm.ts";
import { revealedKey } from "./gpg.ts";
import type { LockedKey, ReleaseRun } from "./release-run.ts";

type SigningPackages = Pick<ReleaseRun, "plan" | "gpgKey" | "apkKey" | "journal">;

/** Tries the key for apk packages, where they are signed. Throws a `Problem` before anything is built. */
export function checkApkKey({ plan, apkKey }: SigningPackages): void {
  if (plan.packageSigning?.apkKeyName !== undefined) unlocked(apkKey);
}

/** What the maker of packages signs one with; undefined where it is not signed. */
export function signatureFor(
  format: PackageFormat,
  { plan: { packageSigning }, gpgKey, apkKey, journal }: SigningPackages,
): PackageSignature | undefined {
  const { openpgp, apkKeyName } = packageSigning ?? {};
  if (format === "apk" && apkKeyName !== undefined)
    return { rsa: unlocked(apkKey).reveal(), key_name: apkKeyName };
  if (openpgp === undefined || (format !== "deb" && format !== "rpm")) return undefined;
  return {
    openpgp: { ...revealedKey(gpgKey), same: true },
    now: Math.floor(journal.now() / 1000),
  };
}

/** The RSA key without its passphrase, as base64 of PKCS #8. */
function unlocked(given: LockedKey | undefined): Secret {
  const key = opened(revealedKey(given));
  const { asymmetricKeyType: kind = "secret" } = key;
  if (kind !== "rsa")
    throw unfit(
      `it is a key of ${kind}, and apk knows only RSA`,
      "make one with `openssl genrsa 4096`",
    );
  return new Secret(key.export({ format: "der", type: "pkcs8" }).toString("base64"));
}

function opened({ key: given, passphrase }: ReturnType<typeof revealedKey>): KeyObject {
  const text = given.trim();
  const pem = text.includes("-----BEGIN") ? text : Buffer.from(text, "base64").toString("latin1");
  const isLocked = /ENCRYPTED/u.test(pem);
  if (isLocked && passphrase === undefined)
    throw unfit("it has a passphrase, and none was given", "set APK_PASSPHRASE from a secret");
  try {
    return createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase });
  } catch {
    // What the parser says may be of the key.
    throw isLocked
      ? unfit("the passphrase is not that of this key", "set APK_PASSPHRASE to its passphrase")
      : unfit(
          "it is not a private key in PEM",
          "give the whole output of `openssl genrsa 4096` in APK_PRIVATE_KEY",
        );
  }
}

function unfit(what: string, hint: string): Problem {
  return new Problem("apk-key", `the key for apk packages: ${what}`, { hint });
}
