import { describe, expect, it } from "vitest";
import { manifest } from "../../../src/channels/scoop/scoop.ts";
import { type PlannedRelease, plannedRelease, textOf } from "../../support/channels.ts";

function manifestOf({ flags, ...more }: PlannedRelease = {}) {
  const planned = plannedRelease({ ...more, flags: { scoop: "octo/bucket", ...flags } });
  return JSON.parse(textOf(planned)) as Record<string, unknown>;
}

const BASE = "https://github.com/octo/tool/releases/download";

describe("a manifest", () => {
  it("installs the program, and says where the next version will be", () => {
    expect(manifestOf()).toEqual({
      version: "1.2.3",
      description: "A tool that does things.",
      homepage: "https://github.com/octo/tool",
      license: "MIT",
      architecture: {
        "64bit": {
          url: `${BASE}/v1.2.3/tool_1.2.3_windows_amd64.zip`,
          hash: "5".padStart(64, "0"),
        },
        arm64: { url: `${BASE}/v1.2.3/tool_1.2.3_windows_arm64.zip`, hash: "6".padStart(64, "0") },
      },
      bin: "tool.exe",
      checkver: { github: "https://github.com/octo/tool" },
      autoupdate: {
        architecture: {
          "64bit": { url: `${BASE}/v$version/tool_$version_windows_amd64.zip` },
          arm64: { url: `${BASE}/v$version/tool_$version_windows_arm64.zip` },
        },
        hash: { url: "$baseurl/checksums.txt" },
      },
    });
  });

  it("enters the folder that everything lies in, whose name moves with the version", () => {
    const { architecture, autoupdate } = manifestOf({ flags: { wrap: "{name}-{version}" } });
    expect(architecture).toMatchObject({ arm64: { extract_dir: "tool-1.2.3" } });
    expect(autoupdate).toMatchObject({
      architecture: { arm64: { extract_dir: "tool-$version" } },
    });
  });

  it("gives a bare program the name that it is called by", () => {
    const { architecture, bin } = manifestOf({ flags: { archive: "none" } });
    const url = `${BASE}/v1.2.3/tool_1.2.3_windows_amd64.exe#/tool.exe`;
    expect(architecture).toMatchObject({ "64bit": { url } });
    expect(bin).toBe("tool.exe");
  });

  it("is refused without a licence", () => {
    expect(() => manifestOf({ flags: { metadata: "description=A tool" } })).toThrow(/license/u);
  });

  it("is read for its version", () => {
    expect(manifest.versionIn('{"version": "1.2.3"}')).toBe("1.2.3");
    expect(manifest.versionIn("nothing")).toBeUndefined();
  });
});
