import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import * as z from "zod/mini";
import { ownerAndName } from "../../forges/github/request.ts";
import { GITHUB_PATIENCE, githubServer, USER_AGENT } from "../../forges/github/server.ts";
import { Problem } from "../../model/problem.ts";
import { Secret } from "../../model/secret.ts";
import { type Answer, exchange, type Reach } from "../../net/exchange.ts";
import { retry } from "../../net/retry.ts";
import { ADVICE } from "./refusals.ts";

/** A GitHub App that is installed where a channel lies. */
export interface GitHubApp {
  /** Its App ID or client ID. */
  readonly id: string;
  /** PEM, as GitHub gives it out. */
  readonly privateKey: Secret;
}

/** What a token of an installation is for. */
export interface InstallationScope {
  readonly app: GitHubApp;
  /** `owner/name`, the only repository that it reaches. */
  readonly repository: string;
  readonly apiUrl: string;
  /** Whether it opens pull requests too. */
  readonly proposes: boolean;
  readonly reach: Reach;
}

const Installation = z.object({ id: z.number() });
const Token = z.object({ token: z.string() });

/**
 * A token of the app's installation on one repository (docs.github.com, "Authenticating as a GitHub App
 * installation"): for an hour, for that repository alone, and for no more than a channel does there. Throws a `Problem`.
 */
export async function installationToken(
  scope: InstallationScope,
  signal?: AbortSignal,
): Promise<Secret> {
  const { repository, proposes } = scope;
  const { owner, repo } = ownerAndName(repository) ?? {};
  if (owner === undefined || repo === undefined) throw noRepository(repository);
  const key = keyOf(scope.app);
  const ask = (method: "GET" | "POST", path: string, json?: unknown) =>
    askAsApp(scope, key, { method, path, json }, signal);
  const found = await ask("GET", `/repos/${owner}/${repo}/installation`);
  if (found.status >= 300) throw refused(scope, found);
  const { id } = found.as(Installation);
  const permissions = { contents: "write", ...(proposes ? { pull_requests: "write" } : {}) };
  const path = `/app/installations/${id}/access_tokens`;
  const made = await ask("POST", path, { repositories: [repo], permissions });
  if (made.status >= 300) throw refused(scope, made);
  return new Secret(made.as(Token).token);
}

/** Takes a token back that is not needed any more; it ends by itself where that fails. */
export async function revokeToken(
  token: Secret,
  { apiUrl, reach }: Pick<InstallationScope, "apiUrl" | "reach">,
  signal?: AbortSignal,
): Promise<void> {
  const server = { ...githubServer(token), again: ADVICE };
  const headers = headersFor(token.reveal());
  const url = `${apiUrl}/installation/token`;
  try {
    await exchange(
      { server, method: "DELETE", url, headers, ...(signal ? { signal } : {}) },
      reach,
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
  }
}

interface AppCall {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly json?: unknown;
}

async function askAsApp(
  { app, apiUrl, reach }: InstallationScope,
  key: KeyObject,
  { method, path, json }: AppCall,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  return await retry(GITHUB_PATIENCE, reach)(async () => {
    const token = webToken(app.id, key, reach.clock.now());
    const server = { ...githubServer(new Secret(token)), again: ADVICE };
    const request = {
      server,
      doing: "asking for a token of the GitHub App",
      method,
      url: `${apiUrl}${path}`,
      headers: headersFor(token),
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...(signal === undefined ? {} : { signal }),
    };
    return await exchange(request, reach);
  }, signal);
}

function headersFor(token: string): Readonly<Record<string, string>> {
  return {
    authorization: `Bearer ${token}`,
    accept: "application/vnd.github+json",
    "content-type": "application/json",
    "user-agent": USER_AGENT,
    "x-github-api-version": "2022-11-28",
  };
}

/** RFC 7519 with RS256; from a minute ago, because clocks differ, and for less than the ten minutes that GitHub takes. */
function webToken(issuer: string, key: KeyObject, now: number): string {
  const at = Math.floor(now / 1000);
  const parts = [
    { alg: "RS256", typ: "JWT" },
    { iat: at - 60, exp: at + 480, iss: issuer },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const text = parts.join(".");
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), key).toString("base64url")}`;
}

/** In a variable of one line the ends of lines are often written as `\n`. */
function keyOf({ privateKey }: GitHubApp): KeyObject {
  try {
    const key = createPrivateKey(privateKey.reveal().replaceAll("\\n", "\n"));
    if (key.asymmetricKeyType === "rsa") return key;
  } catch {
    // What the parser says may hold a part of the key.
  }
  throw new Problem("channel-app-key", "`tap-app-private-key` is no private RSA key", {
    hint: "set GO_RELEASE_TAP_APP_PRIVATE_KEY to the whole .pem file that GitHub gave out for the app, its first and last line too",
  });
}

function noRepository(name: string): Problem {
  return new Problem("channel-repository", `${name} is not owner/name`, {
    hint: "give the repository as OWNER/NAME",
  });
}

interface AppReason {
  readonly status: number;
  readonly words: string;
  readonly hint: string;
}

const reasons: readonly AppReason[] = [
  {
    status: 401,
    words: "it is not accepted: `tap-app-id` and `tap-app-private-key` are not of one app",
    hint: "take both from the settings of one GitHub App: the App ID or client ID, and a private key that was not deleted there",
  },
  {
    status: 403,
    words: "it is suspended, or may not do this",
    hint: "look at the app's installation in the settings of the repository's owner",
  },
  {
    status: 404,
    words: "it is not installed on {repository}",
    hint: "install the app for that repository, in the app's settings under Install App",
  },
  {
    status: 422,
    words: "its installation does not have the permissions for {repository}",
    hint: "give the app “Contents: Read and write”, to propose also “Pull requests: Read and write”, and accept the change where it is installed",
  },
];

function refused({ app, repository }: InstallationScope, { status, said }: Answer): Problem {
  const reason = reasons.find((row) => row.status === status);
  const words = (reason?.words ?? "it was refused").replace("{repository}", repository);
  const says = said === "" ? "" : `: ${said}`;
  return new Problem(
    "channel-app",
    `the GitHub App ${app.id} gets no token for ${repository}: ${words} (GitHub answered ${status}${says})`,
    { hint: reason?.hint ?? "the message names the rule" },
  );
}
