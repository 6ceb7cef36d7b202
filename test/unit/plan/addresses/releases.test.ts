import { describe, expect, it } from "vitest";
import {
  type KnownServers,
  type ReleaseAddress,
  readReleaseUrl,
} from "../../../../src/plan/addresses/releases.ts";

function shown({ forge, apiUrl, repository, tag }: ReleaseAddress): string {
  return `${forge} ${apiUrl} ${repository} ${tag ?? "(latest)"}`;
}

function read(url: string, known?: KnownServers): readonly string[] {
  return (readReleaseUrl(url, known) ?? []).map(shown);
}

const HUB = "github https://api.github.com";
const LAB = "gitlab https://gitlab.com/api/v4";

describe("the URL of a release", () => {
  it.each([
    ["https://github.com/o/tool/releases/tag/v1.2.3", `${HUB} o/tool v1.2.3`],
    ["https://github.com/o/tool/releases/tag/v1.2.3/", `${HUB} o/tool v1.2.3`],
    ["https://github.com/o/tool/releases/tag/v1.2.3?x=y#assets", `${HUB} o/tool v1.2.3`],
    ["https://www.github.com/o/tool/releases/tag/v1.2.3", `${HUB} o/tool v1.2.3`],
    ["https://GITHUB.com/O/Tool/releases/tag/v1.2.3", `${HUB} O/Tool v1.2.3`],
    ["https://user:secret@github.com/o/tool/releases/tag/v1", `${HUB} o/tool v1`],
    ["github.com/o/tool/releases/tag/v1.2.3", `${HUB} o/tool v1.2.3`],
    ["https://github.com/o/tool.git/releases/tag/v1.2.3", `${HUB} o/tool v1.2.3`],
    ["https://github.com/o/tool/releases/tag/cli/v1.2.3", `${HUB} o/tool cli/v1.2.3`],
    ["https://github.com/o/tool/releases/tag/cli%2Fv1.2.3", `${HUB} o/tool cli/v1.2.3`],
    ["https://github.com/o/tool/releases/tag/v1.2.3%2Bbuild.5", `${HUB} o/tool v1.2.3+build.5`],
    ["https://github.com/o/tool/releases/tag/v1.2.3+build.5", `${HUB} o/tool v1.2.3+build.5`],
    ["https://github.com/o/tool/releases/tag/%E2%9C%93", `${HUB} o/tool ✓`],
    ["https://github.com/o/tool/releases/v1.2.3", `${HUB} o/tool v1.2.3`],
    ["https://github.com/o/tool/releases/latest", `${HUB} o/tool (latest)`],
    ["https://github.com/o/tool/releases/latest/", `${HUB} o/tool (latest)`],
    ["https://github.com/o/tool/releases/latest/download/t.tar.gz", `${HUB} o/tool (latest)`],
    ["https://github.com/o/tool/releases/download/v1/t.tar.gz", `${HUB} o/tool v1`],
    ["https://github.com/o/tool/releases/download/cli/v1/t.zip", `${HUB} o/tool cli/v1`],
    ["https://github.com/o/tool/releases/expanded_assets/v1", `${HUB} o/tool v1`],
    ["https://github.com/o/tool/releases/edit/v1", `${HUB} o/tool v1`],
    ["https://github.com/o/releases/releases/tag/v1", `${HUB} o/releases v1`],
    ["https://github.com/releases/tool/releases/tag/v1", `${HUB} releases/tool v1`],
    [
      "https://github.com/releases/releases/releases/tag/releases",
      `${HUB} releases/releases releases`,
    ],
    ["https://corp.ghe.com/o/tool/releases/tag/v1", "github https://api.corp.ghe.com o/tool v1"],
    ["https://ghe.example.com/o/t/releases/tag/v1", "github https://ghe.example.com/api/v3 o/t v1"],
    ["https://10.0.0.1:8443/o/t/releases/tag/v1", "github https://10.0.0.1:8443/api/v3 o/t v1"],
    ["https://gitlab.com/g/tool/-/releases/v1.2.3", `${LAB} g/tool v1.2.3`],
    ["https://gitlab.com/g/tool/-/releases/v1.2.3/", `${LAB} g/tool v1.2.3`],
    ["https://gitlab.com/g/tool/-/releases/v1.2.3?x#y", `${LAB} g/tool v1.2.3`],
    ["https://gitlab.com/g/sub/deep/tool/-/releases/v1", `${LAB} g/sub/deep/tool v1`],
    ["https://gitlab.com/g/tool/-/releases/cli%2Fv1", `${LAB} g/tool cli/v1`],
    ["https://gitlab.com/g/tool/-/releases/cli/v1", `${LAB} g/tool cli/v1`],
    ["https://gitlab.com/g/tool/-/releases/v1/downloads/bin/t.tar.gz", `${LAB} g/tool v1`],
    ["https://gitlab.com/g/tool/-/releases/v1/edit", `${LAB} g/tool v1`],
    ["https://gitlab.com/g/tool/-/releases/v1/evidences/7.json", `${LAB} g/tool v1`],
    ["https://gitlab.com/g/tool/-/releases/permalink/latest", `${LAB} g/tool (latest)`],
    [
      "https://gitlab.com/g/tool/-/releases/permalink/latest/downloads/t.zip",
      `${LAB} g/tool (latest)`,
    ],
    ["https://gitlab.com/g/releases/-/releases/v1", `${LAB} g/releases v1`],
    ["https://gitlab.com/releases/tool/-/releases/v1", `${LAB} releases/tool v1`],
    ["https://gitlab.com/g/tool/releases/v1", `${LAB} g/tool v1`],
    ["https://gitlab.com/g/releases/releases/v1", `${LAB} g/releases v1`],
    ["gitlab.com/g/tool/-/releases/v1", `${LAB} g/tool v1`],
    [
      "https://git.example.com/g/tool/-/releases/v1",
      "gitlab https://git.example.com/api/v4 g/tool v1",
    ],
    ["http://127.0.0.1:80/g/tool/-/releases/v1", "gitlab http://127.0.0.1/api/v4 g/tool v1"],
  ])("%s is %s", (url, expected) => {
    expect(read(url)).toEqual([expected]);
  });

  it("of a GitLab that may lie below a path is one of several", () => {
    expect(read("https://example.com/gitlab/g/sub/tool/-/releases/v1")).toEqual([
      "gitlab https://example.com/api/v4 gitlab/g/sub/tool v1",
      "gitlab https://example.com/gitlab/api/v4 g/sub/tool v1",
      "gitlab https://example.com/gitlab/g/api/v4 sub/tool v1",
    ]);
  });

  it.each<[KnownServers, string]>([
    [
      { apiUrl: "https://example.com/git/api/v4/" },
      "gitlab https://example.com/git/api/v4 g/tool v1",
    ],
    [{ apiUrl: "https://example.com/git" }, "gitlab https://example.com/git/api/v4 g/tool v1"],
    [
      {
        home: {
          forge: "gitlab",
          serverUrl: "https://example.com/git",
          apiUrl: "https://in.test/git/api/v4",
        },
      },
      "gitlab https://in.test/git/api/v4 g/tool v1",
    ],
  ])("of a GitLab below a path is one alone where %j is known", (known, expected) => {
    const url = "https://example.com/git/g/tool/-/releases/v1";
    expect(read(url, known)).toEqual([expected]);
    expect(readReleaseUrl(url, known)?.[0]?.serverUrl).toBe("https://example.com/git");
  });

  it("is of the API that was given", () => {
    const known = { apiUrl: "https://api.ghe.example.com/" };
    expect(read("https://ghe.example.com/o/t/releases/tag/v1", known)).toEqual([
      "github https://api.ghe.example.com o/t v1",
    ]);
  });

  it.each([
    ["v1.2.3"],
    ["cli/v1.2.3"],
    ["releases/v1"],
    ["nowhere"],
    ["ftp://github.com/o/t/releases/tag/v1"],
  ])("%s is none", (written) => {
    expect(readReleaseUrl(written)).toBeUndefined();
  });

  it.each([
    ["https://github.com/o/tool", "https://github.com/o/tool/releases/tag/TAG"],
    ["https://github.com/o/tool/releases", "https://github.com/o/tool/releases/tag/TAG"],
    ["https://github.com/o/tool/releases/tag/", "https://github.com/o/tool/releases/tag/TAG"],
    ["https://github.com/o/tool/tree/v1.2.3", "https://github.com/o/tool/releases/tag/v1.2.3"],
    ["https://github.com/o/tool/tree/cli/v1", "https://github.com/o/tool/releases/tag/cli/v1"],
    [
      "https://github.com/o/tool/archive/refs/tags/v1.0.zip",
      "https://github.com/o/tool/releases/tag/v1.0",
    ],
    ["https://github.com/o/tool/tags", "https://github.com/o/tool/releases/tag/TAG"],
    ["https://github.com/o/tool/actions/runs/1", "https://github.com/o/tool/releases/tag/TAG"],
    [
      "https://api.github.com/repos/o/tool/releases/tags/v1",
      "https://github.com/o/tool/releases/tag/v1",
    ],
    [
      "https://api.github.com/repos/o/tool/releases/latest",
      "https://github.com/o/tool/releases/latest",
    ],
    [
      "https://api.github.com/repos/o/tool/releases/123",
      "https://github.com/o/tool/releases/tag/TAG",
    ],
    [
      "https://ghe.example.com/api/v3/repos/o/t/releases/tags/v1",
      "https://ghe.example.com/o/t/releases/tag/v1",
    ],
    ["https://gitlab.com/g/tool/-/releases", "https://gitlab.com/g/tool/-/releases/TAG"],
    ["https://gitlab.com/g/tool/-/tags/v1", "https://gitlab.com/g/tool/-/releases/v1"],
    ["https://gitlab.com/g/tool/-/tree/cli/v1", "https://gitlab.com/g/tool/-/releases/cli%2Fv1"],
    ["https://gitlab.com/g/tool/-/archive/v1/t.zip", "https://gitlab.com/g/tool/-/releases/v1"],
    ["https://gitlab.com/g/tool", "https://gitlab.com/g/tool/-/releases/TAG"],
    [
      "https://gitlab.com/api/v4/projects/g%2Ftool/releases/v1",
      "https://gitlab.com/g/tool/-/releases/v1",
    ],
    [
      "https://example.com/gitlab/api/v4/projects/g%2Ftool/releases/cli%2Fv1",
      "https://example.com/gitlab/g/tool/-/releases/cli%2Fv1",
    ],
  ])("is told to give in place of %s: %s", (url, instead) => {
    expect(() => read(url)).toThrow(
      expect.objectContaining({ name: "Usage", hint: `give ${instead}` }),
    );
  });

  it.each([
    ["https://gitlab.com/api/v4/projects/42/releases/v1"],
    ["https://github.com/o/tool/releases/tag/%E0%A4%A"],
    ["https://github.com/"],
    ["https://gitlab.com/tool/-/releases/v1"],
  ])("is told by its form in place of %s", (url) => {
    expect(() => read(url)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("give https://github.com/OWNER") }),
    );
  });

  it("is told without the credentials that stood in it", () => {
    expect(() => read("https://user:secret@github.com/o/tool?key=secret")).toThrow(
      "verify: https://github.com/o/tool is not the page of a release",
    );
  });
});
