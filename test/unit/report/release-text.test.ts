import { describe, expect, it } from "vitest";
import { terminal } from "../../../src/hosts/terminal/terminal.ts";
import type { Manifest } from "../../../src/model/manifest.ts";
import { releaseSummary } from "../../../src/report/markdown.ts";
import { releaseText } from "../../../src/report/release-text.ts";
import { agePlan } from "../../support/releases/binaries.ts";

function ended(mode: Manifest["plan"]["signing"]["mode"]): Manifest {
  const plan = { ...agePlan, dryRun: true, signing: { ...agePlan.signing, mode } };
  return { schema: 1, plan, artifacts: [], binaries: [], timings: [], url: null };
}

function onTerminal(manifest: Manifest): string {
  let text = "";
  const write = (more: string) => void (text += more);
  const screen = { write, live: false, colour: false, columns: 80, rows: 24 };
  const host = terminal({ folder: "/", env: {}, screen, now: () => 0, every: () => () => {} });
  host.tell({ type: "released", manifest, folder: "dist", at: 0 });
  return text;
}

describe.each([
  ["a terminal", onTerminal],
  ["GitHub Actions", releaseSummary],
  ["GitLab CI", (manifest: Manifest) => releaseText(manifest, "dist")],
])("the end of a dry run on %s", (_where, shown) => {
  it("says what its signatures are worth", () => {
    expect(shown(ended("throwaway"))).toContain(
      "nothing was published; the signatures use a throwaway key and prove nothing",
    );
  });

  it("does not speak of signatures that it has not", () => {
    const text = shown(ended("none"));
    expect(text).toContain("nothing was published");
    expect(text).not.toContain("signatures");
  });
});
