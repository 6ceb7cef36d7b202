import * as z from "zod/mini";

/** What we read of GitLab's answers; everything else in them is ignored. */

export const Package = z.object({
  id: z.number(),
  name: z.string(),
  version: z.nullish(z.string()),
  package_type: z.string(),
});
export type Package = z.infer<typeof Package>;

export const PackageFile = z.object({
  id: z.number(),
  file_name: z.string(),
  /** Bytes. */
  size: z.number(),
  /** Hex; null on instances that have not computed it. */
  file_sha256: z.nullish(z.string()),
});
export type PackageFile = z.infer<typeof PackageFile>;

export const Link = z.object({
  id: z.number(),
  name: z.string(),
  url: z.string(),
  /** The permanent URL; equals `url` for a link without a path of its own. */
  direct_asset_url: z.nullish(z.string()),
  link_type: z.nullish(z.string()),
});
export type Link = z.infer<typeof Link>;

export const Release = z.object({
  tag_name: z.string(),
  name: z.nullish(z.string()),
  description: z.nullish(z.string()),
  commit: z.nullish(z.object({ id: z.string() })),
  milestones: z.nullish(z.array(z.object({ title: z.string() }))),
  assets: z.object({ links: z.array(Link) }),
  _links: z.nullish(z.object({ self: z.nullish(z.string()) })),
});
export type Release = z.infer<typeof Release>;

export const Project = z.object({
  packages_enabled: z.nullish(z.boolean()),
  permissions: z.nullish(
    z.object({
      project_access: z.nullish(z.object({ access_level: z.number() })),
      group_access: z.nullish(z.object({ access_level: z.number() })),
    }),
  ),
});
export type Project = z.infer<typeof Project>;

export const Tag = z.object({
  name: z.string(),
  commit: z.nullish(z.object({ id: z.string() })),
  /** Of an annotated tag; none, or an empty one, of a lightweight one. */
  message: z.nullish(z.string()),
  /** The tag object of an annotated tag, the commit of a lightweight one. */
  target: z.nullish(z.string()),
});
export type Tag = z.infer<typeof Tag>;
