import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { get } from "../../../src/forges/download.ts";
import type { Http } from "../../../src/world/world.ts";

const ask = {
  headers: { accept: "*/*" },
  credentials: { authorization: "token t" },
  home: "https://api.example",
};

/** A network of redirects, and who was asked with which credential. */
function network(hops: Readonly<Record<string, string>>) {
  const asked: (readonly [string, string | undefined])[] = [];
  const http: Http = async ({ url, headers = {} }) => {
    asked.push([url, headers["authorization"]]);
    const location = hops[url];
    return {
      status: location === undefined ? 200 : 302,
      headers: location === undefined ? {} : { location },
      body: Readable.from([]),
      text: async () => "",
    };
  };
  return { asked, http };
}

describe("a credential", () => {
  it("is not sent on where another origin leads, be it home", async () => {
    const { asked, http } = network({
      "https://api.example/file": "/moved",
      "https://api.example/moved": "https://storage.example/file",
      "https://storage.example/file": "https://api.example/secret",
    });
    await get(http, "https://api.example/file", ask);
    expect(asked).toEqual([
      ["https://api.example/file", "token t"],
      ["https://api.example/moved", "token t"],
      ["https://storage.example/file", undefined],
      ["https://api.example/secret", undefined],
    ]);
  });

  it.each([
    "https://evil.example/asset",
    "https://api.example.evil.example/asset",
    "http://api.example/asset",
    "https://api.example:8443/asset",
  ])("is not sent to another origin that an answer named: %s", async (url) => {
    const { asked, http } = network({});
    await get(http, url, ask);
    expect(asked).toEqual([[url, undefined]]);
  });
});

describe("a redirect", () => {
  it.each(["http://api.example/file", "ftp://api.example/file", "data:text/plain,x", "http://"])(
    "that gives up encryption is not followed: %s",
    async (location) => {
      const { asked, http } = network({ "https://api.example/file": location });
      await expect(get(http, "https://api.example/file", ask)).rejects.toThrow("not encrypted");
      expect(asked).toHaveLength(1);
    },
  );

  it("may lead to an encrypted server, or stay where nothing was encrypted", async () => {
    const hops = {
      "http://127.0.0.1/a": "http://127.0.0.1/b",
      "http://127.0.0.1/b": "https://x/c",
    };
    const { asked, http } = network(hops);
    await get(http, "http://127.0.0.1/a", ask);
    expect(asked.map(([url]) => url)).toEqual([...Object.keys(hops), "https://x/c"]);
  });
});
