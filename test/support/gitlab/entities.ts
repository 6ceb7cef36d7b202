import { createHash } from "node:crypto";
import {
  type Project,
  type StoredFile,
  type StoredLink,
  type StoredPackage,
  type StoredRelease,
} from "./project.ts";

/** What GitLab answers, in the words of its own entities. */

const DATE = "2026-03-01T12:00:00.000Z";

const LEVELS = { reporter: 20, developer: 30, maintainer: 40 } as const;

export function projectEntity({ options }: Project) {
  return {
    id: options.id,
    path_with_namespace: options.path,
    visibility: options.visibility,
    packages_enabled: options.registry,
    permissions: { project_access: { access_level: LEVELS[options.role] }, group_access: null },
  };
}

export function packageEntity({ id, name, version, status }: StoredPackage) {
  return {
    id,
    name,
    version,
    package_type: "generic",
    status,
    created_at: DATE,
    _links: { web_path: `/group/age/-/packages/${id}` },
    pipelines: [],
  };
}

export function packageFileEntity(file: StoredFile, digests: boolean) {
  return {
    id: file.id,
    package_id: file.package,
    created_at: DATE,
    file_name: file.name,
    size: file.bytes.length,
    ...(digests ? { file_sha256: file.sha256 } : {}),
  };
}

export function releaseEntity(release: StoredRelease, projectUrl: string) {
  return {
    name: release.name,
    tag_name: release.tag,
    description: release.description,
    created_at: DATE,
    released_at: release.releasedAt,
    upcoming_release: false,
    commit: { id: release.commit, short_id: release.commit.slice(0, 8) },
    milestones: release.milestones.map((title, index) => ({
      id: index + 1,
      iid: index + 1,
      title,
    })),
    evidences: release.evidences.map((text) => ({
      sha: createHash("sha1").update(text).digest("hex"),
      filepath: `${projectUrl}/-/releases/${encodeURIComponent(release.tag)}/evidences/1.json`,
      collected_at: DATE,
    })),
    assets: {
      count: release.links.length,
      links: release.links.map((link) => linkEntity(link, release.tag, projectUrl)),
    },
    _links: { self: `${projectUrl}/-/releases/${encodeURIComponent(release.tag)}` },
  };
}

/** What an upload is answered with: the record itself, with a storage path that is nobody's business. */
export function storedEntity(file: StoredFile, digests: boolean) {
  return {
    ...packageFileEntity(file, digests),
    updated_at: DATE,
    file_store: 1,
    file_md5: null,
    file_sha1: null,
    file: { url: `/6b/86/6b86/packages/${file.package}/files/${file.id}/${file.name}` },
    status: "default",
  };
}

export function linkEntity(
  { id, name, url, path, type }: StoredLink,
  tag: string,
  projectUrl: string,
) {
  return {
    id,
    name,
    url,
    direct_asset_url:
      path === undefined
        ? url
        : `${projectUrl}/-/releases/${encodeURIComponent(tag)}/downloads${path}`,
    link_type: type,
  };
}
