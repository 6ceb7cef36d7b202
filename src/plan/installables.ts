import type { Facts } from "../facts/facts.ts";
import { defined } from "../model/defined.ts";
import type { Plan } from "../model/plan.ts";
import { NFPM, OPENPGP } from "../tools/pins.ts";
import { type ImageScene, plannedImages } from "./images.ts";
import { plannedInstaller } from "./installer.ts";
import { packageSigningOf } from "./package-signing.ts";
import { packageSteps } from "./packages.ts";

type InstallablesScene = Omit<ImageScene, "versions"> & {
  readonly facts: Facts;
  readonly checksum: Plan["checksum"];
};

/**
 * What people install, made of the programs in the archives: packages, scripts and images, and the Go programs that
 * make them.
 */
export function installables(
  scene: InstallablesScene,
  gpg: Plan["gpg"],
  dryRun: boolean,
): Pick<Plan, "tools" | "packages" | "packageSigning" | "installer" | "images" | "gpg"> {
  const packages = packageSteps(scene);
  const packageSigning = packageSigningOf(scene.config, packages, dryRun);
  const images = plannedImages({ ...scene, versions: versionsOf(scene.facts) });
  const tools = [
    ...(packages.length === 0 ? [] : [{ ...NFPM }]),
    ...(gpg === undefined && packageSigning?.openpgp !== true ? [] : [{ ...OPENPGP }]),
  ];
  return {
    ...(tools.length === 0 ? {} : { tools }),
    ...(packages.length === 0 ? {} : { packages: [...packages] }),
    ...(images.length === 0 ? {} : { images }),
    ...defined({
      packageSigning,
      installer: plannedInstaller(scene.config, { ...scene, name: scene.values.name }),
      gpg,
    }),
  };
}

/** The versions of the module that git has tags of. */
function versionsOf({ git, module: { folder } }: Facts): readonly string[] {
  const prefix = folder === "." ? "" : `${folder}/`;
  const own = (git?.tags ?? []).filter(({ name }) => name.startsWith(prefix));
  return own.map(({ name }) => name.slice(prefix.length));
}
