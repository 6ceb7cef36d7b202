import { describe, expect, it } from "vitest";
import { buildCure, fetchCure, modCure } from "../../../src/go/cures.ts";

describe("a module that cannot be fetched", () => {
  it.each([
    [
      "go: github.com/acme/private@v1.0.0: reading https://proxy.golang.org/github.com/acme/private/@v/v1.0.0.mod: 404 Not Found\n\tserver response:\n\tnot found: github.com/acme/private@v1.0.0: invalid version: git ls-remote -q origin in /tmp/gopath/pkg/mod/cache/vcs/x: exit status 128:\n\t\tfatal: could not read Username for 'https://github.com': terminal prompts disabled",
      "https://proxy.golang.org cannot access that repository: if it is private, set GOPRIVATE",
    ],
    [
      "go: github.com/acme/private@v1.0.0: reading github.com/acme/private/go.mod at revision v1.0.0: git ls-remote -q https://github.com/acme/private in /cache/vcs/x: exit status 128:\n\tfatal: could not read Username for 'https://github.com': terminal prompts disabled",
      "give git credentials for this module's server",
    ],
    [
      "git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.",
      "give ssh the key of this module's server",
    ],
    ["Host key verification failed.", "its line in known_hosts"],
    [
      "remote: HTTP Basic: Access denied\nfatal: Authentication failed for 'https://gitlab.com/acme/x.git/'",
      "give git credentials for this module's server",
    ],
    ["remote: Repository not found.", "give git credentials for this module's server"],
    [
      "go: github.com/x/y@v1.0.0: reading https://goproxy.corp.example/github.com/x/y/@v/v1.0.0.mod: 403 Forbidden\n\tserver response: blocked by policy",
      "https://goproxy.corp.example refuses that version: its policy blocks it, or it requires credentials",
    ],
    [
      "reading https://goproxy.corp.example/x/@v/v1.0.0.zip: 401 Unauthorized",
      "https://goproxy.corp.example requires credentials: provide them with NETRC",
    ],
    [
      "reading https://proxy.golang.org/x/@v/v9.0.0.mod: 404 Not Found\n\tserver response: not found: unknown revision v9.0.0",
      "https://proxy.golang.org has no such version: check that its tag exists",
    ],
    [
      "reading https://goproxy.cn/x/@v/v1.0.0.mod: 410 Gone",
      "https://goproxy.cn has no such version",
    ],
    [
      "reading https://proxy.golang.org/x/@v/v1.0.0.mod: 502 Bad Gateway",
      "https://proxy.golang.org is failing: run again later",
    ],
    [
      "verifying x@v1.0.0: checksum mismatch\n\tdownloaded: h1:a\n\tgo.sum:     h1:b\n\nSECURITY ERROR",
      "the module differs from what go.sum says",
    ],
    [
      "verifying x@v1.0.0: checksum mismatch\n\tdownloaded: h1:a\n\tsum.golang.org: h1:b\n\nSECURITY ERROR",
      "the module differs from what the checksum database recorded for that version",
    ],
    [
      "verifying github.com/acme/private@v1.0.0: github.com/acme/private@v1.0.0: reading https://sum.golang.org/lookup/github.com/acme/private@v1.0.0: 404 Not Found",
      "the checksum database does not know github.com/acme/private@v1.0.0: if it is private, set GOPRIVATE",
    ],
    [
      'verifying x@v1.0.0/go.mod: x@v1.0.0/go.mod: Get "https://sum.golang.org/lookup/x@v1.0.0": dial tcp: i/o timeout',
      "the checksum database https://sum.golang.org cannot be reached, and go.sum lacks a line",
    ],
    [
      'Get "https://proxy.corp.example/x/@v/list": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      "certificate",
    ],
    [
      'Get "https://proxy.golang.org/x/@v/v1.mod": dial tcp: lookup proxy.golang.org: no such host',
      "https://proxy.golang.org cannot be reached from here",
    ],
    [
      "fatal: unable to access 'https://github.com/acme/x/': Could not resolve host: github.com",
      "https://github.com cannot be reached from here",
    ],
    ["go: x@v1.0.0: invalid version: unknown revision v1.0.0", "v1.0.0 is not in that repository"],
    [
      "go: x@v1.0.0: parsing go.mod:\n\tmodule declares its path as: github.com/sirupsen/logrus\n\t        but was required as: github.com/Sirupsen/logrus",
      "require github.com/sirupsen/logrus in go.mod and in the imports",
    ],
    [
      'go: x@v3.0.0: invalid version: module contains a go.mod file, so module path must match major version ("x/v3")',
      "require x/v3",
    ],
    [
      "go: x: GOVCS disallows using hg for public x; see 'go help vcs'",
      "that module is fetched with hg",
    ],
    ["go: x@v1.0.0: no secure protocol found for repository", "give git credentials for"],
    ['go: x@v1: exec: "git": executable file not found in $PATH', "install git"],
    ["use /cache/x: no space left on device", "free some disk"],
    ["go: updates to go.mod needed; to update it:\n\tgo mod tidy", "run `go mod tidy`"],
  ])("%j: %s", (said, cure) => {
    expect(fetchCure(said)).toContain(cure);
  });

  it("has none where nothing more is known", () => {
    expect(fetchCure("go: something new")).toBeUndefined();
  });
});

