import { describe, expect, it } from "vitest";
import type { Artifact } from "../../../src/model/artifact.ts";
import type { Manifest } from "../../../src/model/manifest.ts";
import type { Signing } from "../../../src/model/plan.ts";
import { commandsFor } from "../../../src/report/verify-commands.ts";
import { agePlan } from "../../support/releases/binaries.ts";

function artifact(kind: Artifact["kind"], name: string): Artifact {
  return {
    kind,
    name,
    path: name,
    size: 1,
    sha256: "",
    from: [],
  };
}
const subject = "https://github.com/octo/age/.github/workflows/release.yml@refs/tags/v1.3.1";
const issuer = "https://token.actions.githubusercontent.com";
const REUSED = "https://github.com/corp/workflows/.github/workflows/go.yml@v1";
const keyless = { kind: "keyless", subject, issuer };

function commands(
  identity?: Manifest["identity"],
  signing: Partial<Signing> = {},
  what: "shows" | "command" = "command",
) {
  return commandsFor({
    schema: 1,
    plan: { ...agePlan, signing: { ...agePlan.signing, ...signing } },
    artifacts: [
      artifact("archive", "age_1.3.1_linux_amd64.tar.gz"),
      artifact("checksums", "checksums.txt"),
      artifact("signature", "checksums.txt.sigstore.json"),
      artifact("provenance", "provenance.sigstore.json"),
    ],
    binaries: [],
    timings: [],
    url: null,
    ...(identity === undefined ? {} : { identity }),
  }).map((one) => one[what]);
}

describe("commands for the reader", () => {
  it("name the identity that signed", () => {
    expect(commands(keyless)).toEqual([
      "sha256sum --ignore-missing -c checksums.txt",
      `cosign verify-blob --new-bundle-format --bundle checksums.txt.sigstore.json --certificate-identity ${subject} --certificate-oidc-issuer ${issuer} checksums.txt`,
      `cosign verify-blob-attestation --new-bundle-format --type slsaprovenance1 --bundle provenance.sigstore.json --certificate-identity ${subject} --certificate-oidc-issuer ${issuer} age_1.3.1_linux_amd64.tar.gz`,
      "gh attestation verify --repo octo/age --bundle provenance.sigstore.json age_1.3.1_linux_amd64.tar.gz",
    ]);
  });

  it.each<[string, string, Partial<Signing>, RegExp | undefined]>([
    ["a reusable workflow of another repository", REUSED, {}, / --cert-identity \S+go.yml@v1 /u],
    ["a repository in another spelling", subject.replace("octo", "Octo"), {}, /^(?!.*--cert)/u],
    ["own services", subject, { fulcioUrl: "https://fulcio.corp.test" }, undefined],
  ])("name %s to gh, or say nothing of it", (_what, signer, signing, expected) => {
    const command = commands({ ...keyless, subject: signer }, signing)[3];
    if (expected === undefined) expect(command).toBeUndefined();
    else expect(command).toMatch(expected);
  });

  it.each([
    ["of an enterprise, by name", `${issuer}/corp`, / --cert-oidc-issuer \S+\/corp /u],
    ["of another forge, not at all", "https://gitlab.com", /^$/u],
  ])("name an issuer to gh: %s", (_what, other, expected) => {
    expect(commands({ ...keyless, issuer: other })[3] ?? "").toMatch(expected);
  });

  it("claim no signature that was not made", () => {
    expect(commands()).toEqual(["sha256sum --ignore-missing -c checksums.txt"]);
    expect(commands({ kind: "throwaway", subject: "x" })).toHaveLength(1);
  });

  it("name GitHub's own statement where the release is immutable, signed or not", () => {
    const manifest = {
      schema: 1 as const,
      plan: agePlan,
      artifacts: [
        artifact("archive", "age_1.3.1_linux_amd64.tar.gz"),
        artifact("checksums", "checksums.txt"),
      ],
      binaries: [],
      timings: [],
      immutable: true as const,
      url: null,
    };
    expect(commandsFor(manifest).map(({ command }) => command)).toEqual([
      "sha256sum --ignore-missing -c checksums.txt",
      "gh release verify --repo octo/age v1.3.1",
      "gh release verify-asset --repo octo/age v1.3.1 age_1.3.1_linux_amd64.tar.gz",
    ]);
    const destination = { ...agePlan.destination, serverUrl: "https://github.corp.test" };
    expect(commandsFor({ ...manifest, plan: { ...agePlan, destination } })).toHaveLength(1);
  });

  it("take a key, with a log or without", () => {
    const key = { kind: "key", subject: "hint" };
    expect(commands(key, { rekorUrl: null, fulcioUrl: "" })[1]).toBe(
      "cosign verify-blob --new-bundle-format --bundle checksums.txt.sigstore.json --key cosign.pub --insecure-ignore-tlog checksums.txt",
    );
    expect(commands(key, { fulcioUrl: "" })[1]).not.toMatch(/tlog|trusted-root/);
    expect(commands(key, { rekorUrl: "https://rekor.corp.test", fulcioUrl: "" })[1]).toContain(
      "--trusted-root trusted_root.json",
    );
  });

  it("say which cosign it takes where an older one does not know the log", () => {
    expect(commands(keyless, { rekorVersion: 2 }, "shows")).toEqual([
      "that no file is corrupted",
      "who signed checksums.txt (cosign 3)",
      "where a file was built (cosign 3)",
      "the same with GitHub's own tool",
    ]);
    const key = { kind: "key", subject: "hint" };
    const none = { rekorVersion: 2, rekorUrl: null } as const;
    expect(commands(key, none, "shows")[1]).toBe("who signed checksums.txt");
  });

  it("are quoted for a shell", () => {
    const odd = { ...keyless, subject: "it's $(odd)" };
    expect(commands(odd)[1]).toContain(`--certificate-identity 'it'\\''s $(odd)' `);
  });
});
