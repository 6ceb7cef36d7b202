import { describe, expect, it } from "vitest";
import { type KnownServer, readRemote } from "../../../../src/plan/addresses/remotes.ts";

const GITHUB = "github https://github.com";
const GITLAB = "gitlab https://gitlab.com";

function read(url: string | undefined, known?: KnownServer): string {
  const found = readRemote(url, known);
  return found === undefined ? "none" : `${found.forge} ${found.serverUrl} ${found.repository}`;
}

describe("a remote of git's", () => {
  it.each([
    ["https://github.com/owner/tool", `${GITHUB} owner/tool`],
    ["https://github.com/owner/tool.git", `${GITHUB} owner/tool`],
    ["https://github.com/owner/tool/", `${GITHUB} owner/tool`],
    ["https://github.com/owner/tool.git/", `${GITHUB} owner/tool`],
    ["https://GitHub.com/Owner/Tool", `${GITHUB} Owner/Tool`],
    ["https://www.github.com/owner/tool", `${GITHUB} owner/tool`],
    ["https://github.com:443/owner/tool", `${GITHUB} owner/tool`],
    ["https://github.com//owner//tool", `${GITHUB} owner/tool`],
    ["http://github.com/owner/tool", `${GITHUB} owner/tool`],
    ["git://github.com/owner/tool.git", `${GITHUB} owner/tool`],
    ["https://user@github.com/owner/tool", `${GITHUB} owner/tool`],
    ["https://user:pass@github.com/owner/tool", `${GITHUB} owner/tool`],
    ["https://user:p%40ss@github.com/owner/tool", `${GITHUB} owner/tool`],
    ["https://user:p@ss@github.com/owner/tool", `${GITHUB} owner/tool`],
    ["https://x-access-token:ghs_abc@github.com/owner/tool.git", `${GITHUB} owner/tool`],
    ["https://github.com/owner/my.tool.git", `${GITHUB} owner/my.tool`],
    ["https://github.com/owner/tool.github.io", `${GITHUB} owner/tool.github.io`],
    [" https://github.com/owner/tool\n", `${GITHUB} owner/tool`],
    ["git+https://github.com/owner/tool.git", `${GITHUB} owner/tool`],
    ["git@github.com:owner/tool.git", `${GITHUB} owner/tool`],
    ["git@github.com:owner/tool", `${GITHUB} owner/tool`],
    ["git@github.com:/owner/tool.git", `${GITHUB} owner/tool`],
    ["github.com:owner/tool.git", `${GITHUB} owner/tool`],
    ["org-1234567@github.com:owner/tool.git", `${GITHUB} owner/tool`],
    ["[git@github.com:22]:owner/tool.git", `${GITHUB} owner/tool`],
    ["git@github.com-work:owner/tool.git", `${GITHUB} owner/tool`],
    ["ssh://git@github.com/owner/tool.git", `${GITHUB} owner/tool`],
    ["ssh://git@github.com:22/owner/tool", `${GITHUB} owner/tool`],
    ["ssh://github.com/owner/tool/", `${GITHUB} owner/tool`],
    ["git+ssh://git@github.com/owner/tool.git", `${GITHUB} owner/tool`],
    ["ssh+git://git@github.com/owner/tool.git", `${GITHUB} owner/tool`],
    ["SSH://git@GitHub.com/owner/tool.git", `${GITHUB} owner/tool`],
    ["ssh://git@ssh.github.com:443/owner/tool.git", `${GITHUB} owner/tool`],
    ["ssh://git@ssh.github.com/owner/tool", `${GITHUB} owner/tool`],
    ["git@ssh.github.com:443/owner/tool.git", `${GITHUB} owner/tool`],
    ["git@ssh.github.com:owner/tool.git", `${GITHUB} owner/tool`],
    ["git@ssh.github.com:443/tool.git", `${GITHUB} 443/tool`],
    ["https://corp.ghe.com/owner/tool", "github https://corp.ghe.com owner/tool"],
    ["git@corp.ghe.com:owner/tool.git", "github https://corp.ghe.com owner/tool"],
    ["corp@corp.ghe.com:owner/tool.git", "github https://corp.ghe.com owner/tool"],
    ["https://github.example.com/owner/tool", "github https://github.example.com owner/tool"],
    ["https://github.example.com:8443/o/tool", "github https://github.example.com:8443 o/tool"],
    ["git@github.example.com:owner/tool.git", "github https://github.example.com owner/tool"],
    ["ssh://git@github.example.com:122/o/tool", "github https://github.example.com o/tool"],
    ["https://git.github.example.com/o/tool", "github https://git.github.example.com o/tool"],
    ["https://gitlab.com/group/tool.git", `${GITLAB} group/tool`],
    ["https://gitlab.com/group/sub/deep/tool.git", `${GITLAB} group/sub/deep/tool`],
    ["https://gitlab.com/group/443/tool", `${GITLAB} group/443/tool`],
    ["https://oauth2:glpat-abc@gitlab.com/group/tool.git", `${GITLAB} group/tool`],
    ["https://gitlab-ci-token:abc@gitlab.com/group/tool.git", `${GITLAB} group/tool`],
    ["git@gitlab.com:group/sub/tool.git", `${GITLAB} group/sub/tool`],
    ["git@gitlab.com:/group/tool.git", `${GITLAB} group/tool`],
    ["ssh://git@gitlab.com/group/tool", `${GITLAB} group/tool`],
    ["ssh://git@altssh.gitlab.com:443/group/tool.git", `${GITLAB} group/tool`],
    ["git@altssh.gitlab.com:443/group/sub/tool.git", `${GITLAB} group/sub/tool`],
    ["git@altssh.gitlab.com:group/tool.git", `${GITLAB} group/tool`],
    ["git@gitlab.com_private:group/tool.git", `${GITLAB} group/tool`],
    ["https://gitlab.example.com/g/tool", "gitlab https://gitlab.example.com g/tool"],
    ["https://gitlab.example.com:8443/g/tool", "gitlab https://gitlab.example.com:8443 g/tool"],
    ["http://gitlab.example.com/g/tool", "gitlab https://gitlab.example.com g/tool"],
    ["ssh://git@gitlab.example.com:2222/g/t.git", "gitlab https://gitlab.example.com g/t"],
    ["git@gitlab.example.com:acme/sub/tool.git", "gitlab https://gitlab.example.com acme/sub/tool"],
    ["https://gitlab-ee.example.com/g/tool", "gitlab https://gitlab-ee.example.com g/tool"],
    ["https://my-gitlab.example.com/g/tool", "gitlab https://my-gitlab.example.com g/tool"],
    ["https://gitlab/g/tool", "gitlab https://gitlab g/tool"],
    ["https://example.com/gitlab/g/sub/tool", "gitlab https://example.com/gitlab g/sub/tool"],
    ["https://u:p@example.com/gitlab/g/tool.git/", "gitlab https://example.com/gitlab g/tool"],
    ["https://gitlab.example.com/gitlab/g/tool", "gitlab https://gitlab.example.com gitlab/g/tool"],
    ["https://gitlab.com/releases/releases", `${GITLAB} releases/releases`],
  ])("%s is %s", (url, expected) => {
    expect(read(url)).toBe(expected);
  });

  it.each([
    [undefined],
    [""],
    ["/srv/git/tool.git"],
    ["./tool"],
    ["../github.com/owner/tool"],
    ["tool.git"],
    ["github.com/owner/tool"],
    ["file:///srv/github.com/owner/tool.git"],
    ["C:\\code\\github.com\\tool"],
    ["C:/code/tool"],
    ["c:code/tool"],
    ["\\\\server\\share\\tool.git"],
    ["https://git.example.com/owner/tool"],
    ["https://example.com/gitlab/tool"],
    ["git@example.com:gitlab/g/tool"],
    ["https://codeberg.org/owner/tool.git"],
    ["https://dev.azure.com/org/project/_git/tool"],
    ["git@bitbucket.org:owner/tool.git"],
    ["git@work:owner/tool.git"],
    ["git@github-work:owner/tool.git"],
    ["ssh://git@gitlab/group/tool.git"],
    ["https://gist.github.com/owner/0123456789abcdef"],
    ["https://api.github.com/repos/owner/tool"],
    ["https://owner.github.io/tool/x"],
    ["https://group.gitlab.io/tool/x"],
    ["https://github.com/owner"],
    ["https://github.com/"],
    ["https://github.com/owner/tool/tree/main"],
    ["https://gitlab.com/group/tool/-/tree/main"],
    ["https://gitlab.com/tool"],
    ["https://github.com:port/owner/tool"],
    ["ext::sh -c github.com"],
    ["codecommit::eu-west-1://tool"],
    ["s3://github.com/owner/tool"],
  ])("%j is no project of a forge", (url) => {
    expect(read(url)).toBe("none");
  });

  it.each<[string, KnownServer, string]>([
    [
      "https://code.example.com/scm/g/sub/tool.git",
      { forge: "gitlab", serverUrl: "https://code.example.com/scm" },
      "gitlab https://code.example.com/scm g/sub/tool",
    ],
    [
      "git@code.example.com:g/sub/tool.git",
      { forge: "gitlab", serverUrl: "https://code.example.com:8443/scm" },
      "gitlab https://code.example.com:8443/scm g/sub/tool",
    ],
    [
      "https://git.example.com/owner/tool",
      { forge: "github" },
      "github https://git.example.com owner/tool",
    ],
    ["https://git.example.com/g/sub/tool", { forge: "github" }, "none"],
    ["/srv/git/tool.git", { forge: "github" }, "none"],
    ["https://gitlab.com/g/tool", { forge: "github" }, `${GITLAB} g/tool`],
    [
      "https://gitlab.com/g/tool",
      { forge: "gitlab", serverUrl: "https://gitlab.example.com" },
      `${GITLAB} g/tool`,
    ],
  ])("%s, where %j is known, is %s", (url, known, expected) => {
    expect(read(url, known)).toBe(expected);
  });
});
