import { describe, expect, it } from "vitest";
import { type PlannedRelease, plannedRelease, textOf } from "../../support/channels.ts";

function caskOf({ flags, ...more }: PlannedRelease = {}): string {
  return textOf(
    plannedRelease({ ...more, flags: { homebrewCask: "octo/homebrew-tap", ...flags } }),
  );
}

const files = (...names: string[]) => ({
  files: [names.map((name) => ({ source: name, name, executable: false }))],
});

describe("a cask", () => {
  it("is what Homebrew reads, in its style", () => {
    const flags = {
      homebrewDependencies: "git",
      caskConflicts: "tool@nightly",
      caskUnquarantine: true,
      homebrewCaveats: "Run `tool init` #{once}.",
      metadata: "description=A tool that does things.\nlicense=MIT\nhomepage=https://example.com",
    };
    const facts = files("tool.zsh", "man/tool.1", "tool.fish", "tool.bash", "README.md");
    expect(caskOf({ flags, facts })).toBe(`cask "tool" do
  version "1.2.3"

  on_macos do
    on_arm do
      sha256 "0000000000000000000000000000000000000000000000000000000000000004"

      url "https://github.com/octo/tool/releases/download/v1.2.3/tool_1.2.3_darwin_arm64.tar.gz"
    end
    on_intel do
      sha256 "0000000000000000000000000000000000000000000000000000000000000003"

      url "https://github.com/octo/tool/releases/download/v1.2.3/tool_1.2.3_darwin_amd64.tar.gz"
    end
  end
  on_linux do
    on_arm do
      sha256 "0000000000000000000000000000000000000000000000000000000000000002"

      url "https://github.com/octo/tool/releases/download/v1.2.3/tool_1.2.3_linux_arm64.tar.gz"
    end
    on_intel do
      sha256 "0000000000000000000000000000000000000000000000000000000000000001"

      url "https://github.com/octo/tool/releases/download/v1.2.3/tool_1.2.3_linux_amd64.tar.gz"
    end
  end

  name "tool"
  desc "Tool that does things"
  homepage "https://example.com/"

  livecheck do
    url :url
    strategy :github_latest
  end

  conflicts_with cask: "tool@nightly"
  depends_on formula: "git"

  binary "tool"
  manpage "man/tool.1"
  bash_completion "tool.bash"
  fish_completion "tool.fish"
  zsh_completion "tool.zsh"

  postflight do
    if OS.mac?
      system_command "/usr/bin/xattr",
                     args: ["-dr", "com.apple.quarantine", staged_path.to_s]
    end
  end

  caveats <<~EOS
    Run \`tool init\` \\#{once}.
  EOS
end
`);
  });

  it("names each program where it lies, under the name that people call it by", () => {
    const text = caskOf({ flags: { archive: "none" } });
    expect(text).toContain('      binary "tool_1.2.3_darwin_arm64", target: "tool"\n');
    expect(text).not.toMatch(/^ {2}binary/mu);
  });

  it("says on which machines it can be installed", () => {
    const text = caskOf({ flags: { targets: "linux/amd64" } });
    expect(text).toContain("    depends_on arch: :x86_64\n");
    expect(text).toContain("  depends_on :linux\n");
  });
});
