import { Secret } from "../../../src/model/secret.ts";

/** Claims as GitHub writes them for a release workflow. */
export const claims = {
  iss: "https://token.actions.githubusercontent.com",
  aud: "sigstore",
  sub: "https://github.com/octo/hello/.github/workflows/release.yml@refs/tags/v1.2.3",
  exp: Math.floor(Date.now() / 1000) + 300,
};

/** A JWT that nobody signed. */
export function tokenOf(changed: Record<string, unknown> = {}): Secret {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return new Secret(`${part({ alg: "RS256" })}.${part({ ...claims, ...changed })}.c2lnbmVk`);
}
