import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Fault as ForgeFault, scripted } from "../faults.ts";
import { answer, at, echo, reset, silent } from "../sigstore/faults.ts";
import { tokenOf } from "../sigstore/identity-tokens.ts";
import { type Fault, startSigstore } from "../sigstore/services.ts";
import type { Bench, RunOptions } from "./bench.ts";
import { TAG } from "./project.ts";

/** One way in which a whole run can fail. */
export interface Failure {
  readonly what: string;
  /** Brings it about; gives what the run must be started with. */
  readonly arrange: (bench: Bench) => RunOptions | Promise<RunOptions>;
  /** Takes away what is more than a fault of a server. */
  readonly mend?: (bench: Bench) => void;
  /** Whether the suite also runs it again; a campaign always does. */
  readonly again?: true;
  /** What the message says. */
  readonly words: string;
  /** What the cure says. */
  readonly cure: string;
}

const services = [
  ["Fulcio", /signingCert/u, "INPUT_FULCIO-URL"],
  ["Rekor", /log\/entries/u, "INPUT_REKOR-URL"],
  ["the timestamp authority", /timestamp/u, "INPUT_TSA-URL"],
] as const;
const issuer = ["GitHub's identity service", /idtoken/u] as const;

const kinds: readonly (readonly [what: string, fault: Fault, words: string, cure: string])[] = [
  ["cuts the connection", reset, "did not answer in 4 tries", "run it again"],
  [
    "answers 503",
    answer(503, '{"message":"busy"}'),
    "answered 503 in 4 tries: busy",
    "run it again",
  ],
  ["echoes in a 500", echo(500), "answered 500 in 4 tries: refused", "run it again"],
  ["answers 400", answer(400, '{"message":"bad"}'), "answered 400: bad", ""],
  ["answers 403", answer(403, '{"message":"no"}'), "answered 403: no", ""],
  ["echoes in a 400", echo(400), "answered 400: refused", ""],
  ["answers rubbish", answer(200, "<html>"), "answered with truncated data", "proxy"],
  [
    "answers half of its JSON",
    answer(201, '{"value":{"chain'),
    "truncated data that is not JSON",
    "proxy",
  ],
  ["answers other JSON", answer(201, '{"a":{"b":1}}'), "answered with", ""],
];

const ofServices = [...services, issuer].flatMap(([name, place]) =>
  kinds.map(
    ([what, fault, words, cure]): Failure => ({
      what: `${name} ${what}`,
      arrange: ({ sigstore }) => {
        sigstore.fault = at(place, fault);
        return {};
      },
      ...(fault === reset ? { again: true } : {}),
      words: name === issuer[0] && what === "answers other JSON" ? "without a token" : words,
      cure,
    }),
  ),
);

const down = services.map(
  ([name, , input]): Failure => ({
    what: `${name} is not there`,
    // The discard service: nobody listens.
    arrange: () => ({ env: { [input]: "http://127.0.0.1:9" } }),
    words: `${name} (http://127.0.0.1:9`,
    cure: "reachable from here",
  }),
);

/** A service's whole patience is waited for: up to two minutes each. */
export const slowFailures: readonly Failure[] = [...services, issuer].map(([name, place]) => ({
  what: `${name} says nothing`,
  arrange: ({ sigstore }) => {
    sigstore.fault = at(place, silent);
    return {};
  },
  words: "did not answer in 4 tries",
  cure: "run it again",
}));

function issued(claims: Record<string, unknown>) {
  return (bench: Bench) => {
    const token = tokenOf(claims).reveal();
    bench.secrets.add("a token that cannot be used", token);
    bench.sigstore.fault = at(issuer[1], answer(200, JSON.stringify({ value: token })));
    return {};
  };
}

const ofIdentity: readonly Failure[] = [
  {
    what: "the token is for another audience",
    arrange: issued({ aud: "vault" }),
    words: "for the audience vault",
    cure: "id-token: write",
  },
  {
    what: "the token has no subject",
    arrange: issued({ sub: "" }),
    words: "it has no subject",
    cure: "as the CI system",
  },
  {
    what: "the token is none",
    arrange: ({ secrets, sigstore }) => {
      secrets.add("a token that is none", "not-a-token-3b8e1d");
      sigstore.fault = at(issuer[1], answer(200, '{"value":"not-a-token-3b8e1d"}'));
      return {};
    },
    words: "not a JSON Web Token",
    cure: "as the CI system",
  },
  {
    what: "no token is offered",
    arrange: () => ({ env: { INPUT_SIGN: "keyless", ACTIONS_ID_TOKEN_REQUEST_URL: undefined } }),
    words: "no identity token is available in this run",
    cure: "id-token: write",
  },
];

