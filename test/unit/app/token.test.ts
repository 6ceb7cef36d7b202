import { describe, expect, it } from "vitest";
import { tokenFor } from "../../../src/app/token.ts";
import { configure } from "../../../src/config/config.ts";
import { fromEnvironment } from "../../../src/config/environment.ts";
import { noFile } from "../../../src/config/file.ts";
import type { Host } from "../../../src/hosts/host.ts";
import { JobToken, Secret } from "../../../src/model/secret.ts";
import type { Surroundings } from "../../../src/model/surroundings.ts";

type Environment = Readonly<Record<string, string>>;

function token(
  forge: "github" | "gitlab",
  apiUrl: string,
  env: Environment,
  here: Partial<Surroundings> = {},
): string | undefined {
  return secret(forge, apiUrl, env, here)?.reveal();
}

function secret(
  forge: "github" | "gitlab",
  apiUrl: string,
  env: Environment,
  here: Partial<Surroundings> = {},
): Secret | undefined {
  const { given } = fromEnvironment(env);
  const config = configure("verify", { flags: [], host: [], environment: given, file: noFile });
  const host = { surroundings: { ci: false, folder: "/", ...here } } as Host;
  return tokenFor({ forge, apiUrl }, { config, env, host });
}

describe("the usual token", () => {
  it.each([
    ["github", "https://api.github.com", { GITHUB_TOKEN: "a", GH_TOKEN: "b" }, "a"],
    ["github", "https://api.github.com", { GH_TOKEN: "b" }, "b"],
    ["gitlab", "https://gitlab.com/api/v4", { GITLAB_TOKEN: "c" }, "c"],
    ["github", "https://forge.example/api/v3", { GITHUB_TOKEN: "a", GH_TOKEN: "b" }, undefined],
    ["gitlab", "https://forge.example/api/v4", { GITLAB_TOKEN: "c" }, undefined],
    ["gitlab", "https://gitlab.com.example/api/v4", { GITLAB_TOKEN: "c" }, undefined],
  ] as const)("of %s at %s", (forge, apiUrl, env, expected) => {
    expect(token(forge, apiUrl, env)).toBe(expected);
  });

  it("goes to the host's own server too", () => {
    const apiUrl = "https://forge.example/api/v4";
    expect(token("gitlab", apiUrl, { GITLAB_TOKEN: "c" }, { forge: "gitlab", apiUrl })).toBe("c");
  });
});

describe("a token that is none", () => {
  const path = "/builds/acme/tool.tmp/GITLAB_TOKEN";
  it.each([
    [{ GITLAB_TOKEN: path }, "GITLAB_TOKEN is the path of a file"],
    [{ GO_RELEASE_TOKEN: path }, "GO_RELEASE_TOKEN: token: is the path of a file"],
    [{ GO_RELEASE_TOKEN: "/run/secrets/gitlab-token\n" }, "is the path of a file"],
    [{ GO_RELEASE_TOKEN: "C:\\secrets\\token" }, "is the path of a file"],
    [
      { GITLAB_TOKEN: "$GITLAB_TOKEN" },
      "GITLAB_TOKEN is the name of a variable that is not set here",
    ],
    [{ GO_RELEASE_TOKEN: "${RELEASE_TOKEN}" }, "is the name of a variable that is not set here"],
    [{ GO_RELEASE_TOKEN: "${{ secrets.TOKEN }}" }, "is the name of a variable"],
    [{ GO_RELEASE_TOKEN: '"glpat-abc"' }, "is in quotes, which are not part of it"],
  ])("is refused as what it is: %j", (env, says) => {
    expect(() => token("gitlab", "https://gitlab.com/api/v4", env)).toThrow(says);
  });

  it.each(["glpat-abc_DEF-123", "eyJhbGciOi.J9.x-y", "/abcDEF+12/=", "0123456789abcdef"])(
    "is not %s",
    (value) => {
      const env = { GO_RELEASE_TOKEN: value };
      expect(token("gitlab", "https://gitlab.com/api/v4", env)).toBe(value);
    },
  );
});

describe("a token that was given for the release", () => {
  const server = "https://forge.example/api/v4";

  it("goes to a server that was named beside it, and to the public ones", () => {
    const named = { GO_RELEASE_TOKEN: "d", GO_RELEASE_API_URL: `${server}/` };
    expect(token("gitlab", server, named)).toBe("d");
    const bare = { GO_RELEASE_TOKEN: "d", GO_RELEASE_API_URL: "https://forge.example" };
    expect(token("gitlab", server, bare)).toBe("d");
    expect(token("gitlab", "https://gitlab.com/api/v4", { GO_RELEASE_TOKEN: "d" })).toBe("d");
  });

  it.each([
    [server, {}],
    ["http://forge.example/api/v4", { GO_RELEASE_API_URL: server }],
    ["https://forge.example.net/api/v4", { GO_RELEASE_API_URL: server }],
    ["https://gitlab.com:8443/api/v4", {}],
    ["http://gitlab.com/api/v4", {}],
  ])("goes to no other: %s", (apiUrl, env) => {
    expect(token("gitlab", apiUrl, { GO_RELEASE_TOKEN: "d", ...env })).toBeUndefined();
  });

  it("is none for a foreign server when it is the job's own", () => {
    const here = { forge: "gitlab", apiUrl: server, token: new JobToken("e") } as const;
    const env = { GO_RELEASE_TOKEN: "e" };
    expect(token("gitlab", "https://other.example/api/v4", env, here)).toBeUndefined();
  });

  it.each([
    ["the job's own", "e", true],
    ["another one", "d", false],
  ])("is %s", (_, given, job) => {
    const apiUrl = "https://forge.example/api/v4";
    const here = { forge: "gitlab", apiUrl, token: new JobToken("e") } as const;
    const found = secret("gitlab", apiUrl, { GO_RELEASE_TOKEN: given }, here);
    expect(found?.reveal()).toBe(given);
    expect(found instanceof JobToken).toBe(job);
  });
});

describe("the host's token", () => {
  const here: Partial<Surroundings> = {
    forge: "github",
    apiUrl: "https://api.github.com",
    token: new Secret("job"),
  };

  it.each([
    ["https://api.github.com", "job"],
    ["https://forge.example/api/v3", undefined],
  ] as const)("for %s is %s", (apiUrl, expected) => {
    expect(token("github", apiUrl, {}, here)).toBe(expected);
  });
});
