import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { configure } from "../../../src/config/config.ts";
import { readFile } from "../../../src/config/file.ts";
import { readDockerfile } from "../../../src/migration/dockerfile.ts";
import { readGoReleaser } from "../../../src/migration/goreleaser-file.ts";
import { type Migration, migrate } from "../../../src/migration/migrate.ts";
import { dockerfilesIn } from "../../../src/migration/translate-dockers.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

async function migrated(yaml: string, dockerfile: string): Promise<Migration> {
  const text = `version: 2\n${yaml}`;
  const file = await readGoReleaser(text, ".goreleaser.yaml", async () => undefined);
  const migration = migrate({
    file,
    module: "example.com/tool",
    modules: new Set(),
    folders: new Set(),
    platforms: ["linux/amd64", "linux/arm64"],
    known: new Set(),
    dockerfiles: new Map(dockerfilesIn(file.data).map((path) => [path, dockerfile])),
  });
  const ours = readFile(stringify(migration.config), ".go-release.yaml");
  // It throws for what our configuration does not take.
  configure("plan", { flags: [], host: [], environment: [], file: ours });
  return migration;
}

/** What is said of images, one line for each. */
function said({ rows }: Migration): readonly string[] {
  return rows
    .filter(({ key }) => key.startsWith("docker"))
    .map(({ outcome, key, line, says }) => `${outcome} ${key}:${line} ${says}`);
}

const SIMPLE = `FROM scratch
USER 1000:1000
COPY tool /usr/bin/tool
ENTRYPOINT ["/usr/bin/tool"]
`;

