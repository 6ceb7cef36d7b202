import type { ServedForge } from "./servers.ts";

/** Where the files of a release are downloaded from. */
export interface ReleasePlace {
  /** Of the project. */
  readonly url: string;
  readonly tag: string;
  readonly forge: ServedForge;
}

/** The folder of a release's files, as GitHub and GitLab (`direct_asset_path`) serve them; no slash at its end. */
export function downloadFolder({ url, tag, forge }: ReleasePlace): string {
  const part = encodeURIComponent(tag);
  return forge === "github"
    ? `${url}/releases/download/${part}`
    : `${url}/-/releases/${part}/downloads`;
}

export function downloadUrl(name: string, place: ReleasePlace): string {
  const last = place.forge === "github" ? encodeURIComponent(name) : name.replaceAll("+", "-");
  return `${downloadFolder(place)}/${last}`;
}