function keyFailure(what: string, key: () => string, words: string, cure: string): Failure {
  return {
    what,
    arrange: ({ secrets }) => {
      const given = key();
      secrets.add("the key", given);
      secrets.add("the password", "wrong-password-91c2");
      return {
        env: {
          INPUT_SIGN: "key",
          COSIGN_PRIVATE_KEY: given,
          COSIGN_PASSWORD: "wrong-password-91c2",
          "INPUT_FULCIO-URL": undefined,
        },
      };
    },
    words,
    cure,
  };
}

function pem(label: string, body: string): string {
  return `-----BEGIN ${label}-----\n${Buffer.from(body).toString("base64").replace(/.{64}/gu, "$&\n")}\n-----END ${label}-----\n`;
}
/** A key of the right shape whose contents no password opens. */
const sealed = JSON.stringify({
  kdf: {
    name: "scrypt",
    params: { N: 32768, r: 8, p: 1 },
    salt: Buffer.alloc(32, 1).toString("base64"),
  },
  cipher: { name: "nacl/secretbox", nonce: Buffer.alloc(24, 2).toString("base64") },
  ciphertext: Buffer.alloc(160, 3).toString("base64"),
});

const ofKeys: readonly Failure[] = [
  keyFailure(
    "the password is wrong",
    () => pem("ENCRYPTED SIGSTORE PRIVATE KEY", sealed),
    "COSIGN_PASSWORD",
    "",
  ),
  keyFailure(
    "the key is corrupted",
    () => pem("ENCRYPTED SIGSTORE PRIVATE KEY", "secret but no JSON, 77ab12cd34ef"),
    "key",
    "",
  ),
  keyFailure(
    "the key is of another type",
    () =>
      generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    "d25519",
    "",
  ),
  keyFailure(
    "the key is no key and no file",
    () => "hunter2hunter2hunter2",
    "neither PEM text nor a readable file",
    "COSIGN_PRIVATE_KEY",
  ),
  keyFailure(
    "the key has lost its PEM, and is longer than a path may be",
    () =>
      generateKeyPairSync("rsa", { modulusLength: 2048 })
        .privateKey.export({ type: "pkcs8", format: "der" })
        .toString("base64"),
    "neither PEM text nor a readable file",
    "COSIGN_PRIVATE_KEY",
  ),
];

const anotherRoot: Failure = {
  again: true,
  what: "what was signed does not verify",
  arrange: async ({ folder }) => {
    const other = await startSigstore();
    await other.close();
    const path = join(folder, "another_root.json");
    writeFileSync(path, other.trustedRoot);
    return { env: { "INPUT_TRUSTED-ROOT": path } };
  },
  words: "is not valid",
  cure: "",
};

const compileError: Failure = {
  again: true,
  what: "the code does not compile",
  arrange: ({ project, github }) => {
    project.moveTag({ "broken.go": 'package main\n\nvar broken int = "text"\n' });
    github.tags.set(TAG, project.head);
    return {};
  },
  mend: ({ project, github }) => {
    project.moveTag({ "broken.go": "package main\n" });
    github.tags.set(TAG, project.head);
  },
  words: "cannot use",
  cure: "fix what the compiler reports",
};

function ofForge(
  what: string,
  fault: ForgeFault,
  where: { method?: string; path?: RegExp },
  words: string,
  cure: string,
): Failure {
  return {
    what,
    arrange: ({ github }) => {
      github.server.faults = scripted({ fault, times: 1000, ...where });
      return {};
    },
    ...(where.method === undefined ? {} : { again: true }),
    words,
    cure,
  };
}

const upload = { method: "POST", path: /\/assets$/u };
const reveal = { method: "PATCH", path: /\/releases\/\d+$/u };
const ofForges: readonly Failure[] = [
  ofForge("the forge does not know the token", "401", {}, "does not accept the token", "token"),
  ofForge("the token may not write", "403", {}, "has no permission to write", "contents: write"),
  ofForge(
    "the token may not upload",
    "403",
    upload,
    "has no permission to write",
    "contents: write",
  ),
  ofForge(
    "the token may not publish",
    "403",
    reveal,
    "has no permission to write",
    "contents: write",
  ),
  ofForge("the forge echoes the token", "echo", {}, "not with", "contents: write"),
  ofForge("the forge echoes the token at an upload", "echo", upload, "not with", "contents: write"),
];

export const failures: readonly Failure[] = [
  ...ofServices,
  ...down,
  ...ofIdentity,
  ...ofKeys,
  anotherRoot,
  compileError,
  ...ofForges,
];
