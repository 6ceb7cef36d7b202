import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createWebServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod/mini";
import { Problem } from "../../../src/model/problem.ts";
import { Secret } from "../../../src/model/secret.ts";
import { type Exchange, exchange } from "../../../src/net/exchange.ts";
import { PATIENT, retry } from "../../../src/net/retry.ts";
import { Passing } from "../../../src/net/server.ts";
import { http } from "../../../src/world/node/http.ts";
import { seededBytes } from "../../support/seeded.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const TOKEN = "glpat-0123456789abcdef";
const server = {
  name: "GitLab",
  code: "gitlab",
  again: "run the job again",
  secrets: [new Secret(TOKEN)],
};
const folder = mkdtempSync(join(tmpdir(), "exchange-"));
const open: Server[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const one of open.splice(0)) one.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function listen(one: Server, scheme = "http"): Promise<string> {
  await new Promise<void>((ready) => one.listen(0, "127.0.0.1", ready));
  open.push(one);
  return `${scheme}://127.0.0.1:${(one.address() as AddressInfo).port}/api`;
}

function web(answer: RequestListener): Promise<string> {
  return listen(createWebServer(answer));
}

function raw(bytes: string): Promise<string> {
  return listen(createServer((socket) => socket.on("error", () => {}).end(bytes)));
}

function secure(): Promise<string> {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-days", "2"];
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert];
  execFileSync("openssl", [...made, ...subject], { stdio: "ignore" });
  const files = { key: readFileSync(key), cert: readFileSync(cert) };
  return listen(
    createSecureServer(files, (_, response) => response.end("{}")),
    "https",
  );
}

/** A request through the real network, tried as a forge's is. */
async function ask(url: string, more: Partial<Exchange> = {}) {
  const clock = new VirtualClock();
  const start = clock.now();
  const reach = { http, clock, random: seededBytes(1) };
  let tries = 0;
  const request: Exchange = { server, method: "GET", url, timeout: 2000, ...more };
  const outcome: unknown = await retry(
    PATIENT,
    reach,
  )(() => {
    tries += 1;
    return exchange(request, reach);
  }).catch((error: unknown) => error);
  return { outcome, tries, seconds: (clock.now() - start) / 1000 };
}

