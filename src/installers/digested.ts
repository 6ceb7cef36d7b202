import type { InstallerDownload } from "../model/installer.ts";

/** A file that a script installs from, as it was released. */
export interface DigestedDownload extends InstallerDownload {
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Puts what differs from release to release between the marks of a script. */
export function withRelease(script: string, lines: readonly string[]): string {
  const marked = /^# begin of the release\n[\s\S]*?^# end of the release\n/mu;
  return script.replace(marked, () => `${lines.join("\n")}\n`);
}
