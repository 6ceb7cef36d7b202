import type { Config } from "../config/config.ts";
import type { PlannedChecksums } from "../model/checksum-files.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";

type GpgPlan = NonNullable<Plan["gpg"]>;

/** The OpenPGP signature of the list of checksums; undefined where none is wanted. Throws a `Problem` without a key. */
export function gpgOf(
  { settings }: Config,
  { name: list, split }: PlannedChecksums,
  dryRun: boolean,
): GpgPlan | undefined {
  const { signGpg, gpgKey } = settings;
  const wanted = signGpg === "auto" ? (gpgKey === undefined ? "none" : "binary") : signGpg;
  if (wanted === "none") return undefined;
  if (split === true)
    throw new Problem(
      "gpg-split",
      "`checksum-split` leaves no list of checksums that OpenPGP signs",
      {
        hint: "leave out `checksum-split`, or set `sign-gpg: none`",
      },
    );
  const armored = wanted === "armored";
  const name = `${list}${armored ? ".asc" : ".sig"}`;
  // HashiCorp's registry knows no keys on curves.
  const rsa = settings.preset === "terraform-provider" ? { rsa: true } : {};
  if (dryRun) return { name, armored, mode: "throwaway", ...rsa };
  if (gpgKey !== undefined) return { name, armored, mode: "key", ...rsa };
  throw new Problem("no-gpg-key", `\`sign-gpg: ${wanted}\` needs a key, and none was given`, {
    hint: "set GPG_PRIVATE_KEY from a secret: the output of `gpg --export-secret-keys --armor`",
  });
}