describe("a build that fails", () => {
  it.each([
    [
      "web/embed.go:13:12: pattern all:dist: no matching files found",
      "there is nothing at web/dist in this checkout: generate it in an earlier step",
    ],
    [
      "main.go:3:12: pattern web/*: no matching files found",
      "there is nothing at web/* in this checkout",
    ],
    [
      "main.go:3:12: pattern web/dist: cannot embed directory web/dist: contains no embeddable files",
      "web/dist contains something that is not a regular file",
    ],
    ["-race is not supported on linux/386", "use -race only for targets that support it"],
    ["-buildmode=plugin not supported on windows/arm64", "use -buildmode=plugin only for targets"],
    [
      "./main.go:2:11: fatal error: git2.h: No such file or directory",
      "the C header git2.h was not found",
    ],
    ["'git2/common.h' file not found", undefined],
    [
      "/usr/bin/ld: cannot find -lnowhere: No such file or directory",
      "the C library nowhere was not found",
    ],
    ["ld: library 'sqlite3' not found", "the C library sqlite3 was not found"],
    [
      'cgo: C compiler "x86_64-w64-mingw32-gcc" not found: exec: "x86_64-w64-mingw32-gcc": executable file not found in $PATH',
      "the C compiler x86_64-w64-mingw32-gcc was not found",
    ],
    [
      "-buildmode=c-shared requires external (cgo) linking, but cgo is not enabled",
      "this target needs cgo and a C compiler",
    ],
    ["note: module requires Go 1.99", "set `go-version` to that version"],
    ["main.go:3:29: undefined: missing", undefined],
  ])("%j: %s", (said, cure) => {
    if (cure === undefined) expect(buildCure(said)).toBeUndefined();
    else expect(buildCure(said)).toContain(cure);
  });
});

describe("a go.mod that cannot be read", () => {
  it.each([
    [
      "go.mod:5: unknown directive: toolchain",
      "`toolchain` comes from Go 1.21: install that or newer",
    ],
    ["go.mod:5: unknown directive: tool", "`tool` comes from Go 1.24"],
    ["go.mod:5: unknown block type: ignore", "`ignore` comes from Go 1.25"],
    ["go.mod:5: unknown directive: frobnicate", undefined],
    [
      "go.mod:3: invalid go version '1.24.x': must match format 1.23.0",
      "write the version with numbers alone",
    ],
  ])("%j: %s", (said, cure) => {
    if (cure === undefined) expect(modCure(said)).toBeUndefined();
    else expect(modCure(said)).toContain(cure);
  });
});
