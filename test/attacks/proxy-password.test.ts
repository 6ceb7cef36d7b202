import { describe, expect, it } from "vitest";
import { call } from "../support/program.ts";
import { PROGRAM, repositoryOf, temporaryFolder } from "../support/repository.ts";

/** Nobody listens there, and Go repeats the address. */
const PROXY = "http://reader:proxy-password@127.0.0.1:9";

describe("the password of a module proxy that does not answer", () => {
  it.each([
    ["certificates of images", "images: [{repository: ghcr.io/octo/tool}]\n"],
    ["the maker of packages", "packages: [deb]\nmetadata: {license: MIT}\n"],
    ["the signer for GnuPG", "sign-gpg: binary\n"],
  ])("is in no word about %s", async (_, configuration) => {
    const { folder } = repositoryOf({ ...PROGRAM, ".go-release.yaml": configuration });
    const env = { GOPROXY: PROXY, GOSUMDB: "off", GOMODCACHE: temporaryFolder() };
    const flags = ["--targets=linux/amd64", "--dry-run=true"];
    const { status, stdout, stderr } = await call(flags, folder, env);
    expect(status, stderr).toBe(1);
    expect(stdout + stderr).toContain("127.0.0.1:9");
    expect(stdout + stderr).not.toContain("proxy-password");
  });
});
