import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { formats } from "../../../src/archives/index.ts";
import { payloadOf } from "../../../src/provenance/payload.ts";
import { publicGood } from "../../../src/signers/trust/public-good.ts";
import { attestedText, signedFile, throwaway } from "./targets.ts";

/** What the fuzzer begins with, for the targets that would not find it by themselves. */
export async function seeds(): Promise<Readonly<Record<string, readonly Buffer[]>>> {
  return {
    tarGz: [await archive("tar.gz")],
    zip: [await archive("zip")],
    gz: [await archive("gz", 1)],
    program: programs(),
    manifest: [Buffer.from('{"schema":1,"plan":{},"artifacts":[],"binaries":[],"url":null}')],
    checksums: [Buffer.from(`${"0".repeat(64)}  tool.tar.gz\n${"1".repeat(128)} *b.zip\n`)],
    bundle: [Buffer.from(await throwaway.sign(signedFile))],
    certified: [Buffer.from(attestedText)],
    trustedRoot: [Buffer.from(JSON.stringify(publicGood.root))],
    signingConfig: [Buffer.from(JSON.stringify(publicGood.signingConfig))],
    signingKey: signingKeys(),
    identityToken: [token()],
    sbom: [
      Buffer.from(
        `{"bomFormat":"CycloneDX","components":[{"name":"tool","hashes":[{"alg":"SHA-256","content":"a"}],"properties":[{"name":"release:artifact","value":"b"}]}]}`,
      ),
      Buffer.from(
        '{"spdxVersion":"SPDX-2.3","packages":[{"name":"tool","packageFileName":"b","checksums":[{"algorithm":"SHA256","checksumValue":"a"}]}]}',
      ),
    ],
    statement: [payloadOf(Buffer.from(attestedText)) ?? Buffer.alloc(0)],
    configuration: [
      Buffer.from(
        'builds:\n  - main: ./cmd/a\n    env: {CGO_ENABLED: "1"}\narchives:\n  - name: "{name}_{os|title}"\nfiles: [{from: LICENSE, to: doc/}]\n',
      ),
    ],
    goreleaser: [
      Buffer.from(
        'version: 2\nproject_name: tool\nbuilds:\n  - goos: [linux]\n    ldflags: -X main.v={{ .Version }}\n    hooks: {post: upx {{ .Path }}}\narchives:\n  - name_template: "{{ .ProjectName }}_{{ title .Os }}"\nnfpms: [{formats: [deb]}]\nbrews: [{name: tool}]\n',
      ),
    ],
    shardDigests: [Buffer.from(`{"shard-1":"${"0".repeat(64)}"}`)],
    notes: [
      Buffer.from("# Changelog\n\n## [1.2.3] - 2026-01-31\n\n- a\n\n```\n# b\n```\n<!-- c -->\n"),
    ],
    addresses: [
      Buffer.from("git@github.com:octo/tool.git"),
      Buffer.from("https://gitlab.com/a/b/-/releases/v1.2.3"),
      Buffer.from('Bearer realm="https://auth.example.com/token",service="r",scope="a:b:c"'),
    ],
    refusal: [Buffer.from('{"message":"no","errors":[{"code":"a"}]}'), Buffer.from("<html><p>x")],
  };
}

async function archive(format: keyof typeof formats, count = 2): Promise<Buffer> {
  const out = new PassThrough();
  const text = Buffer.from("text\n".repeat(20));
  const entries = Array.from({ length: count }, (_, at) => ({
    name: `folder/file-${at}`,
    executable: at === 0,
    size: text.length,
    open: () => Readable.from([text]),
  }));
  const whole = buffer(out);
  await formats[format].write(entries, new Date("2026-01-31T12:00:00Z"), out);
  return await whole;
}

/** The smallest program in each format that is read. */
function programs(): readonly Buffer[] {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  try {
    writeFileSync(join(folder, "go.mod"), "module example.com/tool\n\ngo 1.21\n");
    writeFileSync(join(folder, "main.go"), "package main\n\nfunc main() {}\n");
    return ["linux/amd64", "darwin/arm64", "windows/amd64", "js/wasm"].map((target) => {
      const [GOOS = "", GOARCH = ""] = target.split("/");
      const env = { ...process.env, GOOS, GOARCH, CGO_ENABLED: "0" };
      execFileSync("go", ["build", "-ldflags=-s -w", "-o", "tool", "."], { cwd: folder, env });
      return readFileSync(join(folder, "tool"));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One in each form that has a parser of its own. */
function signingKeys(): readonly Buffer[] {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const sealed = { cipher: "aes-256-cbc", passphrase: "word" };
  const forms = [
    { type: "pkcs8", format: "pem" },
    { type: "sec1", format: "pem" },
    { type: "pkcs8", format: "pem", ...sealed },
    { type: "sec1", format: "pem", ...sealed },
  ] as const;
  const cosign = {
    kdf: { name: "scrypt", params: { N: 32768, r: 8, p: 1 }, salt: "AAAA" },
    cipher: { name: "nacl/secretbox", nonce: "AAAA" },
    ciphertext: "AAAA",
  };
  const body = Buffer.from(JSON.stringify(cosign)).toString("base64");
  const label = "ENCRYPTED SIGSTORE PRIVATE KEY";
  return [
    ...forms.map((form) => Buffer.from(privateKey.export(form))),
    Buffer.from(`-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`),
  ];
}

/** Not signed: Fulcio looks at that. */
function token(): Buffer {
  const claims = {
    iss: "https://token.actions.githubusercontent.com",
    aud: "sigstore",
    sub: "repo:octo/tool:ref:refs/tags/v1.0.0",
    exp: 2_000_000_000,
    job_workflow_ref: "octo/tool/.github/workflows/release.yml@refs/tags/v1.0.0",
    job_workflow_sha: "0".repeat(40),
  };
  return Buffer.from(`a.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.b`);
}
