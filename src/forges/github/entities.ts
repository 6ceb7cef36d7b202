import * as z from "zod/mini";

/** What we read of GitHub's answers; everything else in them is ignored. */

export const RemoteAsset = z.object({
  id: z.number(),
  name: z.string(),
  /** Bytes. */
  size: z.number(),
  /** `uploaded`; `starter` after an upload that broke. */
  state: z.string(),
  /** `sha256:` and hex; older servers tell none. */
  digest: z.nullish(z.string()),
  /** Of the API. */
  url: z.string(),
  /** Where people download it. */
  browser_download_url: z.string(),
});
export type RemoteAsset = z.infer<typeof RemoteAsset>;

export const RemoteRelease = z.object({
  id: z.number(),
  tag_name: z.string(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  immutable: z.nullish(z.boolean()),
  body: z.nullish(z.string()),
  html_url: z.string(),
  /** A template of RFC 6570. */
  upload_url: z.string(),
  assets: z.array(RemoteAsset),
});
export type RemoteRelease = z.infer<typeof RemoteRelease>;

/** What a release is made or changed to. */
export interface ReleaseFields {
  readonly tag_name?: string;
  readonly name?: string;
  readonly body?: string;
  readonly draft?: boolean;
  readonly prerelease?: boolean;
  readonly make_latest?: string;
  readonly discussion_category_name?: string;
}

export const Facts = z.object({ archived: z.nullish(z.boolean()) });

export const Immutability = z.object({ enabled: z.boolean(), enforced_by_owner: z.boolean() });

export const Milestone = z.object({ number: z.number(), title: z.string(), state: z.string() });

export const Commit = z.object({
  sha: z.string(),
  /** Nobody, where GitHub knows no user of that address. */
  author: z.nullish(z.object({ login: z.optional(z.string()) })),
});

export const Comparison = z.object({ commits: z.array(Commit) });

/** What a tag points to: a commit, or a tag object that points on. */
export const Pointer = z.object({ object: z.object({ type: z.string(), sha: z.string() }) });

export const TagObject = z.extend(Pointer, { message: z.string() });

export const Notes = z.object({ body: z.string() });

/** What matters here of a sigstore bundle. */
export const Bundle = z.looseObject({
  dsseEnvelope: z.optional(
    z.looseObject({
      signatures: z.optional(z.array(z.looseObject({ sig: z.optional(z.string()) }))),
    }),
  ),
});
export type Bundle = z.infer<typeof Bundle>;

export const Attestations = z.object({
  attestations: z.array(z.object({ bundle: z.nullish(Bundle) })),
});
