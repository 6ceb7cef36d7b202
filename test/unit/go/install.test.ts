import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { installGo } from "../../../src/go/install.ts";
import type { Problem } from "../../../src/model/problem.ts";
import type { Http, Tool } from "../../../src/world/world.ts";
import { seededBytes } from "../../support/seeded.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const releases = [
  {
    version: "go1.26.8",
    files: [
      { filename: "go1.26.8.src.tar.gz", os: "", arch: "", kind: "source", sha256: "00" },
      {
        filename: "go1.26.8.linux-amd64.tar.gz",
        os: "linux",
        arch: "amd64",
        kind: "archive",
        sha256: "aa",
      },
      {
        filename: "go1.26.8.windows-arm64.zip",
        os: "windows",
        arch: "arm64",
        kind: "archive",
        sha256: "bb",
      },
      {
        filename: "go1.26.8.windows-arm64.msi",
        os: "windows",
        arch: "arm64",
        kind: "installer",
        sha256: "cc",
      },
    ],
  },
];

function answering(status: number, text: string): Http {
  return async () => ({ status, headers: {}, body: Readable.from([Buffer.from(text)]) });
}

function place(platform: string, arch: string, http = answering(200, JSON.stringify(releases))) {
  const asked: Tool[] = [];
  const install = async (tool: Tool): Promise<string> => {
    asked.push(tool);
    return "/tools/go";
  };
  const machine = { cores: 2, memory: 1, platform, arch };
  return { asked, http, install, machine, clock: new VirtualClock(), random: seededBytes(1) };
}

describe("installGo", () => {
  it.each([
    ["linux", "x64", "linux-amd64.tar.gz", "aa", "/tools/go/bin/go"],
    ["win32", "arm64", "windows-arm64.zip", "bb", "/tools/go/bin/go.exe"],
  ])(
    "on %s %s takes the official archive with its digest",
    async (platform, arch, end, sha256, go) => {
      const world = place(platform, arch);
      expect(await installGo("1.26.8", world)).toBe(go);
      const url = `https://go.dev/dl/go1.26.8.${end}`;
      expect(world.asked).toEqual([{ name: "go", version: "1.26.8", url, sha256 }]);
    },
  );

  it.each([
    ["1.99.0", "linux", "there is no Go release 1.99.0"],
    ["1.26.8", "sunos", "Go 1.26.8 is not available for sunos/amd64"],
  ])("knows no %s on %s", async (version, platform, words) => {
    const failure: Problem = await installGo(version, place(platform, "x64")).then(
      () => expect.fail("it was installed"),
      (error) => error,
    );
    expect(failure).toMatchObject({ code: "go-unknown", message: `go-version: ${words}` });
  });

  it("says what to do when the downloads cannot be reached", async () => {
    const world = place("linux", "x64", answering(503, "busy"));
    await expect(installGo("1.26.8", world)).rejects.toMatchObject({
      code: "go-install",
      hint: expect.stringContaining("install Go yourself"),
      cause: { message: "go.dev (https://go.dev/dl) answered 503 in 4 tries: busy" },
    });
  });
});
