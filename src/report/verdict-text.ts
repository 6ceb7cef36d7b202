import type { Verdict } from "../verification/verdict.ts";
import { escapeControls } from "./escape-controls.ts";

/** What a verification found right, and what its reader should know. */
export function verdictText({ checked, notices }: Verdict, rebuilt: boolean): string {
  return escapeControls(
    [
      ...checked.map((what) => `✓ ${what}`),
      ...(rebuilt ? ["✓ rebuilt: every byte is identical"] : []),
      ...notices.map((notice) => `note: ${notice}`),
      "",
    ].join("\n"),
  );
}
