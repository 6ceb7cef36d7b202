import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CommandContext } from "../../../src/app/context.ts";
import { credentialsFor } from "../../../src/app/registries.ts";
import { Secret } from "../../../src/model/secret.ts";
import { files } from "../../../src/world/node/files.ts";
import { configOf, TERMINAL } from "../../support/facts.ts";

const folder = mkdtempSync(join(tmpdir(), "docker-"));
afterAll(() => rmSync(folder, { recursive: true }));

function inBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}

const GITHUB = {
  host: "ghcr.io",
  user: "octo",
  password: new Secret("the job's own token"),
  origin: "the job's token",
};

/** What is sent to a host: `user:password`, or nothing. */
async function sentTo(
  host: string,
  {
    flags = {},
    docker,
    registry,
  }: { flags?: object; docker?: unknown; registry?: typeof GITHUB } = {},
): Promise<string | undefined> {
  if (docker !== undefined) writeFileSync(join(folder, "config.json"), JSON.stringify(docker));
  else rmSync(join(folder, "config.json"), { force: true });
  const surroundings = { ...TERMINAL, ...(registry === undefined ? {} : { registry }) };
  const call = {
    config: configOf(flags),
    env: { DOCKER_CONFIG: folder },
    host: { surroundings },
    world: { files },
  } as unknown as CommandContext;
  const found = await credentialsFor(host, call);
  return found === undefined ? undefined : `${found.user}:${found.password.reveal()}`;
}

const given = {
  registry: "registry.example.com",
  registryUser: "me",
  registryPassword: "given by the caller",
};

describe("the password of a registry", () => {
  it("is the caller's for the registry that the caller named, and for no other", async () => {
    expect(await sentTo("registry.example.com", { flags: given })).toBe("me:given by the caller");
    expect(await sentTo("evil.example.com", { flags: given })).toBeUndefined();
    expect(await sentTo("registry.example.com:5000", { flags: given })).toBeUndefined();
  });

  it("is the job's token for the host's own registry alone", async () => {
    expect(await sentTo("ghcr.io", { registry: GITHUB })).toBe("octo:the job's own token");
    expect(await sentTo("ghcr.io.example.com", { registry: GITHUB })).toBeUndefined();
  });

  it("is what `docker login` left for that host", async () => {
    const docker = {
      auths: {
        "https://index.docker.io/v1/": { auth: inBase64("hub:of the hub") },
        "registry.example.com": { auth: inBase64("other:of:the other") },
        "azure.example.com": { auth: inBase64("0000:"), identitytoken: "gets others" },
      },
    };
    expect(await sentTo("docker.io", { docker })).toBe("hub:of the hub");
    expect(await sentTo("registry.example.com", { docker })).toBe("other:of:the other");
    expect(await sentTo("azure.example.com", { docker })).toBe("0000:gets others");
    expect(await sentTo("quay.io", { docker })).toBeUndefined();
  });

  it("that a helper keeps is not asked for: no program is started", async () => {
    const docker = { auths: { "quay.io": {} }, credsStore: "desktop" };
    await expect(sentTo("quay.io", { docker })).rejects.toThrow(/docker-credential-desktop/u);
    expect(await sentTo("ghcr.io", { docker })).toBeUndefined();
  });
});
