import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { call } from "../../support/program.ts";
import { repositoryOf, SMALL, temporaryFolder } from "../../support/repository.ts";
import { describeWith } from "../../support/tools.ts";

/** The tool that signs is compiled once on a machine. */
const LONG = 600_000;

/** A key ring of its own, with GnuPG's own hand. */
class KeyRing {
  readonly #home = temporaryFolder("gpg-");

  gpg(...args: readonly string[]): string {
    return execFileSync(
      "gpg",
      ["--homedir", this.#home, "--batch", "--quiet", "--pinentry-mode", "loopback", ...args],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
    );
  }

  make(passphrase: string, ...kind: readonly string[]): string {
    this.gpg("--passphrase", passphrase, "--quick-gen-key", "Tool <tool@example.com>", ...kind);
    return this.fingerprint();
  }

  fingerprint(): string {
    return /^fpr:+([0-9A-F]+):/mu.exec(this.gpg("--list-keys", "--with-colons"))?.[1] ?? "";
  }

  export(passphrase = ""): string {
    return this.gpg("--passphrase", passphrase, "--export-secret-keys", "--armor");
  }

  revoke(): void {
    const path = join(this.#home, "openpgp-revocs.d", `${this.fingerprint()}.rev`);
    writeFileSync(path, readFileSync(path, "utf8").replace(":-----BEGIN", "-----BEGIN"));
    this.gpg("--import", path);
  }
}

const TREE = { ...SMALL, ".go-release.yaml": "targets: linux/amd64\nsbom: none\n" };
const REAL = ["--dry-run=false", "--forge=directory", "--sign=none"];

describeWith("gpg")("an OpenPGP key", () => {
  it.each([
    ["RSA", "", ["rsa2048", "sign", "never"], false],
    ["ed25519 with a passphrase", "geheim", ["ed25519", "sign", "never"], false],
    ["a subkey", "", ["ed25519", "cert", "never"], true],
  ] as const)(
    "of %s signs the list, as gpg sees it",
    { timeout: LONG },
    async (_, passphrase, kind, sub) => {
      const ring = new KeyRing();
      const fingerprint = ring.make(passphrase, ...kind);
      if (sub)
        ring.gpg("--passphrase", "", "--quick-add-key", fingerprint, "ed25519", "sign", "never");
      const { folder } = repositoryOf(TREE);
      const key = ring.export(passphrase);
      const env = { GPG_PRIVATE_KEY: key, GPG_PASSPHRASE: passphrase };
      const { status, stdout, stderr } = await call([...REAL, "--sign-gpg=armored"], folder, env);
      expect(stderr).not.toContain("error:");
      expect(status).toBe(0);
      const list = join(folder, "dist/checksums.txt");
      ring.gpg("--verify", `${list}.asc`, list);
      expect(stdout + stderr).not.toContain("geheim");
      const verdict = await call(["verify", "dist", "--any-signer"], folder);
      expect(verdict.status).toBe(0);
      expect(verdict.stdout + verdict.stderr).not.toContain("another tool");
    },
  );

  it.each([
    [
      "expired",
      "is expired",
      (ring: KeyRing) => {
        ring.gpg(
          "--faked-system-time",
          "20200101T000000",
          "--passphrase",
          "",
          "--quick-gen-key",
          "Old <old@example.com>",
          "ed25519",
          "sign",
          "1y",
        );
        return { GPG_PRIVATE_KEY: ring.export() };
      },
    ],
    [
      "revoked",
      "is revoked",
      (ring: KeyRing) => {
        ring.make("", "ed25519", "sign", "never");
        ring.revoke();
        return { GPG_PRIVATE_KEY: ring.export() };
      },
    ],
    [
      "locked",
      "the passphrase is not that of",
      (ring: KeyRing) => {
        ring.make("geheim", "ed25519", "sign", "never");
        return { GPG_PRIVATE_KEY: ring.export("geheim"), GPG_PASSPHRASE: "offen" };
      },
    ],
    [
      "public",
      "is a public key",
      (ring: KeyRing) => {
        ring.make("", "ed25519", "sign", "never");
        return { GPG_PRIVATE_KEY: ring.gpg("--export", "--armor") };
      },
    ],
    [
      "for other uses",
      "has no key that may sign",
      (ring: KeyRing) => {
        ring.make("", "ed25519", "cert", "never");
        return { GPG_PRIVATE_KEY: ring.export() };
      },
    ],
  ] as const)(
    "that is %s is refused before anything is built",
    { timeout: LONG },
    async (_, says, keyOf) => {
      const { folder } = repositoryOf(TREE);
      const { status, stderr } = await call(REAL, folder, keyOf(new KeyRing()));
      expect(status).toBe(1);
      expect(stderr).toContain("error: the OpenPGP key: ");
      expect(stderr).toContain(says);
      expect(stderr).not.toContain("build linux/amd64");
    },
  );

  it("is asked for where a signature is, and not in a dry run", { timeout: LONG }, async () => {
    const { folder } = repositoryOf(TREE);
    const { stderr } = await call([...REAL, "--sign-gpg=binary"], folder);
    expect(stderr).toContain("error: `sign-gpg: binary` needs a key, and none was given");
    const dry = await call(["--dry-run=true", "--sign-gpg=binary"], folder);
    expect(dry.stderr).not.toContain("error:");
    expect(readFileSync(join(folder, "dist/checksums.txt.sig")).length).toBeGreaterThan(50);
  });
});
