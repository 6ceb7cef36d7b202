import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What this registry is like. */
export interface RegistryTraits {
  /** Who may push; anybody when absent. */
  readonly login?: { readonly user: string; readonly password: string };
  /** How it asks who that is; by a token of its own when absent. */
  readonly scheme?: "basic" | "bearer";
  /** Where it has tokens given out; itself when absent. */
  readonly realm?: string;
  /** Where uploads go on; itself when absent. */
  readonly uploads?: string;
  /** Bytes of the largest body. */
  readonly largest?: number;
  /** Whether a tag may not be moved. */
  readonly immutable?: boolean;
  /** Whether it knows what refers to an image; a text is what stands before it and answers anything with 200. */
  readonly referrers?: boolean | string;
  /** A status, or a cut connection, in place of the answer to the nth request (from 1). */
  readonly fault?: (nth: number, request: LoggedRequest) => Fault | undefined;
}

export type Fault =
  | {
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      /** What was asked for is done all the same. */
      readonly after?: boolean;
      /** Seconds that it wants to be left alone. */
      readonly retryAfter?: number;
    }
  /** `after`: what was asked for is done, and the answer lost. */
  | "cut"
  | "cut after"
  /** Half of the answer comes. */
  | "truncated";

export interface LoggedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

interface Stored {
  readonly blobs: Map<string, Buffer>;
  readonly manifests: Map<string, { readonly type: string; readonly body: Buffer }>;
  readonly tags: Map<string, string>;
}

