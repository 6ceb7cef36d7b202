import { describe, expect, it } from "vitest";
import { envRefused, fetchCure } from "../../../src/go/go-problems.ts";

describe("a module that cannot be fetched", () => {
  it.each([
    [
      "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
      "credential",
    ],
    ["go: x@v1.0.0: no secure protocol found for repository", "credential"],
    [
      "remote: HTTP Basic: Access denied. The provided password or token is incorrect",
      "credential",
    ],
    ["git@gitlab.com: Permission denied (publickey).", "give ssh the key"],
    ["Host key verification failed.", "known_hosts"],
    [
      "\treading https://sum.golang.org/lookup/git.example.com/x@v1.0.0: 404 Not Found",
      "the checksum database does not know this module: set GOPRIVATE",
    ],
    [
      "go: x@v1: reading https://proxy.golang.org/x/@v/v1.info: 410 Gone",
      "the proxy does not have this module",
    ],
    ["verifying module: checksum mismatch", "the module differs from what go.sum says"],
    ["go: x@v1: module lookup disabled by GOPROXY=off", "GOPROXY is off"],
    [
      "tls: failed to verify certificate: x509: certificate signed by unknown authority",
      "SSL_CERT_FILE",
    ],
    ['go: x@v1: exec: "git": executable file not found in $PATH', "install git"],
  ])("%j has a cure", (line, cure) => {
    expect(fetchCure(["go: downloading x", line])).toContain(cure);
  });

  it("for another reason has none", () => {
    expect(fetchCure(["dial tcp: lookup a.example: no such host"])).toBeUndefined();
  });
});

describe("`go env` that fails", () => {
  it.each([
    ['go: GOPATH entry is relative; must be absolute path: "x".\nSee', undefined, "go-cache"],
    ["go: download go1.99.0 for linux/amd64: toolchain not available", "1.99.0", "go-unavailable"],
    ["go: requires go >= 1.99 (running go 1.26.8; x)", undefined, "go-too-old"],
    ["go: unknown GOEXPERIMENT x", undefined, "go"],
  ])("with %j is the problem of %s, %s", (stderr, wanted, code) => {
    expect(envRefused(stderr, wanted)).toMatchObject({ code });
  });
});
