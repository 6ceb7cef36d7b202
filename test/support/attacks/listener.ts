import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** Everything that one request said. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  /** Headers and body as one text, in which a token would be found. */
  readonly all: string;
}

/** A server of the attacker's, or one that is asked in good faith: it remembers every byte that it is sent. */
export interface Listener {
  readonly origin: string;
  readonly heard: Heard[];
  /** Whether anything that was sent held this text. */
  knows(secret: string): boolean;
}

export type Reply = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts one on loopback that goes with the test; it answers 404 unless told otherwise. */
export async function listen(reply: Reply = notFound): Promise<Listener> {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString();
    const { method = "", url = "", rawHeaders } = request;
    heard.push({ method, path: url, all: `${url}\n${rawHeaders.join("\n")}\n${body}` });
    reply(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    knows: (secret) =>
      heard.some(
        ({ all }) => all.includes(secret) || all.includes(Buffer.from(secret).toString("base64")),
      ),
  };
}

function notFound(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { "content-type": "application/json" }).end('{"message":"Not Found"}');
}

export function json(response: ServerResponse, data: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(data));
}
