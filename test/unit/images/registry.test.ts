import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkPush, putBlob } from "../../../src/images/registry/blobs.ts";
import { manifestAt, putManifest, putTag, tagsOf } from "../../../src/images/registry/manifests.ts";
import { bundlesAt, putBundle } from "../../../src/images/registry/referrers.ts";
import { Registry } from "../../../src/images/registry/registry.ts";
import { Secret } from "../../../src/model/secret.ts";
import { http } from "../../../src/world/node/http.ts";
import { random } from "../../../src/world/node/random.ts";
import { digestOf, FakeRegistry, type Fault } from "../../support/images/fake-registry.ts";
import { problemOf } from "../../support/problem.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

let fake: FakeRegistry;
beforeEach(async () => {
  fake = new FakeRegistry();
  await fake.listen();
});
afterEach(() => fake.close());

const PASSWORD = "a password of nobody";
const LOGIN = { user: "octo", password: PASSWORD };

function registry(
  more: { readonly login?: boolean; readonly trusted?: readonly string[] } = {},
): Registry {
  const credentials = {
    user: LOGIN.user,
    password: new Secret(PASSWORD),
    origin: "the user octo",
  };
  return new Registry({
    repository: { host: fake.host, name: "octo/hello" },
    credentials: more.login === true ? credentials : undefined,
    trusted: more.trusted ?? [],
    http,
    clock: new VirtualClock(),
    random,
  });
}

function blobOf(content: string | Buffer) {
  const bytes = Buffer.from(content as string);
  return {
    digest: digestOf(bytes),
    size: bytes.length,
    open: ({ start, end } = { start: 0, end: bytes.length - 1 }) =>
      Readable.from([bytes.subarray(start, end + 1)]),
  };
}

const TYPE = "application/vnd.oci.image.manifest.v1+json";

