import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { Diagnostic } from "../../model/event.ts";

/** GitLab's code quality report, which a merge request shows beside the lines (docs.gitlab.com, "Code Quality"). */
export function codeQuality(diagnostics: readonly Diagnostic[], module: string): string {
  const told = new Map<string, number>();
  const findings = diagnostics.map((diagnostic) => {
    const path = pathOf(diagnostic, module);
    const complaint = `${path}\n${diagnostic.message}`;
    const nth = told.get(complaint) ?? 0;
    told.set(complaint, nth + 1);
    return finding(diagnostic, path, nth);
  });
  return `${JSON.stringify(findings, null, 2)}\n`;
}

function pathOf({ file, package: from }: Diagnostic, module: string): string {
  return posix.join(module, (file ?? from ?? "go.mod").replaceAll("\\", "/"));
}

/** `nth` counts the same complaints about a file, from 0: GitLab shows one finding of each fingerprint. */
function finding({ line, message, targets }: Diagnostic, path: string, nth: number) {
  return {
    description: targets.length === 0 ? message : `${message} (${targets.join(", ")})`,
    check_name: "go build",
    // Without the line: a complaint that only moved is the same one.
    fingerprint: createHash("sha256")
      .update(`${path}\n${message}${nth === 0 ? "" : `\n${nth}`}`)
      .digest("hex"),
    severity: "blocker",
    location: { path, lines: { begin: line ?? 1 } },
  };
}
