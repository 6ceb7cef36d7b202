import type { ChannelFormat } from "../channel.ts";
import { manifestText } from "./manifest.ts";

/** A manifest in a bucket (github.com/ScoopInstaller/Scoop/wiki/App-Manifests). */
export const manifest: ChannelFormat = {
  folders: ["bucket"],
  extension: ".json",
  files: (planned, digests) => [
    { name: `${planned.name}.json`, text: manifestText(planned, digests), pinned: false },
  ],
  versionIn: (text) => {
    try {
      const { version } = JSON.parse(text) as { readonly version?: unknown };
      return typeof version === "string" ? version : undefined;
    } catch {
      return undefined;
    }
  },
  // The style of Scoop's own buckets.
  message: ({ name, version }) => `${name}: Update to version ${version}`,
};
