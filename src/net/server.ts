import { Problem } from "../model/problem.ts";
import type { Secret } from "../model/secret.ts";

/** A server as people know it, and what they read when it fails. */
export interface Server {
  /** e.g. `GitHub`. */
  readonly name: string;
  /** The code of every problem with it, e.g. `github-unavailable`. */
  readonly code: string;
  /** What to do once it answers again, e.g. `run it again: what was uploaded is kept`. */
  readonly again: string;
  /** What no message may contain, whatever the server repeats. */
  readonly secrets: readonly Secret[];
  /** What a 403 says that is a rate limit. */
  readonly limits?: RegExp;
}

/** What a request was about: who was asked, where, and for what. */
export interface Asked {
  readonly server: Server;
  readonly url: string;
  /** For people, e.g. `reading the release v1.2.3`. */
  readonly doing?: string;
}

/** What came of it. */
export interface ServerFailure {
  /** Of the server, e.g. `answered 502`. */
  readonly what: string;
  /** In its own words, or the system's. */
  readonly said?: string | undefined;
  readonly hint: string;
  readonly status?: number;
  readonly cause?: unknown;
  /** Whether a later try may be better. */
  readonly mayPass?: boolean;
}

/** A failure that a server is to blame for. */
export class ServerProblem extends Problem {
  readonly status: number | undefined;
  /** Whether a later run may meet it no more: the server was busy, did not answer, or broke off. */
  readonly mayPass: boolean;

  constructor(code: string, message: string, failure: Omit<ServerFailure, "what">) {
    const { hint, status, cause, mayPass = false } = failure;
    super(code, message, { hint, cause });
    this.status = status;
    this.mayPass = mayPass;
  }
}

/** A failure of a server that trying again does not help against. It names the server, the cause and the cure. */
export function serverProblem(asked: Asked, failure: ServerFailure): ServerProblem {
  const { what, said = "" } = failure;
  const { server, url, doing } = asked;
  const doer = `${server.name}${URL.canParse(url) ? ` (${plain(new URL(url))})` : ""}`;
  const before = doing === undefined ? "" : `${doing} failed: `;
  const after = said === "" ? "" : `: ${said}`;
  return new ServerProblem(server.code, `${before}${doer} ${what}${after}`, failure);
}

/** A query may be a secret. */
function plain({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/\/$/u, "")}`;
}

/** An answer that cannot be the server's own: a page instead of data, or data of another shape. */
export function oddAnswer(asked: Asked, what: string, said?: string): Problem {
  return serverProblem(asked, {
    what: `answered with ${what}`,
    said,
    hint: "check that the address is the server's and that no login page or proxy answers instead",
  });
}

export interface PassingOptions {
  /** Milliseconds that the server asks to be left alone. */
  readonly wait?: number | undefined;
  /** Asked too often; then nothing of what was asked has been done. */
  readonly limited?: boolean;
  /** Milliseconds after which no more tries are made. */
  readonly within?: number;
  /** What is thrown instead when every try failed. */
  readonly final?: unknown;
}

/** A failure that may be gone at the next try. Whether what was asked has been done is not known. */
export class Passing extends ServerProblem {
  override readonly name = "Passing";
  readonly options: PassingOptions;
  readonly #asked: Asked;
  readonly #failure: ServerFailure;

  constructor(asked: Asked, failure: ServerFailure, options: PassingOptions = {}) {
    const { code, message } = serverProblem(asked, failure);
    super(code, message, { ...failure, mayPass: true });
    this.options = options;
    this.#asked = asked;
    this.#failure = failure;
  }

  /** What is thrown in the end. */
  inVain(tries: number): unknown {
    return this.options.final ?? this.#but(tries > 1 ? ` in ${tries} tries` : "");
  }

  /** What is thrown when the server wants to be left alone for longer than `patience`, in milliseconds. */
  tooLong(patience: number): Problem {
    const minutes = Math.ceil(patience / 60_000);
    return this.#but(` and asks for longer waits than the maximum of ${minutes} minutes`);
  }

  #but(more: string): Problem {
    const { what, ...others } = this.#failure;
    return serverProblem(this.#asked, { ...others, what: `${what}${more}`, mayPass: true });
  }
}
