import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createProxy, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../repository.ts";
import type { FakeGitHub } from "./fake.ts";

const HOST = "ghe.example.com";
const UPLOADS = `uploads.${HOST}`;

/** A server of one's own: by HTTPS with a certificate of one's own, behind a proxy, the API below a path. */
export interface Enterprise {
  readonly env: Readonly<Record<string, string>>;
  /** The hosts that were asked for through the proxy. */
  readonly reached: ReadonlySet<string>;
}

export async function startEnterprise(fake: FakeGitHub): Promise<Enterprise> {
  const { key, certificate } = makeCertificate();
  const pem = { key: readFileSync(key), cert: readFileSync(certificate) };
  const front = createServer(pem, (request, answer) => void passOn(fake, request, answer));
  const reached = new Set<string>();
  const proxy = createProxy().on("connect", (request: IncomingMessage, socket) => {
    reached.add(request.url ?? "");
    const inner = connect(portOf(front), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      inner.pipe(socket).pipe(inner);
    });
    for (const end of [inner, socket])
      end.on("error", () => [inner, socket].forEach((one) => one.destroy()));
  });
  for (const server of [front, proxy]) await listening(server);
  return {
    env: {
      GITHUB_API_URL: `https://${HOST}/api/v3`,
      GITHUB_SERVER_URL: `https://${HOST}`,
      HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`,
      NODE_EXTRA_CA_CERTS: certificate,
    },
    reached,
  };
}

/** To the fake and back, under this server's addresses. */
async function passOn(fake: FakeGitHub, request: IncomingMessage, answer: ServerResponse) {
  const uploads = request.headers.host === UPLOADS;
  const path = uploads ? request.url : request.url?.replace(/^\/api\/v3/u, "");
  const body = await buffer(request);
  const { authorization = "", accept = "", "content-type": type = "" } = request.headers;
  const given = await fetch(`${uploads ? fake.uploads : fake.origin}${path}`, {
    method: request.method ?? "GET",
    headers: {
      accept,
      ...(authorization === "" ? {} : { authorization }),
      ...(type === "" ? {} : { "content-type": type }),
    },
    redirect: "manual",
    ...(body.length === 0 ? {} : { body }),
  });
  const here = (text: string): string =>
    text
      .replaceAll(fake.uploads, `https://${UPLOADS}`)
      .replaceAll(fake.origin, `https://${HOST}/api/v3`);
  const location = given.headers.get("location");
  const kind = given.headers.get("content-type");
  const bytes = Buffer.from(await given.arrayBuffer());
  answer.writeHead(given.status, {
    ...(location === null ? {} : { location: here(location) }),
    ...(kind === null ? {} : { "content-type": kind }),
  });
  answer.end(kind?.includes("json") === true ? here(bytes.toString("utf8")) : bytes);
}

function makeCertificate(): { readonly key: string; readonly certificate: string } {
  const folder = temporaryFolder();
  const key = join(folder, "key.pem");
  const certificate = join(folder, "certificate.pem");
  const kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1".split(" ");
  const subject = ["-subj", `/CN=${HOST}`, "-addext", `subjectAltName=DNS:${HOST},DNS:${UPLOADS}`];
  execFileSync("openssl", [...kind, ...subject, "-keyout", key, "-out", certificate], {
    stdio: "ignore",
  });
  return { key, certificate };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function listening(server: Server): Promise<void> {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void server.close());
}
