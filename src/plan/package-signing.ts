import type { Config } from "../config/config.ts";
import type { PackageStep } from "../model/packages.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";

/**
 * Which packages are signed: those for which there is a key. Undefined for none, as in a dry run, whose packages are
 * those of the release without their signatures. Throws a `Problem` for a key that machines could not find.
 */
export function packageSigningOf(
  { settings }: Config,
  packages: readonly PackageStep[],
  dryRun: boolean,
): Plan["packageSigning"] {
  const { signPackages, gpgKey, apkKey } = settings;
  if (signPackages === "none" || dryRun) return undefined;
  const has = (...formats: readonly string[]) =>
    packages.some(({ format }) => formats.includes(format));
  const openpgp = gpgKey !== undefined && has("deb", "rpm");
  const apk = apkKey !== undefined && has("apk");
  if (!openpgp && !apk) return undefined;
  return {
    ...(openpgp ? { openpgp } : {}),
    ...(apk ? { apkKeyName: keyNameOf(settings) } : {}),
  };
}

/** As `abuild-keygen` names keys: by an address. */
function keyNameOf({ apkKeyName, metadata }: Config["settings"]): string {
  const address = /<([^<>]+)>/u.exec(metadata["maintainer"] ?? "")?.[1];
  const name = apkKeyName ?? address;
  if (name === undefined) {
    throw new Problem("apk-key-name", "apk packages are signed by a key without a name", {
      hint: "set `apk-key-name` to the name of its public part in /etc/apk/keys, such as hello@example.com.rsa.pub, or a maintainer in `metadata`",
    });
  }
  return name.endsWith(".rsa.pub") ? name : `${name}.rsa.pub`;
}
