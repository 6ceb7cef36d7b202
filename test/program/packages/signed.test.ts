import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, inflateRawSync } from "node:zlib";
import { expect, it } from "vitest";
import { call } from "../../support/program.ts";
import { repositoryOf, SMALL, temporaryFolder } from "../../support/repository.ts";
import { describeWith } from "../../support/tools.ts";

const LONG = 900_000;
const TREE = {
  ...SMALL,
  ".go-release.yaml": `targets: linux/amd64
metadata: { maintainer: Tool Team <tool@example.com>, description: answers }
packages: [deb, rpm, apk]
sbom: none
`,
};
const REAL = ["--dry-run=false", "--forge=directory", "--sign=none"];

interface Key {
  readonly secret: string;
  readonly public: string;
  readonly ring: string;
  readonly fingerprint: string;
}

function gpgKey(kind: string, passphrase = ""): Key {
  const home = temporaryFolder("gpg-");
  const gpg = (...args: readonly string[]) =>
    execFileSync(
      "gpg",
      [
        "--homedir",
        home,
        "--batch",
        "--quiet",
        "--pinentry-mode",
        "loopback",
        "--passphrase",
        passphrase,
        ...args,
      ],
      { encoding: "latin1", stdio: ["ignore", "pipe", "ignore"] },
    );
  gpg("--quick-gen-key", "Tool <tool@example.com>", kind, "sign", "never");
  const fingerprint = /^fpr:+([0-9A-F]+):/mu.exec(gpg("--list-keys", "--with-colons"))?.[1] ?? "";
  return {
    secret: gpg("--export-secret-keys", "--armor"),
    public: gpg("--export", "--armor"),
    ring: gpg("--export"),
    fingerprint,
  };
}

function rsaKey(passphrase: string) {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase },
  });
}

/** What rpm says of a package, for a machine that has the key. */
function byRpm(path: string, key: Key): string {
  const root = temporaryFolder();
  writeFileSync(join(root, "key.asc"), key.public);
  execFileSync("rpmkeys", ["--dbpath", root, "--import", join(root, "key.asc")]);
  return execFileSync("rpmkeys", ["--dbpath", root, "-Kv", path], { encoding: "utf8" });
}

