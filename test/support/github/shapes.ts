import type { StoredAsset, StoredRelease } from "./state.ts";

export function user(origin: string) {
  return {
    login: "github-actions[bot]",
    id: 41898282,
    node_id: "MDM6Qm90NDE4OTgyODI=",
    avatar_url: `${origin}/avatar.png`,
    gravatar_id: "",
    url: `${origin}/users/github-actions`,
    html_url: `${origin}/apps/github-actions`,
    followers_url: `${origin}/users/github-actions/followers`,
    following_url: `${origin}/users/github-actions/following`,
    gists_url: `${origin}/users/github-actions/gists`,
    starred_url: `${origin}/users/github-actions/starred`,
    subscriptions_url: `${origin}/users/github-actions/subscriptions`,
    organizations_url: `${origin}/users/github-actions/orgs`,
    repos_url: `${origin}/users/github-actions/repos`,
    events_url: `${origin}/users/github-actions/events`,
    received_events_url: `${origin}/users/github-actions/received_events`,
    type: "Bot",
    site_admin: false,
  };
}

/** A commit as GitHub's API describes it; without a login nobody is known to have written it. */
export function commitShape(base: string, sha: string, login?: string) {
  const url = `${base}/commits/${sha}`;
  const person = { name: "Somebody", email: "somebody@example.com", date: "2026-03-01T10:00:00Z" };
  const author = login === undefined ? null : { ...user(base), login };
  return {
    ...{ url, sha, node_id: "COMMIT", html_url: url, comments_url: `${url}/comments` },
    commit: {
      ...{ url, author: person, committer: person, message: "a change", comment_count: 0 },
      tree: { sha, url },
    },
    ...{ author, committer: author, parents: [] },
  };
}

/** What the pages of a draft are called until it is published. */
export function untagged(id: number): string {
  return `untagged-${id.toString(16).padStart(20, "0")}`;
}

function pageOf({ id, draft, tag }: StoredRelease): string {
  return draft ? untagged(id) : encodeURIComponent(tag);
}

/** A file as GitHub's API describes it. */
export function assetShape(
  origin: string,
  repository: string,
  release: StoredRelease,
  asset: StoredAsset,
  digests: boolean,
) {
  return {
    url: `${origin}/repos/${repository}/releases/assets/${asset.id}`,
    browser_download_url: `${origin}/${repository}/releases/download/${pageOf(release)}/${asset.name}`,
    id: asset.id,
    node_id: `RA_${asset.id}`,
    name: asset.name,
    label: "",
    state: asset.state,
    content_type: asset.contentType,
    size: asset.content.length,
    digest: digests && asset.state === "uploaded" ? `sha256:${asset.sha256}` : null,
    download_count: 0,
    created_at: asset.created,
    updated_at: asset.created,
    uploader: user(origin),
  };
}

/** A release as GitHub's API describes it. */
export function releaseShape(
  origin: string,
  uploads: string,
  repository: string,
  release: StoredRelease,
  digests: boolean,
) {
  return {
    url: `${origin}/repos/${repository}/releases/${release.id}`,
    html_url: `${origin}/${repository}/releases/tag/${pageOf(release)}`,
    assets_url: `${origin}/repos/${repository}/releases/${release.id}/assets`,
    upload_url: `${uploads}/repos/${repository}/releases/${release.id}/assets{?name,label}`,
    tarball_url: `${origin}/repos/${repository}/tarball/${encodeURIComponent(release.tag)}`,
    zipball_url: `${origin}/repos/${repository}/zipball/${encodeURIComponent(release.tag)}`,
    id: release.id,
    node_id: `RE_${release.id}`,
    tag_name: release.tag,
    target_commitish: "main",
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: release.immutable,
    created_at: release.created,
    updated_at: release.created,
    published_at: release.published,
    author: user(origin),
    assets: release.assets.map((asset) => assetShape(origin, repository, release, asset, digests)),
  };
}