describe("images that GoReleaser makes with Docker", () => {
  it("are one image over all platforms, with the tags of their list", async () => {
    const result = await migrated(
      `dockers:
  - image_templates: ["ghcr.io/octo/tool:{{ .Version }}-amd64"]
    goarch: amd64
  - image_templates: ["ghcr.io/octo/tool:{{ .Version }}-arm64"]
    goarch: arm64
docker_manifests:
  - name_template: "ghcr.io/octo/tool:{{ .Version }}"
    image_templates: ["ghcr.io/octo/tool:{{ .Version }}-amd64", "ghcr.io/octo/tool:{{ .Version }}-arm64"]
  - name_template: "ghcr.io/octo/tool:latest"
`,
      SIMPLE,
    );
    expect(result.config["images"]).toEqual([
      {
        repository: "ghcr.io/octo/tool",
        targets: ["linux/amd64", "linux/arm64"],
        tags: ["{version}", "latest"],
        user: "1000:1000",
      },
    ]);
    expect(said(result)).toEqual([
      "changed dockers[0]:2 images: ghcr.io/octo/tool, from what Dockerfile says",
      "changed docker_manifests:7 an image of `images` is over all its platforms",
    ]);
  });

  it("keep base, labels, ports, arguments and programs, and stand beside those of ko", async () => {
    const result = await migrated(
      `dockers_v2:
  - ids: [tool]
    dockerfile: docker/Dockerfile
    images: [ghcr.io/octo/tool, octo/tool]
    tags: ["v{{ .Version }}"]
    labels: { more: "{{ .Tag }}", org.opencontainers.image.title: x }
    build_args: { A: b }
kos:
  - repositories: [ghcr.io/octo/ko]
    bare: true
`,
      `# syntax=docker/dockerfile:1
FROM gcr.io/distroless/static:nonroot@${DIGEST}
ARG TARGETPLATFORM
LABEL own="a b" \\
      org.opencontainers.image.source=https://example.com
COPY --chown=1:1 $TARGETPLATFORM/tool /
EXPOSE 8080 53/udp
ENTRYPOINT ["/tool", "serve"]
CMD ["--verbose"]
`,
    );
    const image = {
      builds: ["tool"],
      targets: ["linux/amd64", "linux/arm64"],
      base: `gcr.io/distroless/static:nonroot@${DIGEST}`,
      tags: ["v{version}"],
      entrypoint: ["/usr/local/bin/tool", "serve"],
      cmd: ["--verbose"],
      ports: ["8080", "53/udp"],
      labels: { own: "a b", more: "{tag}" },
    };
    expect(result.config["images"]).toEqual([
      { repository: "ghcr.io/octo/tool", ...image },
      { repository: "docker.io/octo/tool", ...image },
      expect.objectContaining({ repository: "ghcr.io/octo/ko" }),
    ]);
  });

  it("on a base by its tag are told to give a digest, and what else is different", async () => {
    const result = await migrated(
      `dockers:\n  - image_templates: ["ghcr.io/octo/tool:{{ .Tag }}-amd64"]\n`,
      'FROM alpine:3.20\nWORKDIR /work\nCOPY LICENSE tool /\nCMD ["/tool"]\n',
    );
    expect(result.config["images"]).toEqual([
      { repository: "ghcr.io/octo/tool", targets: ["linux/amd64"], tags: ["{tag}"] },
    ]);
    expect(said(result).join("\n")).toMatch(
      /FROM alpine:3\.20: a base is given by its digest[\s\S]*65532:65532[\s\S]*WORKDIR \/work[\s\S]*COPY LICENSE/u,
    );
  });

  it.each([
    ["FROM alpine\nRUN apk add git\n", "Dockerfile, line 2: it has RUN"],
    ["FROM golang AS build\nFROM scratch\n", "Dockerfile, line 2: it has a second FROM"],
    ["FROM scratch\nCOPY --from=build /a /a\n", "line 2: COPY --from=build takes Docker"],
    ["FROM scratch\nCOPY config.yaml /etc/\n", "copies config.yaml, which is no program"],
    ["FROM alpine\nENTRYPOINT tool serve\n", "line 2: ENTRYPOINT tool serve starts a shell"],
    ['FROM alpine\nENTRYPOINT ["/bin/sh"]\n', "starts /bin/sh, which is no program"],
    ["FROM alpine\nENV A=b\n", "line 2: it has ENV"],
    ["ARG BASE=alpine\nFROM $BASE\n", "line 1: it has ARG BASE=alpine"],
    ["FROM alpine:$V\n", "line 1: FROM has $V"],
    ['FROM scratch\nUSER app\nCMD ["/tool"]\n', "has USER app, whom `scratch` does not know"],
    ["", "it has no FROM"],
  ])("that take Docker are left with the reason: %j", async (dockerfile, reason) => {
    const result = await migrated(
      `dockers:\n  - image_templates: ["ghcr.io/octo/tool:latest"]\n`,
      dockerfile,
    );
    expect(result.config["images"]).toBeUndefined();
    expect(said(result)).toHaveLength(1);
    expect(said(result)[0]).toContain("left dockers[0]:2 ghcr.io/octo/tool: ");
    expect(said(result)[0]).toContain(reason);
  });

  it("that have no repository, no push or no archive are left too", async () => {
    const rows = [
      `{ image_templates: ["ghcr.io/Octo/tool:latest"] }`,
      `{ image_templates: ["ghcr.io/octo/tool:latest"], skip_push: true }`,
      `{ image_templates: ["ghcr.io/octo/tool:1"], ids: [other] }`,
    ];
    const result = await migrated(`dockers: [${rows.join(", ")}]\n`, SIMPLE);
    expect(result.config["images"]).toBeUndefined();
    expect(said(result).join("\n")).toMatch(
      /never pushed[\s\S]*lower case[\s\S]*other is in no archive/u,
    );
    expect(said(result)).toHaveLength(3);
  });
});

it("reads a Dockerfile line by line, without comments", () => {
  expect(
    readDockerfile("# a\nfrom --platform=linux/amd64 a@b as c\n\nWORKDIR \\\n# b\n/w\n"),
  ).toEqual({ from: "a@b", copied: [], ports: [], labels: {}, workdir: "/w" });
});