describe("a registry", () => {
  it("takes a blob once, and is asked for it again without a second upload", async () => {
    const blob = blobOf("a layer");
    await putBlob(registry(), blob);
    await putBlob(registry(), blob);
    expect(fake.at("octo/hello").blobs.get(blob.digest)?.toString()).toBe("a layer");
    expect(fake.log.map(({ method }) => method)).toEqual(["HEAD", "POST", "PUT", "HEAD"]);
  });

  it("has what it put into the address of an upload given back as it was", async () => {
    await putBlob(registry(), blobOf("a layer"));
    expect(fake.log.at(-1)?.path).toMatch(/\?_state=a~b%2Bc&digest=sha256%3A[0-9a-f]{64}$/u);
  });

  it("takes a blob over from another repository", async () => {
    const blob = blobOf("a layer");
    fake.at("octo/base").blobs.set(blob.digest, Buffer.from("a layer"));
    await putBlob(registry(), { ...blob, from: "octo/base" });
    expect(fake.at("octo/hello").blobs.has(blob.digest)).toBe(true);
    expect(fake.log.map(({ method }) => method)).toEqual(["HEAD", "POST"]);
  });

  it("gets in parts what is larger than a body may be", async () => {
    fake.traits = { largest: 9 * 2 ** 20 };
    const blob = blobOf(Buffer.alloc(20 * 2 ** 20, "layer"));
    await putBlob(registry(), blob);
    expect(fake.at("octo/hello").blobs.has(blob.digest)).toBe(true);
    expect(fake.log.filter(({ method }) => method === "PATCH")).toHaveLength(3);
  });

  it("is asked whether it takes a push, and keeps nothing of that", async () => {
    await checkPush(registry());
    expect(fake.log.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
    expect(fake.at("octo/hello").blobs.size).toBe(0);
  });

  it("lists no tags of what is not there", async () => {
    expect(await tagsOf(registry())).toEqual([]);
    expect(await manifestAt(registry(), "1.2.3")).toBeUndefined();
  });
});

describe("a password", () => {
  it.each(["basic", "bearer"] as const)("is shown where it is asked for (%s)", async (scheme) => {
    fake.traits = { login: LOGIN, scheme };
    await putBlob(registry({ login: true }), blobOf("a layer"));
    expect(fake.at("octo/hello").blobs.size).toBe(1);
    const asked = fake.log.find(({ path }) => path.startsWith("/token"));
    expect(asked?.path).toBe(
      scheme === "basic"
        ? undefined
        : "/token?service=fake&scope=repository%3Aocto%2Fhello%3Apull%2Cpush",
    );
  });

  it("is not sent to a realm that is not the registry's own", async () => {
    const other = new FakeRegistry();
    await other.listen();
    const realm = "https://tokens.example.com/token";
    fake.traits = { login: LOGIN, realm };
    const problem = await problemOf(checkPush(registry({ login: true })));
    expect(problem.code).toBe("registry-realm");
    expect(problem.message).toContain("https://tokens.example.com");
    expect(problem.message).not.toContain(PASSWORD);
    await other.close();
  });

  it("is sent to a realm that the caller trusts", async () => {
    const other = new FakeRegistry();
    await other.listen();
    other.traits = { login: LOGIN };
    fake.traits = { login: LOGIN, realm: `${other.origin}/token` };
    await checkPush(registry({ login: true, trusted: [other.origin] }));
    expect(other.log).toHaveLength(1);
    await other.close();
  });

  it("does not follow an upload to another server", async () => {
    const other = new FakeRegistry();
    await other.listen();
    fake.traits = { login: LOGIN, uploads: other.origin };
    await problemOf(putBlob(registry({ login: true }), blobOf("a layer")));
    expect(other.log.map(({ authorization }) => authorization)).toEqual([undefined]);
    await other.close();
  });

  it("is in no message, whatever the registry repeats", async () => {
    const fault = (): Fault => ({ status: 403, code: "DENIED", message: `no, ${PASSWORD}` });
    fake.traits = { fault };
    const problem = await problemOf(checkPush(registry({ login: true })));
    expect(`${problem.message} ${problem.hint}`).not.toContain(PASSWORD);
  });
});

describe("a refusal", () => {
  it.each<[string, Fault, boolean, string, RegExp]>([
    ["nobody logged in", { status: 401 }, false, "registry-credentials", /docker login/u],
    ["a wrong password", { status: 401 }, true, "registry-credentials", /renew the password/u],
    [
      "no right to push",
      { status: 403, code: "DENIED" },
      true,
      "registry-permission",
      /right to push/u,
    ],
    [
      "no such project",
      { status: 404, code: "NAME_UNKNOWN" },
      true,
      "registry-name",
      /create the project/u,
    ],
    [
      "a name of another form",
      { status: 400, code: "NAME_INVALID" },
      true,
      "registry-name",
      /form/u,
    ],
    [
      "a mirror",
      { status: 405, code: "UNSUPPORTED" },
      true,
      "registry-read-only",
      /registry itself/u,
    ],
  ])("of %s is named with its cure", async (_, fault, login, code, cure) => {
    fake.traits = { fault: () => fault };
    const problem = await problemOf(checkPush(registry({ login })));
    expect(problem.code).toBe(code);
    expect(problem.message).toContain(fake.host);
    expect(problem.hint).toMatch(cure);
  });

  it("of a tag that may not be moved is named with its cure", async () => {
    fake.traits = { immutable: true };
    const put = async (text: string) => putTag(registry(), "1.2.3", { mediaType: TYPE }, text);
    await put('{"a":1}');
    const problem = await problemOf(put('{"a":2}'));
    expect(problem.code).toBe("registry-tag-immutable");
    expect(problem.hint).toMatch(/new version/u);
  });
});

describe("what passes", () => {
  it.each<Fault>([{ status: 429 }, { status: 503 }, "cut", "cut after"])(
    "is tried again: %j in place of some answers",
    async (kind) => {
      const lost = [1, 3, 6, 10, 12];
      fake.traits = { fault: (nth) => (lost.includes(nth) ? kind : undefined) };
      const blob = blobOf("a layer");
      const text = JSON.stringify({ layers: [{ digest: blob.digest }] });
      const digest = digestOf(Buffer.from(text));
      const slow = registry();
      await putBlob(slow, blob);
      await putManifest(slow, { digest, mediaType: TYPE, size: text.length }, text);
      await putTag(slow, "1.2.3", { mediaType: TYPE }, text);
      expect((await manifestAt(slow, "1.2.3"))?.digest).toBe(digest);
    },
  );
});

describe("a bundle beside an image", () => {
  it.each([true, false, "<html>Welcome</html>", '{"errors":[]}'])(
    "is found again (the registry knows referrers: %s)",
    async (referrers) => {
      fake.traits = { referrers };
      const subject = { mediaType: TYPE, digest: digestOf(Buffer.from("{}")), size: 2 };
      const created = "2026-01-31T12:34:56Z";
      const put = (text: string, predicateType: string) =>
        putBundle(registry(), subject, { text, predicateType, created });
      await put("one", "https://example.com/a");
      await put("two", "https://example.com/b");
      await put("one", "https://example.com/a");
      const found = (type: string) => bundlesAt(registry(), subject.digest, type);
      expect(await found("https://example.com/a")).toEqual(["one"]);
      expect(await found("https://example.com/b")).toEqual(["two"]);
      expect(fake.tags("octo/hello")).toEqual({});
    },
  );

  it("is not put over a list that cannot be read", async () => {
    const subject = { mediaType: TYPE, digest: digestOf(Buffer.from("{}")), size: 2 };
    const text = '{"schemaVersion":2}';
    await putTag(registry(), subject.digest.replace(":", "-"), { mediaType: TYPE }, text);
    const bundle = { text: "one", predicateType: "a", created: "2026-01-31T12:34:56Z" };
    await expect(putBundle(registry(), subject, bundle)).rejects.toThrow("no list of signatures");
  });
});