describe("a server that cannot be asked is told by its name, with cause and cure", () => {
  it.each<[string, () => Promise<string>, RegExp, RegExp]>([
    [
      "a certificate that is not trusted",
      secure,
      /has a certificate that is not trusted: self-signed/u,
      /NODE_EXTRA_CA_CERTS.*CI_SERVER_TLS_CA_FILE/u,
    ],
    [
      "https where http is spoken",
      async () => (await web((_, r) => r.end())).replace("http:", "https:"),
      /does not speak TLS/u,
      /http:\/\//u,
    ],
    ["a scheme of its own", async () => "ftp://127.0.0.1/", /cannot be called/u, /https:\/\//u],
  ])("at once: %s", async (_, start, words, cure) => {
    const url = await start();
    const { outcome, tries, seconds } = await ask(url);
    expect(outcome).toMatchObject({
      code: "gitlab",
      message: expect.stringMatching(words),
      hint: expect.stringMatching(cure),
    });
    expect((outcome as Problem).message).toContain(`GitLab (${url.replace(/\/$/u, "")})`);
    expect(outcome).not.toBeInstanceOf(Passing);
    expect([tries, seconds]).toEqual([1, 0]);
  });

  it.each<[string, () => Promise<string>, RegExp, RegExp]>([
    [
      "nobody listens",
      async () => "http://127.0.0.1:9/api",
      /cannot be reached in \d tries: connect ECONNREFUSED/u,
      /HTTPS_PROXY/u,
    ],
    [
      "an unknown name",
      async () => "https://gitlab.invalid/api",
      /cannot be resolved by DNS in \d tries: getaddrinfo/u,
      /DNS/u,
    ],
    [
      "something else than HTTP",
      () => raw("SSH-2.0-OpenSSH_9.6\r\n"),
      /does not speak HTTP/u,
      /port/u,
    ],
  ])("after half a minute: %s", async (_, start, words, cure) => {
    const { outcome, tries, seconds } = await ask(await start());
    expect(outcome).toMatchObject({
      message: expect.stringMatching(words),
      hint: expect.stringMatching(cure),
    });
    expect(tries).toBeGreaterThan(3);
    expect(seconds).toBeLessThanOrEqual(30);
  });

  it.each([
    ["token", `${TOKEN}\n`, "the token holds a line break"],
    ["token", `${TOKEN}\u2026`, "the token holds a character that is not allowed in a header"],
    ["x-other", "a\rb", "the header x-other holds a line break"],
  ])("at once: a %s that is %j", async (name, value, words) => {
    const url = await web((_, response) => response.end("{}"));
    const { outcome, tries } = await ask(url, { headers: { [name]: value } });
    expect(outcome).toMatchObject({
      message: `GitLab (${url}) cannot be called: ${words}`,
      hint: expect.stringContaining("printf %s"),
    });
    expect(JSON.stringify(outcome)).not.toContain(TOKEN);
    expect(tries).toBe(1);
  });

  it.each([
    ["407 Proxy Authentication Required", /is behind a proxy that requires authentication/u, 1],
    ["403 Forbidden", /is blocked by the proxy/u, 1],
    ["502 Bad Gateway", /did not answer in 7 tries: Proxy response \(502\)/u, 7],
  ])("a proxy that answers %s", async (status, words, often) => {
    vi.stubEnv("HTTPS_PROXY", (await raw(`HTTP/1.1 ${status}\r\n\r\n`)).replace("/api", ""));
    const { outcome, tries } = await ask("https://gitlab.example/api");
    expect(outcome).toMatchObject({ message: expect.stringMatching(words) });
    expect(tries).toBe(often);
  });
});

describe("an answer", () => {
  const json = { "content-type": "application/json" };

  it("is whole, and holds no secret", async () => {
    const url = await web((_, response) =>
      response.writeHead(200, json).end(JSON.stringify({ token: TOKEN, id: 1 })),
    );
    const { outcome } = await ask(url);
    const answer = outcome as Awaited<ReturnType<typeof exchange>>;
    expect(answer.as(z.object({ id: z.number() }))).toEqual({ id: 1 });
    expect(answer.json()).toEqual({ token: "***", id: 1 });
    expect(() => answer.as(z.object({ id: z.string() }))).toThrow(
      "answered with JSON of an unexpected structure: id",
    );
  });

  it("that is cut in the middle is asked for again", async () => {
    let nth = 0;
    const url = await web((_, response) => {
      nth += 1;
      if (nth === 1) return void response.writeHead(200, json).end('{"id":');
      if (nth === 2) {
        response.writeHead(200, { ...json, "content-length": "99" }).write('{"id":');
        return void setTimeout(() => response.destroy(), 20);
      }
      response.writeHead(200, json).end('{"id":1}');
    });
    const { outcome, tries } = await ask(url);
    expect(outcome).toMatchObject({ status: 200, text: '{"id":1}' });
    expect(tries).toBe(3);
  });

  it("without an end is not asked for again", async () => {
    const url = await web((_, response) => {
      response.writeHead(200, json);
      const more = (): void => {
        while (!response.destroyed && response.write("1,".repeat(50_000)));
        response.once("drain", more);
      };
      more();
    });
    const { outcome, tries } = await ask(url, { largest: 3 * 2 ** 20 });
    expect(outcome).toMatchObject({
      message: expect.stringContaining("answered with more than 3145728 bytes"),
    });
    expect(tries).toBe(1);
  });

  it("is believed to be JSON when it is", async () => {
    const url = await web((_, response) => response.end("<html>Sign in</html>"));
    const { outcome } = await ask(url);
    const answer = outcome as Awaited<ReturnType<typeof exchange>>;
    expect(() => answer.json()).toThrow(`GitLab (${url}) answered with something that is not JSON`);
  });

  it.each([
    ["403 Forbidden", '{"message":"rate limit exceeded"}', /answered 403.*longer waits/u],
    ["500 Internal Server Error", "<title>Oops</title>", /answered 500 in 7 tries: Oops$/u],
    [
      "503 Service Unavailable",
      `busy with ${TOKEN}`,
      /answered 503 in 7 tries: busy with \*\*\*$/u,
    ],
    [
      "429 Too Many Requests",
      "",
      /answered 429 and asks for longer waits than the maximum of 10 minutes/u,
    ],
  ])("%s that stays is a problem with the server's words", async (status, body, words) => {
    const url = await raw(`HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    const { outcome } = await ask(url, { server: { ...server, limits: /rate limit/u } });
    expect(outcome).toBeInstanceOf(Problem);
    expect((outcome as Problem).message).toMatch(words);
    expect(inspect(outcome, { depth: 9 })).not.toContain(TOKEN);
  });
});
