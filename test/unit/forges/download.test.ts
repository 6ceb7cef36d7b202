import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { get } from "../../../src/forges/download.ts";
import type { Http } from "../../../src/world/world.ts";

it("a download's credential is not sent on after another origin, not even back home", async () => {
  const hops: Readonly<Record<string, string>> = {
    "https://api.example/file": "/moved",
    "https://api.example/moved": "https://storage.example/file",
    "https://storage.example/file": "https://api.example/secret",
  };
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
  await get(http, "https://api.example/file", { authorization: "token t" });
  expect(asked).toEqual([
    ["https://api.example/file", "token t"],
    ["https://api.example/moved", "token t"],
    ["https://storage.example/file", undefined],
    ["https://api.example/secret", undefined],
  ]);
});
