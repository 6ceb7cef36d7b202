import { Readable } from "node:stream";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Signing } from "../../../src/model/plan.ts";
import { Problem } from "../../../src/model/problem.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { IdentitySource } from "../../../src/model/surroundings.ts";
import { signerFor } from "../../../src/signers/index.ts";
import type { Signer, Subject } from "../../../src/signers/signer.ts";
import { http } from "../../../src/world/node/http.ts";
import { random } from "../../../src/world/node/random.ts";
import type { Http } from "../../../src/world/world.ts";
import { answer, at, drip, first, reset, silent } from "../../support/sigstore/faults.ts";
import { claims, tokenOf } from "../../support/sigstore/identity-tokens.ts";
import { type Sigstore, startSigstore } from "../../support/sigstore/services.ts";

let sigstore: Sigstore;
beforeAll(async () => {
  sigstore = await startSigstore();
});
afterAll(() => sigstore.close());
afterEach(() => {
  sigstore.fault = undefined;
  sigstore.skewCa = 0;
  sigstore.requests.length = 0;
});

const subject: Subject = {
  kind: "file",
  name: "checksums.txt",
  open: () => Readable.from([Buffer.from("abc")]),
};
const REQUEST_TOKEN = "request-token-4f1c";
const token = tokenOf();
/** A clock that does not wait, and remembers how long it should have. */
const pauses: number[] = [];
function clockAt(skew: number) {
  let slept = 0;
  return {
    now: () => Date.now() + skew + slept,
    sleep: async (milliseconds: number) => {
      pauses.push(milliseconds);
      slept += milliseconds;
    },
  };
}
/** The services' own patience would make this slow. */
const hurried: Http = (request) => http({ ...request, timeout: 150 });

interface Setting {
  readonly signing?: Partial<Signing>;
  readonly identity?: IdentitySource;
  readonly skew?: number;
}
async function make({ signing = {}, identity = { kind: "token", token }, skew = 0 }: Setting = {}) {
  const material = { identity, trustedRoot: sigstore.trustedRoot };
  const reach = { http: hurried, clock: clockAt(skew), random };
  return (await signerFor(sigstore.signing(signing), material, reach)) as Signer;
}
function github(): IdentitySource {
  return {
    kind: "github",
    url: `${sigstore.url}/id?api-version=2`,
    token: new Secret(REQUEST_TOKEN),
  };
}

/** The whole of a failure as any sink might print it: message, hint, chain, stack, fields. */
async function failure(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => expect.fail("it did not fail"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Problem);
  const everything = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error);
  for (const secret of [token.reveal(), REQUEST_TOKEN, token.reveal().split(".")[1] as string]) {
    expect(everything).not.toContain(secret);
  }
  return error as Problem;
}
async function signAndVerify(setting: Setting = {}): Promise<void> {
  const signer = await make(setting);
  await signer.verify(subject, await signer.sign(subject));
}

const services = [
  ["Fulcio", /signingCert/, {}],
  ["Rekor", /v1\/log\/entries/, {}],
  ["Rekor", /v2\/log\/entries/, { rekorVersion: 2 }],
  ["the timestamp authority", /timestamp/, {}],
] as const;

