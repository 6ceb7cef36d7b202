import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { Problem } from "../../../src/model/problem.ts";
import { type Fetching, fetchAnswer, follow } from "../../../src/net/follow.ts";
import { BRISK, retry } from "../../../src/net/retry.ts";
import type { Http } from "../../../src/world/world.ts";
import { seededBytes } from "../../support/seeded.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const server = { name: "GitLab", code: "gitlab", again: "run it again", secrets: [] };

/** Servers that lead from one address to another; what was asked where, and with which credentials. */
function leading(hops: Readonly<Record<string, string>>) {
  const asked: (readonly [string, string | undefined])[] = [];
  const http: Http = async ({ url, headers = {} }) => {
    asked.push([url, headers["private-token"]]);
    const location = hops[url];
    return {
      status: location === undefined ? 200 : 302,
      headers: location === undefined ? {} : { location },
      body: Readable.from([Buffer.from("file")]),
    };
  };
  return { asked, reach: { http, clock: new VirtualClock(), random: seededBytes(1) } };
}

const credentials = { "private-token": "t" };

async function problemOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Problem);
  return (error as Problem).message;
}

describe("a credential", () => {
  it("is not sent on where another origin leads, be it home", async () => {
    const { asked, reach } = leading({
      "https://api.example/file": "/moved",
      "https://api.example/moved": "https://storage.example/file",
      "https://storage.example/file": "https://api.example/secret",
    });
    await follow({ server, url: "https://api.example/file", credentials }, reach);
    expect(asked).toEqual([
      ["https://api.example/file", "t"],
      ["https://api.example/moved", "t"],
      ["https://storage.example/file", undefined],
      ["https://api.example/secret", undefined],
    ]);
  });

  it.each([
    ["https://api.example/file", "t"],
    ["https://api.example:8443/file", undefined],
    ["http://api.example/file", undefined],
    ["https://other.example/file", undefined],
  ])("of api.example is sent to %s: %s", async (url, token) => {
    const { asked, reach } = leading({});
    await follow({ server, url, home: "https://api.example/api/v4", credentials }, reach);
    expect(asked).toEqual([[url, token]]);
  });
});

describe("a redirect is not followed", () => {
  const many = Object.fromEntries(
    Array.from({ length: 9 }, (_, at) => [`https://a.example/${at}`, `/${at + 1}`]),
  );
  it.each([
    [{ "https://a.example/0": "http://a.example/1" }, "leads from https to http://a.example"],
    [{ "https://a.example/0": "/0" }, "answered with a redirect to itself"],
    [{ "https://a.example/0": "/1", "https://a.example/1": "/0" }, "redirects in a loop"],
    [many, "redirects more than 5 times"],
    [{ "https://a.example/0": "ftp://a.example/" }, "a redirect without a valid URL"],
    [{ "https://a.example/0": "http://[" }, "a redirect without a valid URL"],
  ])("%j", async (hops, words) => {
    const { asked, reach } = leading(hops);
    const message = await problemOf(follow({ server, url: "https://a.example/0" }, reach));
    expect(message).toContain(words);
    expect(message).toMatch(/^GitLab \(https:\/\/a\.example\/\d\)/u);
    expect(asked.length).toBeLessThan(8);
  });
});

it("an address that a server names and that is none is told of", async () => {
  const { reach } = leading({});
  const fetching: Fetching = { server, url: "nonsense", home: "https://a.example" };
  expect(await problemOf(fetchAnswer(fetching, reach, retry(BRISK, reach)))).toContain(
    "an invalid URL of a file",
  );
});
