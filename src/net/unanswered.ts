import { Problem } from "../model/problem.ts";
import { systemProblem } from "../world/errors.ts";
import { TooLarge } from "./body.ts";
import { type Asked, Passing, type ServerFailure, serverProblem } from "./server.ts";
import { plainWords } from "./words.ts";

/** Why no answer came. */
interface Reason {
  /** Of the error's code; where it has none, of its message. */
  readonly fits: RegExp;
  readonly what: string;
  readonly hint: string;
  /** Milliseconds of tries; 0 for what never passes, absent for what the policy's tries are worth. */
  readonly within?: number;
}

const HALF_A_MINUTE = 30_000;
const REACHABLE =
  "see whether it is up and reachable from here (address, port, firewall, HTTPS_PROXY, NO_PROXY)";
const CERTIFICATE =
  "name the file with its authority's certificate in NODE_EXTRA_CA_CERTS before this program starts; a GitLab job has one in CI_SERVER_TLS_CA_FILE when its instance needs it";

/** Read from the top: the first row that fits. What is in no row passes. */
const reasons: readonly Reason[] = [
  {
    fits: /^(ENOTFOUND|EAI_\w+)$/u,
    what: "cannot be found by its name",
    hint: "check the address, and the DNS of this machine; where only a proxy leads out, name it in HTTPS_PROXY",
    within: HALF_A_MINUTE,
  },
  {
    fits: /^(ECONNREFUSED|E(HOST|NET)(UNREACH|DOWN)|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT)$|^connect E/u,
    what: "cannot be reached",
    hint: REACHABLE,
    within: HALF_A_MINUTE,
  },
  {
    fits: /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/u,
    what: "has a certificate that is not valid now",
    hint: "renew the server's certificate, or set the clock of this machine",
    within: 0,
  },
  {
    fits: /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH|UND_ERR_PRX_TLS)$/u,
    what: "has a certificate for another name",
    hint: "name the server as its certificate does",
    within: 0,
  },
  {
    fits: /CERT|UNABLE_TO_|certificate/u,
    what: "has a certificate that is not trusted",
    hint: CERTIFICATE,
    within: 0,
  },
  {
    fits: /^(ERR_SSL_\w+|EPROTO)$/u,
    what: "does not speak TLS as it should",
    hint: "see whether its address begins with http://, and whether the port is the right one",
    within: 0,
  },
  {
    fits: /^HPE_/u,
    what: "does not speak HTTP",
    hint: "see whether its address and port are right, and whether they are reached over https://",
    within: HALF_A_MINUTE,
  },
  {
    fits: /Proxy response \(407\)/u,
    what: "is behind a proxy that wants to know who asks",
    hint: "give the proxy as http://USER:PASSWORD@HOST:PORT in HTTPS_PROXY",
    within: 0,
  },
  {
    fits: /Proxy response \(4\d\d\)/u,
    what: "is not let through by the proxy",
    hint: "allow it there, or name it in NO_PROXY when it is reached without",
    within: 0,
  },
  {
    fits: /^(UND_ERR_INVALID_ARG|ERR_INVALID_URL|ERR_INVALID_CHAR)$/u,
    what: "cannot be asked",
    hint: "check its address and HTTPS_PROXY: both are like https://HOST:PORT",
    within: 0,
  },
];

/**
 * The problem behind a request that got no answer, or not all of one: `Passing` where a later try may be better.
 * Whatever else the request met, a full disk or a problem with its own bytes, comes back as that.
 */
export function unanswered(asked: Asked, error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TooLarge) return tooLarge(asked, error);
  const { code, message } = detailsOf(error);
  const reason = reasons.find(({ fits }) => fits.test(code) || fits.test(message));
  const system = reason === undefined ? systemProblem(error) : undefined;
  if (system !== undefined) return system;
  const { what = "did not answer", hint = REACHABLE, within } = reason ?? {};
  const said = plainWords(message, asked.server);
  // An error that quotes a secret is not kept.
  const cause = message.includes(said) ? error : undefined;
  const failure: ServerFailure = { what, said, hint, cause };
  if (within === 0) return serverProblem(asked, failure);
  const { again } = asked.server;
  const cure = reason === undefined ? `${hint}; ${again}` : hint;
  return new Passing(asked, { ...failure, hint: cure }, within === undefined ? {} : { within });
}

function tooLarge(asked: Asked, { most }: TooLarge): Problem {
  return serverProblem(asked, {
    what: `answered with more than ${most} bytes, which is not what was asked for`,
    hint: "see whether the address is the server's own and no proxy answers in its place",
  });
}

/** An attempt at several addresses has its errors inside, and no message. */
function detailsOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: "", message: String(error) };
  const inner = error instanceof AggregateError ? (error.errors as unknown[])[0] : error.cause;
  const { code = "", message } = error as NodeJS.ErrnoException;
  const deeper = inner === undefined ? undefined : detailsOf(inner);
  return {
    code: code === "" ? (deeper?.code ?? "") : code,
    message: message === "" ? (deeper?.message ?? code) : message,
  };
}