describe.each(services)("%s at %s", (name, place, signing) => {
  it.each([
    ["is down", reset, "did not answer in 4 tries", 4],
    ["is silent", silent, "did not answer in 4 tries", 4],
    [
      "answers 503",
      answer(503, '{"message":"overloaded"}'),
      "answered 503 in 4 tries: overloaded",
      4,
    ],
    [
      "answers 429",
      answer(429, "slow down", "text/plain"),
      "answered 429 in 4 tries: slow down",
      4,
    ],
    ["answers 499", answer(499, "{}"), "answered 499 in 4 tries", 4],
    ["answers 400", answer(400, '{"message":"bad thing"}'), "answered 400: bad thing", 1],
    ["answers 404 with a page", answer(404, "<html>nginx</html>", "text/html"), "answered 404", 1],
    ["redirects", answer(302, ""), "answered 302", 1],
    ["echoes the token", answer(400, `{"message":"bad token ${token.reveal()}"}`), "***", 1],
    ["answers a page", answer(200, "<html>", "text/html"), "answered with", 1],
    ["answers half", answer(201, '{"a":'), "answered with truncated data that is ", 4],
    ["answers other JSON", answer(201, '{"a":{"b":1}}'), "answered with", 1],
  ])("%s: says so", async (_what, fault, words, tries) => {
    sigstore.fault = at(place, fault);
    const problem = await failure(signAndVerify({ signing }));
    expect(problem.message).toContain(words);
    if (words !== "***") expect(problem.message).toContain(name);
    expect(problem.hint).toBeTruthy();
    expect(sigstore.requests.filter((one) => place.test(one))).toHaveLength(tries);
  });

  it.each([
    ["two resets", first(2, reset)],
    ["a silence", first(1, silent)],
    ["a 500", first(3, answer(500, "{}"))],
  ])("gets over %s, waiting longer each time", async (_what, fault) => {
    pauses.length = 0;
    sigstore.fault = at(place, fault);
    await signAndVerify({ signing });
    for (const [n, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(375 * 2 ** n);
      expect(pause).toBeLessThanOrEqual(625 * 2 ** n);
    }
    expect(pauses.length).toBeGreaterThan(0);
  });
});

it("waits as long as the service asks, within reason", async () => {
  pauses.length = 0;
  sigstore.fault = at(
    /timestamp/,
    first(1, (_path, _request, response) => {
      response.writeHead(429, { "retry-after": "7" }).end();
      return true;
    }),
  );
  await signAndVerify();
  expect(pauses).toHaveLength(1);
  expect(pauses[0]).toBeGreaterThan(6900);
  expect(pauses[0]).toBeLessThanOrEqual(8000);
});

it("gives up on an answer that never ends", async () => {
  sigstore.fault = at(/signingCert/, drip);
  const start = Date.now();
  const clock = { ...clockAt(0), now: () => start + (Date.now() - start) * 500 };
  const material = {
    identity: { kind: "token", token },
    trustedRoot: sigstore.trustedRoot,
  } as const;
  const signer = (await signerFor(sigstore.signing(), material, {
    http: hurried,
    clock,
    random,
  })) as Signer;
  const problem = await failure(signer.sign(subject));
  expect(problem.message).toContain("did not answer in 4 tries: the answer does not end");
});

it("stops at once when the run is aborted", async () => {
  const abort = new AbortController();
  sigstore.fault = at(/signingCert/, () => {
    abort.abort(new Error("stop"));
    return true;
  });
  const signer = await make();
  await expect(signer.sign(subject, abort.signal)).rejects.toThrow("stop");
  expect(sigstore.requests).toHaveLength(1);
});

describe("Rekor", () => {
  it("v1 has the entry already after a lost answer: it is fetched", async () => {
    // The entry is written, the answer is lost, the next try is told 409.
    let lost = false;
    sigstore.fault = at(/v1\/log\/entries$/, (_path, _request, response) => {
      if (lost) return false;
      lost = true;
      response.end = () => {
        response.socket?.destroy();
        return response;
      };
      return false;
    });
    await signAndVerify();
    expect(
      sigstore.requests.filter((one) => one.startsWith("GET /api/v1/log/entries/")),
    ).toHaveLength(1);
  });

  it("v2 has the signature already: another one is made", async () => {
    sigstore.fault = at(/v2\/log\/entries/, first(1, answer(409, '{"message":"with index 13"}')));
    await signAndVerify({ signing: { rekorVersion: 2 } });
    sigstore.fault = at(/v2\/log\/entries/, answer(409, '{"message":"with index 13"}'));
    const problem = await failure(signAndVerify({ signing: { rekorVersion: 2 } }));
    expect(problem.message).toContain("already contains this signature");
  });

  it("answers 409 without a place", async () => {
    sigstore.fault = at(/v1\/log\/entries/, answer(409, "{}"));
    expect((await failure(signAndVerify())).message).toContain("409 without the location");
  });
});

describe("what comes back is not believed", () => {
  it("an expired certificate does not pass the gate", async () => {
    sigstore.skewCa = -3_600_000;
    expect((await failure(signAndVerify())).message).toMatch(/is not valid: .*certificate/i);
  });

  it.each([
    ["log entry", /v1\/log\/entries/],
    ["certificate", /signingCert/],
    ["timestamp", /timestamp/],
  ])("another's %s does not pass", async (_what, place) => {
    const other = await startSigstore();
    const body = async (path: string, text: string) =>
      Buffer.from(
        await (await fetch(`${other.url}${path}`, { method: "POST", body: text })).arrayBuffer(),
      );
    sigstore.fault = at(place, (path, request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", async () => {
        response.writeHead(201).end(await body(path, Buffer.concat(chunks).toString()));
      });
      return true;
    });
    expect((await failure(signAndVerify())).code).toBe("verify");
    await other.close();
  });
});

