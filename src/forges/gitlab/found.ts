import { Problem } from "../../model/problem.ts";
import type { Asset } from "../forge.ts";
import type { Release } from "./entities.ts";
import { linkTo, type WantedLink } from "./link.ts";
import type { PackageStore } from "./release-assets.ts";

/** An asset and the package file that equals it. */
export interface Found {
  readonly asset: Asset;
  /** Undefined when no package file equals the asset. */
  readonly url: string | undefined;
}

/** Made with new keys and times by every run, so that no two are equal. */
const REMADE: ReadonlySet<Asset["kind"]> = new Set(["signature", "provenance"]);

/** A signature that is released already stands for one made anew. */
export function keepSignatures(
  there: Release,
  found: readonly Found[],
  shelf: PackageStore,
): readonly Found[] {
  return found.map(({ asset, url }) => {
    const old = there.assets.links.find(({ name }) => name === asset.name);
    const keep = old !== undefined && REMADE.has(asset.kind) && shelf.owns(old.url, asset.name);
    return { asset, url: keep ? old.url : url };
  });
}

export function linked({ asset, url }: Found): WantedLink[] {
  return url === undefined ? [] : [linkTo(asset, url)];
}

export function missing(found: readonly Found[]): readonly string[] {
  return found.filter(({ url }) => url === undefined).map(({ asset }) => asset.name);
}

export function complete(found: readonly Found[]): readonly WantedLink[] {
  const names = missing(found);
  if (names.length === 0) return found.flatMap(linked);
  throw new Problem(
    "gitlab-incomplete",
    `these files are missing from the package registry or differ there: ${names.join(", ")}`,
    { hint: "run the job again; let only one job release a tag at a time (`resource_group`)" },
  );
}
