import type { Config } from "../config/config.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";

type GpgPlan = NonNullable<Plan["gpg"]>;

/** The OpenPGP signature of the list of checksums; undefined where none is wanted. Throws a `Problem` without a key. */
export function gpgOf({ settings }: Config, list: string, dryRun: boolean): GpgPlan | undefined {
  const { signGpg, gpgKey } = settings;
  const wanted = signGpg === "auto" ? (gpgKey === undefined ? "none" : "binary") : signGpg;
  if (wanted === "none") return undefined;
  const armored = wanted === "armored";
  const name = `${list}${armored ? ".asc" : ".sig"}`;
  if (dryRun) return { name, armored, mode: "throwaway" };
  if (gpgKey !== undefined) return { name, armored, mode: "key" };
  throw new Problem("no-gpg-key", `\`sign-gpg: ${wanted}\` needs a key, and none was given`, {
    hint: "set GPG_PRIVATE_KEY from a secret: the output of `gpg --export-secret-keys --armor`",
  });
}
