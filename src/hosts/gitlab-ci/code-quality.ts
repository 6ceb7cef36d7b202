import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { Diagnostic } from "../../model/event.ts";

/** GitLab's code quality report, which a merge request shows beside the lines (docs.gitlab.com, "Code Quality"). */
export const codeQuality = (diagnostics: readonly Diagnostic[], module: string): string =>
  `${JSON.stringify(
    diagnostics.map((diagnostic) => finding(diagnostic, module)),
    null,
    2,
  )}\n`;

const finding = ({ file, line, package: from, message, targets }: Diagnostic, module: string) => {
  const path = posix.join(module, (file ?? from ?? "go.mod").replaceAll("\\", "/"));
  return {
    description: targets.length === 0 ? message : `${message} (${targets.join(", ")})`,
    check_name: "go build",
    // Without the line: a complaint that only moved is the same one.
    fingerprint: createHash("sha256").update(`${path}\n${message}`).digest("hex"),
    severity: "blocker",
    location: { path, lines: { begin: line ?? 1 } },
  };
};
