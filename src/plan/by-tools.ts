import { defined } from "../model/defined.ts";
import type { PackageStep } from "../model/packages.ts";
import type { Plan } from "../model/plan.ts";
import { NFPM, OPENPGP } from "../tools/pins.ts";

interface MadeBeside {
  readonly packages: readonly PackageStep[];
  readonly gpg: Plan["gpg"];
  readonly extras: NonNullable<Plan["extras"]>;
}

/** What is released beside archives, and which Go programs of others make it. */
export function madeBeside({
  packages,
  gpg,
  extras,
}: MadeBeside): Pick<Plan, "tools" | "packages" | "gpg" | "extras"> {
  const tools = [
    ...(packages.length === 0 ? [] : [{ ...NFPM }]),
    ...(gpg === undefined ? [] : [{ ...OPENPGP }]),
  ];
  return {
    ...(tools.length === 0 ? {} : { tools }),
    ...(packages.length === 0 ? {} : { packages: [...packages] }),
    ...(extras.length === 0 ? {} : { extras: [...extras] }),
    ...defined({ gpg }),
  };
}
