import { parse } from "semver";
import type { ChannelFormat } from "../channel.ts";
import { formulaText } from "./formula.ts";

/** A formula in a tap (docs.brew.sh, "How to Create and Maintain a Tap"). */
export const formula: ChannelFormat = {
  folders: ["Formula", "HomebrewFormula"],
  extension: ".rb",
  files: (planned, digests) => {
    const { name, version, versioned } = planned;
    const newest = { name: `${name}.rb`, text: formulaText(planned, digests), pinned: false };
    const line = versioned ? lineOf(version) : undefined;
    if (line === undefined) return [newest];
    const pinned = formulaText(planned, digests, line);
    return [newest, { name: `${name}@${line}.rb`, text: pinned, pinned: true }];
  },
  versionIn: (text) => {
    const [, written] = /^\s*version "([^"\n]+)"/mu.exec(text) ?? [];
    const [, tag = ""] = /\/releases\/(?:download\/)?([^/"\n]*\d[^/"\n]*)\//u.exec(text) ?? [];
    return written ?? /\d+\.\d+\.\d+\S*$/u.exec(decodeURIComponent(tag))?.[0];
  },
  // docs.brew.sh, "Formula Cookbook": the style of commits.
  message: ({ name, version }) => `${name} ${version}`,
};

/** `1.2`; undefined for what is no version. */
function lineOf(version: string): string | undefined {
  const parts = parse(version);
  return parts === null ? undefined : `${parts.major}.${parts.minor}`;
}
