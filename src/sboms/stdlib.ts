import { isGoRelease, readGoVersion } from "../model/go-version.ts";
import { STDLIB, stdlibPurl } from "../model/purl.ts";
import type { Component } from "./component.ts";

/**
 * The standard library that a binary was linked from, named as scanners look for it: some by the package URL, as
 * trivy, some by the CPE, as grype where it is told to. What a vendor adds to the version belongs to neither.
 */
export function stdlib(go: string): Component {
  const { release = "" } = readGoVersion(go);
  return {
    path: STDLIB,
    version: release,
    purl: stdlibPurl(go),
    ...(release === "" ? {} : { cpe: cpeOf(release) }),
    ...(isGoRelease(go) ? {} : { toolchain: go }),
  };
}

/** A candidate stands in the field for updates: `1.27rc1` is `1.27:rc1` there, and a release `1.26.8:-`. */
function cpeOf(release: string): string {
  const [, version = release, candidate = "-"] = /^([\d.]+?)-?([a-z]\w*)$/u.exec(release) ?? [];
  return `cpe:2.3:a:golang:go:${version}:${candidate}:*:*:*:*:*:*`;
}