/** A registry on the loopback interface, as the OCI distribution specification 1.1 has it, and its moods. */
export class FakeRegistry {
  traits: RegistryTraits = {};
  readonly log: LoggedRequest[] = [];
  readonly repositories = new Map<string, Stored>();
  /** Called after each request. */
  changed: (request: LoggedRequest) => void = () => {};
  readonly #uploads = new Map<string, Buffer>();
  /** Headers that were worth something once. */
  readonly #expired = new Set<string>();
  readonly #server = createServer((request, response) => {
    // A client that is killed cuts its request off.
    this.#serve(request, response).catch(() => response.destroy());
  });

  async listen(): Promise<void> {
    await new Promise<void>((ready) => this.#server.listen(0, "127.0.0.1", ready));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get origin(): string {
    return `http://${this.host}`;
  }

  /** Tags people pull by; not those that stand for a list of what refers to an image. */
  tags(name: string): Readonly<Record<string, string>> {
    const all = [...(this.repositories.get(name)?.tags ?? [])];
    return Object.fromEntries(all.filter(([tag]) => !tag.startsWith("sha256-")));
  }

  at(name: string): Stored {
    const known = this.repositories.get(name);
    const stored = known ?? { blobs: new Map(), manifests: new Map(), tags: new Map() };
    this.repositories.set(name, stored);
    return stored;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const logged: LoggedRequest = {
      method: request.method ?? "",
      path: request.url ?? "",
      authorization: request.headers.authorization,
      body: Buffer.concat(chunks),
    };
    this.log.push(logged);
    const fault = this.traits.fault?.(this.log.length, logged);
    if (fault === "cut") return void response.destroy();
    const type = request.headers["content-type"] ?? "";
    const refusal = typeof fault === "object" ? this.#refusal(fault, logged) : undefined;
    const isDone = typeof fault !== "object" || fault.after === true;
    const done = isDone ? this.#answer(logged, type) : undefined;
    const answer = refusal ?? done ?? { status: 500 };
    this.changed(logged);
    if (fault === "cut after") return void response.destroy();
    const body = logged.method === "HEAD" ? "" : Buffer.from(answer.body ?? "");
    if (fault === "truncated") return truncated(response, answer, Buffer.from(body));
    response.writeHead(answer.status, answer.headers);
    response.end(body);
  }

  /** After a 401 a token is worth nothing any more. */
  #refusal(fault: Extract<Fault, object>, { authorization }: LoggedRequest): Answered {
    const { status, code = "UNKNOWN", message = "a fault", retryAfter } = fault;
    if (status === 401) this.#expired.add(authorization ?? "");
    if (status === 401 && this.traits.login !== undefined) return this.#challenge();
    const answer = refused(status, code, message);
    const wait = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
    return { ...answer, headers: { ...answer.headers, ...wait } };
  }

  #answer(request: LoggedRequest, type: string): Answered {
    const url = new URL(request.path, this.origin);
    if (url.pathname === "/token") return this.#token(request);
    const { login, largest = Number.POSITIVE_INFINITY } = this.traits;
    if (login !== undefined && !this.#knows(request)) return this.#challenge();
    if (request.body.length > largest) return { status: 413 };
    const [, name = "", kind = "", rest = ""] =
      /^\/v2\/(.+?)\/(blobs\/uploads|blobs|manifests|referrers|tags)\/?(.*)$/u.exec(url.pathname) ??
      [];
    const stored = this.at(name);
    switch (kind) {
      case "blobs/uploads":
        return this.#upload(request, url, stored, name, rest);
      case "blobs":
        return blob(stored.blobs.get(rest));
      case "manifests":
        return this.#manifest(request, stored, rest, type);
      case "referrers":
        if (typeof this.traits.referrers === "string")
          return { status: 200, headers: {}, body: this.traits.referrers };
        return this.traits.referrers === true
          ? referrers(stored, rest)
          : refused(404, "UNSUPPORTED");
      case "tags":
        return {
          status: 200,
          headers: JSON_TYPE,
          body: JSON.stringify({ name, tags: [...stored.tags.keys()] }),
        };
      default:
        return refused(404, "NAME_UNKNOWN");
    }
  }

  #token({ authorization }: LoggedRequest): Answered {
    const { login } = this.traits;
    const wanted = `Basic ${Buffer.from(`${login?.user}:${login?.password}`).toString("base64")}`;
    if (authorization !== wanted) return refused(401, "UNAUTHORIZED");
    const token = `${TOKEN}-${this.log.length}`;
    return { status: 200, headers: JSON_TYPE, body: JSON.stringify({ token }) };
  }

  #knows({ authorization = "" }: LoggedRequest): boolean {
    const { login, scheme = "bearer" } = this.traits;
    if (scheme === "bearer")
      return authorization.startsWith(`Bearer ${TOKEN}`) && !this.#expired.has(authorization);
    const given = Buffer.from(authorization.replace("Basic ", ""), "base64").toString();
    return given === `${login?.user}:${login?.password}`;
  }

  #challenge(): Answered {
    const { scheme = "bearer", realm = `${this.origin}/token` } = this.traits;
    const asked =
      scheme === "basic" ? 'Basic realm="here"' : `Bearer realm="${realm}",service="fake"`;
    return {
      ...refused(401, "UNAUTHORIZED"),
      headers: { ...JSON_TYPE, "www-authenticate": asked },
    };
  }

  #upload(
    { method, body }: LoggedRequest,
    url: URL,
    { blobs }: Stored,
    name: string,
    id: string,
  ): Answered {
    const { uploads = this.origin } = this.traits;
    if (method === "POST") {
      const mounted = url.searchParams.get("mount") ?? "";
      const there = this.repositories.get(url.searchParams.get("from") ?? "")?.blobs.get(mounted);
      if (there !== undefined) {
        blobs.set(mounted, there);
        return { status: 201 };
      }
      const next = `upload-${this.log.length}`;
      this.#uploads.set(next, Buffer.alloc(0));
      const location = `${uploads}/v2/${name}/blobs/uploads/${next}?_state=a~b%2Bc`;
      return { status: 202, headers: { location } };
    }
    const so = this.#uploads.get(id);
    if (so === undefined) return refused(404, "BLOB_UPLOAD_UNKNOWN");
    const all = Buffer.concat([so, body]);
    if (method === "DELETE") {
      this.#uploads.delete(id);
      return { status: 204 };
    }
    if (method === "PATCH") {
      this.#uploads.set(id, all);
      return { status: 202, headers: { location: `${url.pathname}?_state=later` } };
    }
    const digest = url.searchParams.get("digest") ?? "";
    if (digest !== digestOf(all)) return refused(400, "DIGEST_INVALID");
    blobs.set(digest, all);
    return { status: 201 };
  }

  #manifest(
    { method, body }: LoggedRequest,
    { blobs, manifests, tags }: Stored,
    reference: string,
    type: string,
  ): Answered {
    if (method === "GET") {
      const found = manifests.get(reference) ?? manifests.get(tags.get(reference) ?? "");
      return found === undefined
        ? refused(404, "MANIFEST_UNKNOWN")
        : { status: 200, headers: { "content-type": found.type }, body: found.body };
    }
    const digest = digestOf(body);
    const named = JSON.parse(body.toString()) as Record<string, { digest: string }[] | undefined>;
    const missing = [...(named["layers"] ?? [])].filter((layer) => !blobs.has(layer.digest));
    const absent = (named["manifests"] ?? []).filter((one) => !manifests.has(one.digest));
    if (missing.length + absent.length > 0) return refused(400, "MANIFEST_BLOB_UNKNOWN");
    if (reference.startsWith("sha256:") && reference !== digest)
      return refused(400, "DIGEST_INVALID");
    const before = tags.get(reference);
    if (this.traits.immutable === true && before !== undefined && before !== digest)
      return refused(400, "TAG_INVALID", "The image tag already exists and is immutable");
    manifests.set(digest, { type, body });
    if (!reference.startsWith("sha256:")) tags.set(reference, digest);
    const isReferring = this.traits.referrers === true && "subject" in named;
    return { status: 201, headers: isReferring ? { "oci-subject": "yes" } : {} };
  }
}

const TOKEN = "a-token-of-the-fake-registry";
const JSON_TYPE = { "content-type": "application/json" };

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** The connection is cut in the middle of the body; where there is none, instead of the answer. */
function truncated(response: ServerResponse, { status, headers }: Answered, body: Buffer): void {
  if (body.length === 0) return void response.destroy();
  response.writeHead(status, { ...headers, "content-length": String(body.length) });
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

function blob(bytes: Buffer | undefined): Answered {
  return bytes === undefined ? refused(404, "BLOB_UNKNOWN") : { status: 200, body: bytes };
}

function referrers({ manifests }: Stored, digest: string): Answered {
  const all = [...manifests].flatMap(([own, { type, body }]) => {
    const { subject, artifactType, annotations } = JSON.parse(body.toString()) as {
      subject?: { digest: string };
      artifactType?: string;
      annotations?: object;
    };
    const one = { mediaType: type, digest: own, size: body.length, artifactType, annotations };
    return subject?.digest === digest ? [one] : [];
  });
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify({ manifests: all }) };
}

function refused(status: number, code: string, message = code.toLowerCase()): Answered {
  return { status, headers: JSON_TYPE, body: JSON.stringify({ errors: [{ code, message }] }) };
}
