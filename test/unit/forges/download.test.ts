import { PassThrough, Readable, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { downloads } from "../../../src/forges/index.ts";
import type { HttpResponse } from "../../../src/world/world.ts";
import { seededBytes } from "../../support/seeded.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const JSON_TYPE = { "content-type": "application/json" };

function answer(status: number, body: Iterable<unknown>, headers = {}): HttpResponse {
  return { status, headers, body: Readable.from(body) };
}

function listing(json: unknown): HttpResponse {
  return answer(200, [Buffer.from(JSON.stringify(json))], JSON_TYPE);
}

function* broken(): Generator<Buffer> {
  yield Buffer.from("a fi");
  throw Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" });
}

/** A release of GitHub with one file, which is answered so, one answer after the other. */
async function fileAnswered(...answers: readonly (() => HttpResponse)[]) {
  const asked: string[] = [];
  const left = [...answers];
  const http = async ({ url }: { readonly url: string }) => {
    asked.push(url);
    const asset = { name: "age.tar.gz", url: "https://api.example/assets/1", size: 6 };
    if (url.endsWith("/releases/tags/v1.0.0"))
      return listing({ tag_name: "v1.0.0", assets: [asset] });
    return (left.shift() ?? (() => answer(500, [])))();
  };
  const reach = { http, clock: new VirtualClock(), random: seededBytes(1) };
  const destination = { repository: "octo/age", apiUrl: "https://api.example" };
  const release = await downloads.github({ destination, tag: "v1.0.0", token: undefined, reach });
  if ("missing" in release) throw new Error(release.missing);
  const [file] = release.files;
  const sinks: PassThrough[] = [];
  const save = async () =>
    await file?.save(() => {
      sinks.push(new PassThrough());
      return sinks.at(-1) as PassThrough;
    });
  return { asked, sinks, save, file };
}

describe("a file of a release", () => {
  it("is begun again, in another sink, when it breaks off or its server is busy", async () => {
    const { asked, sinks, save } = await fileAnswered(
      () => answer(200, broken()),
      () => answer(503, []),
      () => answer(302, [], { location: "https://storage.example/1" }),
      () => answer(200, [Buffer.from("a file")]),
    );
    await save();
    expect(sinks).toHaveLength(2);
    expect(String(sinks[1]?.read())).toBe("a file");
    expect(asked.at(-1)).toBe("https://storage.example/1");
  });

  it("of more bytes than the forge tells is not begun again", async () => {
    const { sinks, save } = await fileAnswered(() => answer(200, [Buffer.from("a longer file")]));
    await expect(save()).rejects.toMatchObject({
      code: "download",
      message: expect.stringMatching(
        /^downloading age\.tar\.gz failed: GitHub \(https:\/\/api\.example\/assets\/1\) answered with more than 6 bytes/u,
      ),
    });
    expect(sinks).toHaveLength(1);
  });

  it("that does not fit on the disk is not begun again", async () => {
    const full = Object.assign(new Error("write"), { code: "ENOSPC", path: "/tmp/age.tar.gz" });
    const { file } = await fileAnswered(() => answer(200, [Buffer.from("a file")]));
    let sinks = 0;
    const saving = file?.save(() => {
      sinks += 1;
      return new Writable({ write: (_chunk, _encoding, done) => done(full) });
    });
    await expect(saving).rejects.toMatchObject({ code: "disk-full" });
    expect(sinks).toBe(1);
  });

  it("that is refused is told with the cure", async () => {
    const { save } = await fileAnswered(() => answer(403, [Buffer.from('{"message":"no"}')]));
    await expect(save()).rejects.toMatchObject({
      message: expect.stringContaining("answered 403: no"),
      hint: expect.stringContaining("GO_RELEASE_TOKEN"),
    });
  });
});

it.each([
  ["a page", () => answer(200, [Buffer.from("<html>")], { "content-type": "text/html" })],
  ["other JSON", () => listing({ tag: "v1" })],
  ["404", () => answer(404, [])],
])("a release that is answered with %s is missing", async (_, listed) => {
  const reach = { http: async () => listed(), clock: new VirtualClock(), random: seededBytes(1) };
  const destination = { repository: "acme/age", apiUrl: "https://gitlab.example/api/v4" };
  const options = { destination, tag: "v1.0.0", token: undefined, reach };
  expect(await downloads.gitlab(options)).toEqual({
    missing: expect.stringMatching(/^the server/u),
  });
});
