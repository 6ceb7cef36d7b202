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
  "check that it is up and reachable from here (address, port, firewall, HTTPS_PROXY, NO_PROXY)";
const CERTIFICATE =
  "set NODE_EXTRA_CA_CERTS to the file with its CA certificate before this program starts; a GitLab job has that path in CI_SERVER_TLS_CA_FILE if its instance needs it";

/** Read from the top: the first row that fits. What is in no row passes. */
const reasons: readonly Reason[] = [
  {
    fits: /^(ENOTFOUND|EAI_\w+)$/u,
    what: "cannot be resolved by DNS",
    hint: "check the address and this machine's DNS; if the network is only reachable through a proxy, set HTTPS_PROXY",
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
    what: "has a certificate that is expired or not yet valid",
    hint: "renew the server's certificate, or correct the clock of this machine",
    within: 0,
  },
  {
    fits: /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH|UND_ERR_PRX_TLS)$/u,
    what: "has a certificate for another name",
    hint: "use the host name that its certificate is for",
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
    what: "does not speak TLS correctly",
    hint: "check whether its address should begin with http://, and that the port is correct",
    within: 0,
  },
  {
    fits: /^HPE_/u,
    what: "does not speak HTTP",
    hint: "check that its address and port are correct, and whether it needs https://",
    within: HALF_A_MINUTE,
  },
  {
    fits: /Proxy response \(407\)/u,
    what: "is behind a proxy that requires authentication",
    hint: "give the proxy as http://USER:PASSWORD@HOST:PORT in HTTPS_PROXY",
    within: 0,
  },
  {
    fits: /Proxy response \(4\d\d\)/u,
    what: "is blocked by the proxy",
    hint: "allow it there, or add it to NO_PROXY if it is reachable without a proxy",
    within: 0,
  },
  {
    fits: /^(UND_ERR_INVALID_ARG|ERR_INVALID_URL|ERR_INVALID_CHAR)$/u,
    what: "cannot be called",
    hint: "check its address and HTTPS_PROXY: both look like https://HOST:PORT",
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
    what: `answered with more than ${most} bytes, more than expected`,
    hint: "check that the address is the server's and that no proxy answers instead",
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
