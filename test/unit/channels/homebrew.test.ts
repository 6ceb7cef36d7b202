import { describe, expect, it } from "vitest";
import { formula } from "../../../src/channels/homebrew/homebrew.ts";
import { rubyLicense } from "../../../src/channels/homebrew/license.ts";
import { channelFiles } from "../../../src/release/channels.ts";
import { digestsFor, type PlannedRelease, plannedRelease, textOf } from "../../support/channels.ts";

function formulaOf({ flags, ...more }: PlannedRelease = {}): string {
  return textOf(plannedRelease({ ...more, flags: { homebrew: "octo/homebrew-tap", ...flags } }));
}

/** The lines of one block, without its indentation. */
function blockOf(text: string, head: string): readonly string[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.trim() === head);
  const end = lines.findIndex((line, index) => index > start && line === "  end");
  return start === -1 ? [] : lines.slice(start + 1, end).map((line) => line.trim());
}

const files = (...names: string[]) => ({
  files: [names.map((name) => ({ source: name, name, executable: false }))],
});

describe("a formula", () => {
  it("is what Homebrew reads, in its style", () => {
    expect(
      formulaOf({ flags: { homebrewTest: "--version", homebrewDependencies: "git" } }),
    ).toBe(`class Tool < Formula
  desc "Tool that does things"
  homepage "https://github.com/octo/tool"
  license "MIT"

  livecheck do
    url :stable
    strategy :github_latest
  end

  depends_on "git"

  on_macos do
    on_arm do
      url "https://github.com/octo/tool/releases/download/v1.2.3/tool_1.2.3_darwin_arm64.tar.gz"
      sha256 "0000000000000000000000000000000000000000000000000000000000000004"
    end
    on_intel do
      url "https://github.com/octo/tool/releases/download/v1.2.3/tool_1.2.3_darwin_amd64.tar.gz"
      sha256 "0000000000000000000000000000000000000000000000000000000000000003"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/octo/tool/releases/download/v1.2.3/tool_1.2.3_linux_arm64.tar.gz"
      sha256 "0000000000000000000000000000000000000000000000000000000000000002"
    end
    on_intel do
      url "https://github.com/octo/tool/releases/download/v1.2.3/tool_1.2.3_linux_amd64.tar.gz"
      sha256 "0000000000000000000000000000000000000000000000000000000000000001"
    end
  end

  def install
    bin.install "tool"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/tool --version")
  end
end
`);
  });

  it("installs the man pages and completions that the archives hold, and nothing else of them", () => {
    const facts = files(
      "completions/tool.bash",
      "completions/tool.zsh",
      "completions/tool.fish",
      "man/tool-run.1",
      "notes-1.2",
      "LICENSE",
    );
    expect(blockOf(formulaOf({ facts }), "def install")).toEqual([
      'bin.install "tool"',
      'bash_completion.install "completions/tool.bash" => "tool"',
      'fish_completion.install "completions/tool.fish"',
      'man1.install "man/tool-run.1"',
      'zsh_completion.install "completions/tool.zsh" => "_tool"',
    ]);
  });

  it("names what lies in a folder as Homebrew sees it, which enters the only one", () => {
    const facts = files("tool.1");
    const text = formulaOf({ facts, flags: { wrap: "{name}-{version}-{os}-{arch}" } });
    expect(blockOf(text, "def install")).toEqual(['bin.install "tool"', 'man1.install "tool.1"']);
  });

  it("renames a bare program, which is called after its platform", () => {
    expect(blockOf(formulaOf({ flags: { archive: "none" } }), "def install")).toEqual([
      'bin.install Dir["tool_1.2.3_*"].first => "tool"',
    ]);
  });

  it("can be read on machines that it is not for", () => {
    const text = formulaOf({ flags: { targets: "darwin/arm64" } });
    expect(text).toMatch(/homepage.*\n {2}url "[^"]+darwin_arm64.tar.gz"\n {2}sha256/u);
    expect(text).toContain("depends_on :macos");
    expect(blockOf(text, "on_macos do")[0]).toBe("depends_on arch: :arm64");
  });

  it("says the version where its address does not", () => {
    expect(formulaOf({ tag: "v1.2.3-rc.1" })).toContain('version "1.2.3-rc.1"');
    expect(formulaOf()).not.toContain("  version ");
  });

  it("of one line of versions is kept apart from the others", () => {
    const flags = { homebrew: "octo/homebrew-tap", homebrewVersioned: true };
    const planned = plannedRelease({ flags });
    const [all] = channelFiles(planned, digestsFor(planned)).values();
    expect(all?.map(({ name, pinned }) => [name, pinned])).toEqual([
      ["tool.rb", false],
      ["tool@1.2.rb", true],
    ]);
    expect(all?.[1]?.text).toContain("  keg_only :versioned_formula\n");
    expect(all?.[1]?.text).toContain("regex(/^v?(1\\.2(?:\\.\\d+)+)$/i)");
  });

  it("keeps Ruby out of what it is told", () => {
    const metadata = 'description=Say "#{hi}" \\ now\nhomepage=https://example.com/?a="b"';
    const text = formulaOf({ flags: { metadata, homebrewCaveats: "a #{b}\n  EOS\nc" } });
    expect(text).toContain('desc "Say \\"\\#{hi}\\" \\\\ now"');
    expect(text).toContain("<<~END_OF_CAVEATS");
    expect(text).toContain("a \\#{b}");
  });

  it("is refused without a description, and without an archive that it could install", () => {
    expect(() => formulaOf({ flags: { metadata: "license=MIT" } })).toThrow(/description/u);
    expect(() => formulaOf({ flags: { targets: "windows/amd64" } })).toThrow(/no archive/u);
  });

  it.each([
    ["tool: fast and small", "Fast and small"],
    ["Tool is a linter", "Linter"],
    ["T-ool - the 🚀 command line tool.", "Command-line tool"],
    ["Toolbox of many things etc.", "Toolbox of many things etc."],
    ["tool", "Tool"],
  ])("is described as `brew style` wants it: %s", (given, styled) => {
    const metadata = `description=${given}\nlicense=MIT`;
    expect(formulaOf({ flags: { metadata } })).toContain(`  desc "${styled}"\n`);
  });

  it.each([
    ["MIT", '"MIT"'],
    ["MIT OR Apache-2.0", 'any_of: ["MIT", "Apache-2.0"]'],
    ["MIT AND (BSD-3-Clause OR ISC)", 'all_of: ["MIT", { any_of: ["BSD-3-Clause", "ISC"] }]'],
    [
      "GPL-2.0-only WITH Classpath-exception-2.0",
      '"GPL-2.0-only" => { with: "Classpath-exception-2.0" }',
    ],
    ["MIT OR", undefined],
    ["see LICENSE", undefined],
  ])("writes the licence %s", (expression, ruby) => {
    expect(rubyLicense(expression)).toBe(ruby);
  });

  it.each([
    ['version "1.2.3"\n url "https://x/releases/download/v9.9.9/a"', "1.2.3"],
    ['url "https://github.com/o/t/releases/download/v1.2.3/a.tar.gz"', "1.2.3"],
    ['url "https://gitlab.com/o/t/-/releases/cli%2Fv1.2.3/downloads/a.tar.gz"', "1.2.3"],
    ['url "https://example.com/a"', undefined],
  ])("is read for its version: %s", (text, version) => {
    expect(formula.versionIn(text)).toBe(version);
  });
});
