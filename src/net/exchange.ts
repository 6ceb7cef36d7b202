import { Readable } from "node:stream";
import type * as z from "zod/mini";
import type { HttpRequest, HttpResponse, World } from "../world/world.ts";
import { bytesUpTo } from "./body.ts";
import { mask } from "./mask.ts";
import { retryAfter } from "./retry-after.ts";
import { type Asked, oddAnswer, Passing, serverProblem } from "./server.ts";
import { unanswered } from "./unanswered.ts";
import { plainWords, wordsIn } from "./words.ts";

/** What reaching a server takes of the world. */
export type Reach = Pick<World, "http" | "clock" | "random">;

/** One request, and what its answer may be. */
export interface Exchange extends HttpRequest, Asked {
  /** Bytes of the longest answer that can be meant (default 32 MiB). */
  readonly largest?: number;
}

const LARGEST_ANSWER = 32 * 2 ** 20;
/** Bytes of a refusal that are looked at. */
const LARGEST_REFUSAL = 2 ** 20;
const TIMEOUT = 60_000;

/** An answer that was read to its end; no secret is in its text. */
export class Answer {
  readonly status: number;
  readonly headers: HttpResponse["headers"];
  readonly bytes: Buffer;
  readonly text: string;
  /** Undefined when the text is not JSON. */
  readonly parsed: { readonly json: unknown } | undefined;
  readonly #asked: Asked;

  constructor(asked: Asked, { status, headers }: HttpResponse, bytes: Buffer) {
    this.#asked = asked;
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
    const { secrets } = asked.server;
    this.text = mask(secrets.map((secret) => secret.reveal()))(bytes.toString("utf8"));
    this.parsed = parsed(this.text);
  }

  /** What says that it is JSON and is not was cut on its way. */
  get isCut(): boolean {
    const isCalledJson = (this.headers["content-type"] ?? "").includes("json");
    return isCalledJson && this.text !== "" && this.parsed === undefined;
  }

  /** What a refusal says, in one line. */
  get said(): string {
    return plainWords(wordsIn(this.text), this.#asked.server);
  }

  /** Throws a `Problem` when it is none. */
  json(): unknown {
    if (this.parsed !== undefined) return this.parsed.json;
    throw oddAnswer(this.#asked, "something that is not JSON");
  }

  /** The JSON as what it should be. Throws a `Problem` that names the first field that is not. */
  as<T extends z.ZodMiniType>(shape: T): z.output<T> {
    return shaped(shape, this.json(), this.#asked);
  }
}

/** The parser's own words would quote what may be a secret. */
function parsed(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Data from outside as what it should be. Throws a `Problem` that names the server and the first wrong field. */
export function shaped<T extends z.ZodMiniType>(
  shape: T,
  data: unknown,
  asked: Asked,
): z.output<T> {
  const read = shape.safeParse(data);
  if (read.success) return read.data;
  const path = read.error.issues[0]?.path.join(".");
  throw oddAnswer(asked, "JSON of an unexpected structure", path);
}

/** One request and its whole answer. Throws a `Problem`: `Passing` where a later try may be better. */
export async function exchange(request: Exchange, reach: Reach): Promise<Answer> {
  return await wholeAnswer(request, await begin(request, reach), reach);
}

/** The answer whose body is still to be read, of a status that does not pass. Throws as `exchange` does. */
export async function begin(request: Exchange, reach: Reach): Promise<HttpResponse> {
  assertSendable(request);
  const response = await reach.http(request).catch((error: unknown) => {
    request.signal?.throwIfAborted();
    throw unanswered(request, error);
  });
  const { status, headers } = response;
  if (status < 200 || status > 599)
    throw serverProblem(request, {
      what: `answered ${status}, which is not a valid HTTP status`,
      hint: "check that the address is the server's and that no proxy answers instead",
    });
  if (status < 400) return response;
  const answer = await wholeAnswer({ ...request, largest: LARGEST_REFUSAL }, response, reach);
  throwPassing(request, answer, retryAfter(headers, reach.clock.now()));
  return { ...response, body: Readable.from([answer.bytes]) };
}

export async function wholeAnswer(
  request: Exchange,
  response: HttpResponse,
  { clock }: Pick<Reach, "clock">,
): Promise<Answer> {
  const { largest: most = LARGEST_ANSWER, timeout = TIMEOUT, signal } = request;
  const bounds = { most, clock, within: 2 * timeout };
  const bytes = await bytesUpTo(response.body, bounds).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw unanswered(request, error);
  });
  const answer = new Answer(request, response, bytes);
  if (answer.isCut) throw new Passing(request, CUT);
  return answer;
}

const CUT = {
  what: "answered with truncated data that is not JSON",
  hint: "check whether the server or a proxy in front of it truncates responses",
};

/** Of a server that is busy, restarting or overrun; 499 is what Rekor answers when another request was aborted. */
const PASSING = new Set([408, 425, 429, 499]);
const LASTING = new Set([501, 505]);

function throwPassing(request: Exchange, answer: Answer, wait: number | undefined): void {
  const { status, said } = answer;
  const { server } = request;
  const limited =
    status === 429 ||
    (status === 403 && (wait !== undefined || server.limits?.test(said) === true));
  if (!limited && !PASSING.has(status) && (status < 500 || LASTING.has(status))) return;
  const trouble = status >= 500 ? "the server reports an error: " : "";
  const failure = { what: `answered ${status}`, said, hint: `${trouble}${server.again}`, status };
  throw new Passing(request, failure, { wait, limited });
}

/** undici's own words name the header and neither the fault nor the cure. */
function assertSendable(request: Exchange): void {
  const { headers = {}, server } = request;
  for (const [name, value] of Object.entries(headers)) {
    const fault = faultOf(value);
    if (fault === undefined) continue;
    const secret = server.secrets.some((one) => value.includes(one.reveal()));
    const thing = secret ? "the token" : `the header ${name}`;
    throw serverProblem(request, {
      what: "cannot be called",
      said: `${thing} holds ${fault}`,
      hint: `store ${secret ? "it" : "its value"} again without it, e.g. with \`printf %s\` instead of \`echo\``,
    });
  }
}

/** What RFC 9110 §5.5 does not let into the value of a header. */
function faultOf(value: string): string | undefined {
  if (/[\r\n]/u.test(value)) return "a line break";
  if (/[^\t\u0020-\u007e\u0080-\u00ff]/u.test(value))
    return "a character that is not allowed in a header";
  return undefined;
}
