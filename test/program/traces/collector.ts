import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly status: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
}

/** A request as the OpenTelemetry Collector reads it. */
export interface Received {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly scope: string;
  readonly spans: readonly ReceivedSpan[];
}

export interface Request {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const source = fileURLToPath(new URL("collector", import.meta.url));
const decoder = join(tmpdir(), `collector-${process.pid}`);

/** Compiles the collector's own decoder; gives what removes it. */
export function buildDecoder(): () => void {
  execFileSync("go", ["build", "-o", decoder, "."], { cwd: source, stdio: "inherit" });
  return () => rmSync(decoder);
}

export function decode({ headers, body }: Request): Received {
  const input = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  return JSON.parse(
    execFileSync(decoder, [String(headers["content-type"])], { input, encoding: "utf8" }),
  ) as Received;
}

/** What listens where a collector would. */
export class Collector {
  readonly requests: Request[] = [];
  readonly #server: Server;

  constructor(answer: (response: ServerResponse, count: number) => void = (r) => r.end()) {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const { url = "", headers } = request;
      this.requests.push({ path: url, headers, body: Buffer.concat(chunks) });
      answer(response, this.requests.length);
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((ready) => this.#server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