/** Whether a machine's policy takes a package (debsig-verify(1)). */
function byDebsig(path: string, { fingerprint, ring }: Key): string {
  const root = temporaryFolder();
  const id = fingerprint.slice(-16);
  for (const kind of ["policies", "keyrings"]) mkdirSync(join(root, kind, id), { recursive: true });
  writeFileSync(join(root, "keyrings", id, "tool.gpg"), ring, "latin1");
  writeFileSync(
    join(root, "policies", id, "tool.pol"),
    `<?xml version="1.0"?>
<!DOCTYPE Policy SYSTEM "https://www.debian.org/debsig/1.0/policy.dtd">
<Policy xmlns="https://www.debian.org/debsig/1.0/">
  <Origin Name="Tool" id="${id}" Description="Tool"/>
  <Selection><Required Type="origin" File="tool.gpg" id="${id}"/></Selection>
  <Verification MinOptional="0"><Required Type="origin" File="tool.gpg" id="${id}"/></Verification>
</Policy>
`,
  );
  const args = ["--policies-dir", join(root, "policies"), "--keyrings-dir", join(root, "keyrings")];
  return execFileSync("debsig-verify", [...args, path], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Where the first gzip member of a file ends: header of 10 bytes, deflated, 8 bytes more. */
function firstMember(bytes: Buffer): number {
  const { engine } = inflateRawSync(bytes.subarray(10), { info: true }) as unknown as {
    engine: { bytesWritten: number };
  };
  return 10 + engine.bytesWritten + 8;
}

/** As apk does: the name of the key, and whether its signature of the control part holds (apk-package(5)). */
function byApk(path: string, publicKey: string) {
  const bytes = readFileSync(path);
  const start = firstMember(bytes);
  const control = bytes.subarray(start, start + firstMember(bytes.subarray(start)));
  const tar = gunzipSync(bytes.subarray(0, start));
  const size = Number.parseInt(tar.toString("latin1", 124, 136), 8);
  const folder = temporaryFolder();
  writeFileSync(join(folder, "control"), control);
  writeFileSync(join(folder, "signature"), tar.subarray(512, 512 + size));
  writeFileSync(join(folder, "key"), publicKey);
  const verify = ["dgst", "-sha1", "-verify", "key", "-signature", "signature", "control"];
  const said = execFileSync("openssl", verify, { cwd: folder, encoding: "utf8" });
  return { name: tar.toString("latin1", 0, 100).replace(/\0+$/u, ""), said: said.trim() };
}

describeWith(
  "gpg",
  "rpmkeys",
  "debsig-verify",
  "openssl",
)("signed packages", () => {
  it.each(["rsa3072", "ed25519"])(
    "hold for who has the public key (%s), always the same bytes",
    { timeout: LONG },
    async (kind) => {
      const key = gpgKey(kind, "geheim");
      const rsa = rsaKey("offen");
      const env = {
        GPG_PRIVATE_KEY: key.secret,
        GPG_PASSPHRASE: "geheim",
        APK_PRIVATE_KEY: rsa.privateKey,
        APK_PASSPHRASE: "offen",
      };
      const { folder } = repositoryOf(TREE);
      const { status, stdout, stderr } = await call(REAL, folder, env);
      expect(stderr).not.toContain("error:");
      expect(status).toBe(0);
      const dist = join(folder, "dist");
      const whole = stdout + stderr + readFileSync(join(dist, "manifest.json"), "utf8");
      for (const secret of ["geheim", "offen", key.secret, rsa.privateKey])
        expect(whole).not.toContain(secret);

      const rpm = byRpm(join(dist, "tool-1.2.3-1.x86_64.rpm"), key);
      expect(rpm).toMatch(/Header V4 \w+\/SHA256 Signature, key ID [0-9a-f]+: OK/u);
      expect(rpm).not.toMatch(/NOTOK|NOKEY|BAD/u);
      expect(byDebsig(join(dist, "tool_1.2.3-1_amd64.deb"), key)).toContain("Verified package");
      expect(byApk(join(dist, "tool-1.2.3-r0.x86_64.apk"), rsa.publicKey)).toEqual({
        name: ".SIGN.RSA.tool@example.com.rsa.pub",
        said: "Verified OK",
      });
      const first = temporaryFolder();
      cpSync(dist, first, { recursive: true });
      expect((await call(REAL, folder, env)).status).toBe(0);
      const list = (where: string) => readFileSync(join(where, "checksums.txt"), "utf8");
      expect(list(dist)).toBe(list(first));
      // The maker of packages is compiled once more without a cache, which is slow: once will do.
      if (kind !== "ed25519") return;
      const again = await call(["verify", "dist", "--any-signer", "--rebuild"], folder);
      expect(again.status, again.stderr).toBe(0);
      const deb = join(dist, "tool_1.2.3-1_amd64.deb");
      const changed = readFileSync(deb);
      changed[changed.length - 100] = (changed[changed.length - 100] ?? 0) ^ 1;
      writeFileSync(deb, changed);
      expect(() => byDebsig(deb, key)).toThrow();
    },
  );

  it.each([
    [
      "an OpenPGP key that signs by chance",
      () => ({ GPG_PRIVATE_KEY: gpgKey("nistp256").secret }),
      "never signs the same way twice",
    ],
    [
      "a wrong passphrase",
      () => ({ APK_PRIVATE_KEY: rsaKey("offen").privateKey, APK_PASSPHRASE: "zu" }),
      "the key for apk packages: the passphrase is not that of this key",
    ],
    [
      "no passphrase",
      () => ({ APK_PRIVATE_KEY: rsaKey("offen").privateKey }),
      "it has a passphrase, and none was given",
    ],
    [
      "another kind of key",
      () => ({
        APK_PRIVATE_KEY: generateKeyPairSync("ed25519")
          .privateKey.export({ type: "pkcs8", format: "pem" })
          .toString(),
      }),
      "apk knows only RSA",
    ],
    ["no key", () => ({ APK_PRIVATE_KEY: "hello" }), "it is not a private key in PEM"],
  ])("are refused with %s, before anything is built", { timeout: LONG }, async (_, env, says) => {
    const { folder } = repositoryOf(TREE);
    const { status, stderr } = await call(REAL, folder, env());
    expect(status).toBe(1);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("build linux/amd64");
  });

  it("are none in a dry run, nor where nobody wants them", { timeout: LONG }, async () => {
    const { folder } = repositoryOf(TREE);
    const env = { APK_PRIVATE_KEY: rsaKey("offen").privateKey, APK_PASSPHRASE: "offen" };
    const list = () => readFileSync(join(folder, "dist/checksums.txt"), "utf8");
    expect((await call(["--dry-run=true"], folder, env)).status).toBe(0);
    const dry = list();
    expect((await call([...REAL, "--sign-packages=none"], folder, env)).status).toBe(0);
    expect(list()).toBe(dry);
    expect((await call(REAL, folder, env)).status).toBe(0);
    expect(list()).not.toBe(dry);
  });
});