describe("the identity", () => {
  const malformed = (text: string): IdentitySource => ({ kind: "token", token: new Secret(text) });
  it.each([
    ["no JWT", malformed("nonsense"), "not a JSON Web Token"],
    ["no JSON", malformed("a.b.c"), "not a JSON object"],
    ["no subject", { kind: "token", token: tokenOf({ sub: undefined }) }, "no subject"],
    [
      "an unverified address",
      { kind: "token", token: tokenOf({ email: "a@b.c" }) },
      "not verified",
    ],
    [
      "an issuer that is no URL",
      { kind: "token", token: tokenOf({ iss: "github", job_workflow_ref: "o/r/w.yml@v1" }) },
      "issuer is not a URL",
    ],
    ["an impossible expiry", { kind: "token", token: tokenOf({ exp: -1e20 }) }, "no expiry"],
    [
      "another audience",
      { kind: "token", token: tokenOf({ aud: "vault" }) },
      "for the audience vault",
    ],
    [
      "an expired token",
      { kind: "token", token: tokenOf({ exp: 1_700_000_000 }) },
      "expired at 2023-11-14",
    ],
  ] as [string, IdentitySource, string][])(
    "has %s: says so before anything is built",
    async (_what, identity, words) => {
      const problem = await failure((await make({ identity })).check());
      expect(problem.message).toContain(words);
      expect(sigstore.requests).toEqual([]);
    },
  );

  it("names the lines to add when GitHub refuses", async () => {
    sigstore.fault = at(/\/id/, answer(403, "{}"));
    const problem = await failure((await make({ identity: github() })).check());
    expect(problem.hint).toContain("id-token: write");
  });

  it("names GitLab's lines when the audience is wrong", async () => {
    const identity = { kind: "token", token: tokenOf({ aud: "vault" }) } as const;
    expect((await failure((await make({ identity })).check())).hint).toContain(
      "SIGSTORE_ID_TOKEN:\n    aud: sigstore",
    );
  });

  it("asks GitHub for the audience with the request token", async () => {
    let asked: string | undefined;
    sigstore.fault = at(/\/id/, (path, request, response) => {
      asked = `${path} ${request.headers.authorization}`;
      response.end(JSON.stringify({ value: token.reveal() }));
      return true;
    });
    await signAndVerify({ identity: github() });
    expect(asked).toBe(`/id?api-version=2&audience=sigstore Bearer ${REQUEST_TOKEN}`);
  });

  it("of an issuer that this Fulcio does not know is refused by name", async () => {
    const known = (issuer: object) =>
      at(/configuration/, answer(200, JSON.stringify({ issuers: [issuer] })));
    sigstore.fault = known({ issuerUrl: "https://gitlab.com" });
    expect((await failure((await make()).check())).message).toContain(
      `does not accept the issuer ${claims.iss}`,
    );
    sigstore.fault = known({ wildcardIssuerUrl: "https://token.*.githubusercontent.com" });
    await (await make()).check();
  });
});

describe("a clock that is an hour off", () => {
  it.each([-3_600_000, 3_600_000])(
    "by %d ms does not keep GitHub's token from signing",
    async (skew) => {
      sigstore.fault = at(/\/id/, answer(200, JSON.stringify({ value: token.reveal() })));
      await signAndVerify({ identity: github(), skew });
      expect(sigstore.requests.filter((one) => one.includes("signingCert"))).toHaveLength(1);
    },
  );

  it("is named when it makes a token look expired", async () => {
    const problem = await failure((await make({ skew: 3_600_000 })).check());
    expect(problem.message).toContain("this machine's clock says");
  });
});
