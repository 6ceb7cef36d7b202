import { createHash, X509Certificate } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { pemOf } from "../../../src/images/certificates.ts";
import { canonical } from "../../../src/images/documents.ts";
import { writeLayer } from "../../../src/images/layers.ts";
import { variantOf } from "../../../src/images/platforms.ts";
import {
  baseFault,
  readBase,
  readRepository,
  repositoryFault,
} from "../../../src/images/reference.ts";
import { isOwnRealm, nameAt, originOfHost } from "../../../src/images/registry/addresses.ts";
import { readChallenge } from "../../../src/images/registry/challenge.ts";
import { scratchContents } from "../../../src/images/scratch.ts";
import { belongsTo } from "../../../src/images/tags.ts";

const DIGEST = `sha256:${"0".repeat(64)}`;

describe("the name of a repository", () => {
  it.each([
    ["ghcr.io/octo/hello", { host: "ghcr.io", name: "octo/hello" }],
    ["docker.io/hello", { host: "docker.io", name: "hello" }],
    ["localhost:5000/a__b/c-d.e", { host: "localhost:5000", name: "a__b/c-d.e" }],
    ["[::1]:5000/hello", { host: "[::1]:5000", name: "hello" }],
    ["registry:5000/hello", { host: "registry:5000", name: "hello" }],
  ])("%s is read", (written, read) => {
    expect(readRepository(written)).toEqual(read);
    expect(repositoryFault(written)).toBeUndefined();
  });

  it.each([
    ["octo/hello", /registry's host/u],
    ["hello", /registry's host/u],
    ["https://ghcr.io/octo/hello", /without https/u],
    ["ghcr.io/Octo/hello", /lower case/u],
    ["ghcr.io/octo/hello:1.2.3", /no tag/u],
    [`ghcr.io/octo/hello@${DIGEST}`, /no tag and no digest/u],
    ["ghcr.io/octo/", /registry's host/u],
    ["ghcr.io/../hello", /registry's host/u],
  ])("%s is refused", (written, rule) => {
    expect(repositoryFault(written)).toMatch(rule);
  });
});

describe("a base", () => {
  it("is scratch, or an image by its digest", () => {
    expect(baseFault("scratch")).toBeUndefined();
    expect(readBase(`gcr.io/distroless/static:nonroot@${DIGEST}`)).toEqual({
      repository: { host: "gcr.io", name: "distroless/static" },
      digest: DIGEST,
    });
    expect(baseFault("gcr.io/distroless/static:nonroot")).toMatch(/digest/u);
    expect(baseFault("alpine")).toMatch(/digest/u);
  });
});

describe("a platform's variant", () => {
  it.each([
    ["amd64", undefined, undefined],
    ["amd64", "v1", undefined],
    ["amd64", "v3", "v3"],
    ["arm", undefined, "v7"],
    ["arm", "6", "v6"],
    ["arm", "7,softfloat", "v7"],
    ["arm64", undefined, undefined],
    ["arm64", "v8.0,lse", undefined],
    ["arm64", "v9.0", "v9"],
    ["arm64", "v8.1", "v8.1"],
    ["riscv64", "rva22u64", undefined],
  ])("of %s %s is %s", (arch, level, variant) => {
    const target = { os: "linux", arch, ...(level === undefined ? {} : { level }) };
    expect(variantOf(target)).toBe(variant);
  });
});

describe("a tag", () => {
  it.each([
    ["latest", "latest", "1.2.3", ["1.2.2", "1.2", "latest"], true],
    ["latest", "latest", "1.2.3", ["2.0.0"], false],
    ["latest", "latest", "1.2.3", ["v2.0.0-rc.1"], true],
    ["1.2", "line", "1.2.3", ["2.0.0"], true],
    ["1.2", "line", "1.2.3", ["1.2.4"], false],
    ["1.2", "line", "1.2.3", ["1.20.0"], true],
    ["1", "line", "1.2.3", ["1.3.0", "10.0.0"], false],
    ["v1", "line", "1.2.3", ["v10.0.0"], true],
    ["1.2-alpine", "line", "1.2.3", ["1.2.4"], false],
    ["1.2.3", undefined, "1.2.3", ["2.0.0"], true],
    ["latest", "always", "1.2.3", ["2.0.0"], true],
  ] as const)("%s (%s) of %s beside %j: %s", (name, follows, version, tags, belongs) => {
    const tag = { name, ...(follows === undefined ? {} : { follows }) };
    expect(belongsTo(tag, version, tags)).toBe(belongs);
  });
});

describe("where a registry is asked", () => {
  it.each([
    ["ghcr.io", "https://ghcr.io"],
    ["docker.io", "https://registry-1.docker.io"],
    ["index.docker.io", "https://registry-1.docker.io"],
    ["localhost:5000", "http://localhost:5000"],
    ["registry.example.com:5000", "https://registry.example.com:5000"],
  ])("%s: %s", (host, origin) => {
    expect(originOfHost(host)).toBe(origin);
  });

  it("knows Docker Hub's own images", () => {
    expect(nameAt("docker.io", "alpine")).toBe("library/alpine");
    expect(nameAt("ghcr.io", "alpine")).toBe("alpine");
  });
});

describe("a realm of tokens", () => {
  it.each([
    ["https://ghcr.io", "https://ghcr.io/token", true],
    ["https://registry-1.docker.io", "https://auth.docker.io/token", true],
    ["https://registry.gitlab.com", "https://gitlab.com/jwt/auth", true],
    ["https://registry.example.co.uk", "https://auth.example.co.uk/", true],
    ["https://registry.co.uk", "https://evil.co.uk/", false],
    ["https://ghcr.io", "https://evil.io/token", false],
    ["https://ghcr.io", "http://ghcr.io/token", false],
    ["https://registry.gitlab.com", "https://evilgitlab.com/", false],
    ["https://registry.gitlab.com", "http://gitlab.com/jwt/auth", false],
    ["https://10.0.0.1", "https://10.0.0.2", false],
    ["https://registry.example.com", "https://git.example.org/jwt/auth", false],
    ["http://localhost:5000", "http://localhost:5001/token", true],
    ["http://localhost:5000", "https://example.com/token", false],
    ["https://registry.example.com", "http://localhost:5001/token", false],
  ])("for %s at %s: %s", (registry, realm, own) => {
    expect(isOwnRealm(new URL(realm), new URL(registry), [])).toBe(own);
  });

  it("may be the host's own", () => {
    const realm = new URL("https://git.example.org/jwt/auth");
    const registry = new URL("https://registry.example.com");
    expect(isOwnRealm(realm, registry, ["https://git.example.org"])).toBe(true);
  });
});

describe("a challenge", () => {
  it.each([
    ['Basic realm="x"', { kind: "basic" }],
    [
      'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:a:pull,push"',
      { kind: "bearer", realm: "https://ghcr.io/token", service: "ghcr.io" },
    ],
    ['Bearer realm="no address"', undefined],
    ["Negotiate", undefined],
    [undefined, undefined],
  ])("%s", (header, read) => {
    expect(readChallenge(header)).toEqual(read);
  });
});

async function layerOf(contents: Parameters<typeof writeLayer>[0]) {
  const out = new PassThrough();
  const bytes = buffer(out);
  const layer = await writeLayer(contents, new Date("2026-01-31T12:34:56Z"), out);
  return { layer, bytes: await bytes };
}

describe("a layer", () => {
  const entry = (name: string, text: string) => ({
    name,
    size: text.length,
    executable: true,
    open: () => Readable.from([Buffer.from(text)]),
  });

  it("is the same bytes every time, with every folder before what lies in it", async () => {
    const entries = [entry("usr/local/bin/hello", "hello\n")];
    const { layer, bytes } = await layerOf({ entries, comment: "hello" });
    const hash = (data: Buffer) => `sha256:${createHash("sha256").update(data).digest("hex")}`;
    expect(layer.descriptor.digest).toBe(hash(bytes));
    expect(layer.descriptor.size).toBe(bytes.length);
    const tar = gunzipSync(bytes);
    expect(layer.diffId).toBe(hash(tar));
    const names = [0, 1, 2, 3].map((at) =>
      tar
        .subarray(at * 512, at * 512 + 100)
        .toString()
        .replace(/\0.*$/su, ""),
    );
    expect(names).toEqual(["usr/", "usr/local/", "usr/local/bin/", "usr/local/bin/hello"]);
    expect(layer.diffId).toBe(
      "sha256:2cf956c42d4dffc1f30dbe82b362b4dc2c8de01dc3f219ced912ff39a205f379",
    );
  });

  it("at the bottom of scratch has users, certificates and a folder for temporary files", async () => {
    const { entries, folders } = await scratchContents({ certificates: "PEM\n" });
    expect(entries.map(({ name }) => name)).toEqual([
      "etc/passwd",
      "etc/group",
      "etc/ssl/certs/ca-certificates.crt",
    ]);
    expect(folders).toEqual({ tmp: 0o1777 });
  });
});

describe("certificates", () => {
  it("that follow each other become PEM", () => {
    // RFC 8410's example.
    const der = Buffer.from(
      "MIIBLDCB36ADAgECAghWAUdKKo3DMDAFBgMrZXAwGTEXMBUGA1UEAwwOSUVURiBUZXN0IERlbW8wHhcNMTYwODAxMTIxOTI0WhcNNDAxMjMxMjM1OTU5WjAZMRcwFQYDVQQDDA5JRVRGIFRlc3QgRGVtbzAqMAUGAytlbgMhAIUg8AmJMKdUdIt93LQ+91oNvzoNJjga9OukqY6qm05qo0UwQzAPBgNVHRMBAf8EBTADAQEAMA4GA1UdDwEBAAQEAwIDCDAgBgNVHQ4BAQAEFgQUmx9e7e0EM4Xk97xiPFl1uQvIuzswBQYDK2VwA0EAryMB/t3J5v/BzKc9dNZIpDmAgs3babFOTQbs+BolzlDUwsPrdGxO3YNGhW7Ibz3OGhhlxXrCe1Cgw1AH9efZBA==",
      "base64",
    );
    const pem = pemOf(Buffer.concat([der, der]));
    const [first, second] = pem.split(/(?<=END CERTIFICATE-----\n)/u);
    expect(new X509Certificate(first ?? "").raw).toEqual(der);
    expect(second).toBe(first);
    expect(() => pemOf(der.subarray(0, 100))).toThrow(/damaged/u);
  });
});

describe("a document", () => {
  it("has sorted keys and no blanks", () => {
    expect(canonical({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });
});
