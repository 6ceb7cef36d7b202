import type { Asset } from "../forge.ts";
import type { Link } from "./entities.ts";
import { assetPath } from "./names.ts";

/** A release link as GitLab takes it. `PUT` resets the type and the path that are not sent again. */
export interface WantedLink {
  readonly name: string;
  readonly url: string;
  /** What makes the permanent URL; `filepath` is its old name. */
  readonly direct_asset_path: string;
  readonly link_type: "package" | "other";
}

export function linkTo({ name, kind }: Asset, url: string): WantedLink {
  return {
    name,
    url,
    direct_asset_path: assetPath(name),
    link_type: kind === "archive" || kind === "binary" || kind === "package" ? "package" : "other",
  };
}

/** One call that brings the links of a release nearer to what they should be. */
export type LinkChange =
  | { readonly kind: "add"; readonly link: WantedLink }
  | { readonly kind: "change"; readonly id: number; readonly link: WantedLink }
  | { readonly kind: "remove"; readonly id: number; readonly name: string };

/**
 * The changes in an order in which every file can be had at any moment: new files first, then files whose
 * content changes, and only then what is no longer released. Links of others, which `ours` denies, stay.
 */
export function linkChanges(
  there: readonly Link[],
  wanted: readonly WantedLink[],
  ours: (link: Link) => boolean,
): readonly LinkChange[] {
  const byName = new Map(there.map((link) => [link.name, link]));
  const names = new Set(wanted.map(({ name }) => name));
  const adds = wanted.filter(({ name }) => !byName.has(name));
  const changes = wanted.flatMap((link): LinkChange[] => {
    const old = byName.get(link.name);
    return old === undefined || same(old, link) ? [] : [{ kind: "change", id: old.id, link }];
  });
  const removals = there.filter((link) => !names.has(link.name) && ours(link));
  return [
    ...adds.map((link): LinkChange => ({ kind: "add", link })),
    ...changes,
    ...removals.map(({ id, name }): LinkChange => ({ kind: "remove", id, name })),
  ];
}

function same(link: Link, wanted: WantedLink): boolean {
  return (
    link.url === wanted.url &&
    link.link_type === wanted.link_type &&
    (link.direct_asset_url ?? "").endsWith(`/downloads${wanted.direct_asset_path}`)
  );
}
