import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Forge } from "../../../src/forges/forge.ts";
import { downloads } from "../../../src/forges/index.ts";
import { installGo } from "../../../src/go/install.ts";
import { Problem } from "../../../src/model/problem.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { IdentitySource } from "../../../src/model/surroundings.ts";
import { signerFor } from "../../../src/signers/index.ts";
import type { Signer } from "../../../src/signers/signer.ts";
import { http as network } from "../../../src/world/node/http.ts";
import { random } from "../../../src/world/node/random.ts";
import type { Clock, Http } from "../../../src/world/world.ts";
import { asset, release } from "../../support/assets.ts";
import { destination, gitHubBench } from "../../support/github/bench.ts";
import { gitLabBench } from "../../support/gitlab/bench.ts";
import { clientOf, jobToken, privateToken } from "../../support/gitlab/client.ts";
import { noting, oddAt, oddities } from "../../support/odd-servers.ts";
import { type Sigstore, startSigstore } from "../../support/sigstore/services.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { digests, ship, type Visible } from "../../unit/forges/contract.ts";
import { replay } from "../traces/replay.ts";
import { succeeded } from "../traces/runs.ts";

/** What talks to a server: throws when it is refused, and when what it made is not what it should be. */
interface Client {
  readonly of: string;
  /** The name by which people are told of the server. */
  readonly server: RegExp;
  readonly talk: (through: Through) => Promise<unknown>;
  /** Hours that everything may take, waits for rate limits included (default 6). */
  readonly hours?: number;
}

/** The way to the server, and the time on it. */
interface Through {
  readonly clock: VirtualClock;
  readonly odd: (http: Http) => Http;
}

const sums = asset("checksums.txt.sigstore.json", "{}", "signature");
const proof = asset("provenance.sigstore.json", '{"dsseEnvelope":{}}', "provenance");
const files = [asset("age_linux.tar.gz", "linux"), sums, proof];
const others = [asset("age_linux.tar.gz", "linux, built again"), sums, proof];

/** A release is made, and made otherwise. */
async function releaseTwice(client: (replace: boolean) => Forge, seen: () => Visible) {
  const forge = client(false);
  await forge.check(release);
  const staged = await forge.stage(release);
  for (const one of files) await staged.put(one);
  await staged.publish(files);
  expect(seen()).toEqual(digests(files));
  await (await client(true).stage(release)).existing(sums.name);
  await ship(client(true), others);
  expect(seen()).toEqual(digests(others));
}

/** One that tells no digests: what is there is read back. */
async function onGitHub({ odd, clock }: Through): Promise<void> {
  const bench = await gitHubBench(clock, odd);
  bench.fake.settings.digests = false;
  try {
    await releaseTwice(
      (replace) => bench.client({ replace }),
      () => bench.visible(),
    );
  } finally {
    await bench.close();
  }
}

async function onGitLab({ odd, clock }: Through, token: Secret, digest: boolean): Promise<void> {
  const bench = await gitLabBench(clock, { digests: digest });
  const options = { token, clock, http: odd(network) };
  try {
    const client = (replace: boolean) => clientOf(bench.fake, { ...options, replace });
    await releaseTwice(client, () => bench.visible());
  } finally {
    await bench.close();
  }
}

async function fromGitHub({ odd, clock }: Through): Promise<void> {
  const bench = await gitHubBench(clock);
  try {
    await ship(bench.client(), files);
    const from = {
      destination: destination(bench.fake, false),
      token: new Secret(bench.fake.token),
    };
    await fetchAll("github", from, { odd, clock });
  } finally {
    await bench.close();
  }
}

async function fromGitLab({ odd, clock }: Through): Promise<void> {
  const bench = await gitLabBench(clock);
  const { apiUrl, project } = bench.fake;
  try {
    await ship(bench.client(), files);
    const from = { destination: { apiUrl, repository: project.options.path }, token: jobToken };
    await fetchAll("gitlab", from, { odd, clock });
  } finally {
    await bench.close();
  }
}

async function fetchAll(
  forge: keyof typeof downloads,
  from: Pick<Parameters<(typeof downloads)["github"]>[0], "destination" | "token">,
  { odd, clock }: Through,
): Promise<void> {
  const reach = { http: odd(network), clock, random };
  const list = await downloads[forge]({ ...from, tag: "v1.0.0", reach });
  if ("missing" in list) throw new Problem("download", list.missing, { hint: "look elsewhere" });
  expect(list.files).toHaveLength(files.length);
  // What comes is judged by `verify`.
  for (const file of list.files) await file.save(() => new PassThrough().resume());
}

let sigstore: Sigstore;
beforeAll(async () => {
  sigstore = await startSigstore();
});
afterAll(() => sigstore.close());

async function signing({ odd, clock }: Through, rekorVersion: 1 | 2): Promise<void> {
  const { url, token } = sigstore.offer;
  const identity: IdentitySource = { kind: "github", url, token: new Secret(token) };
  const signer = (await signerFor(
    sigstore.signing({ rekorVersion }),
    { identity, trustedRoot: sigstore.trustedRoot },
    { http: odd(network), clock: fromNow(clock), random },
  )) as Signer;
  const subject = { kind: "file", name: sums.name, open: sums.open } as const;
  await signer.check();
  await signer.verify(subject, await signer.sign(subject));
}

/** Certificates are of this hour. */
function fromNow(clock: VirtualClock): Clock {
  const ahead = Date.now() - clock.now();
  return { now: () => clock.now() + ahead, sleep: (time, signal) => clock.sleep(time, signal) };
}

async function installing({ odd, clock }: Through): Promise<string> {
  const index = JSON.stringify([
    {
      version: "go1.26.8",
      files: [{ filename: "go.tar.gz", os: "linux", arch: "amd64", kind: "archive", sha256: "aa" }],
    },
  ]);
  const http: Http = async () => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: new PassThrough().end(index),
  });
  const machine = { cores: 1, memory: 1, platform: "linux", arch: "x64" };
  const world = { http: odd(http), clock, random, machine, install: async () => "/go" };
  return await installGo("1.26.8", world);
}

/** Whatever the collector does, the run is told and goes on. */
async function tracing({ odd }: Through): Promise<void> {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
    OTEL_EXPORTER_OTLP_TIMEOUT: "50",
  };
  const taken: Http = async () => ({ status: 200, headers: {}, body: new PassThrough().end() });
  const warnings = await replay(succeeded, env, { http: odd(taken) });
  if (warnings.length > 0) throw new Problem("trace", warnings.join("\n"), { hint: "none" });
}

const clients: readonly Client[] = [
  {
    of: "a release on GitHub",
    server: /GitHub|octo\/age/u,
    talk: (way) => onGitHub(way),
  },
  { of: "a release on GitLab", server: /GitLab/u, talk: (way) => onGitLab(way, jobToken, true) },
  {
    of: "a release on a GitLab that tells no digests",
    server: /GitLab/u,
    talk: (way) => onGitLab(way, privateToken, false),
  },
  { of: "a download from GitHub", server: /GitHub|the server/u, talk: fromGitHub },
  { of: "a download from GitLab", server: /GitLab|the server/u, talk: fromGitLab },
  {
    of: "a signature in Rekor v1",
    server: /Fulcio|Rekor|timestamp|identity/u,
    talk: (way) => signing(way, 1),
  },
  {
    of: "a signature in Rekor v2",
    server: /Fulcio|Rekor|timestamp|identity/u,
    talk: (way) => signing(way, 2),
  },
  { of: "Go's index of releases", server: /go\.dev/u, talk: installing },
  // Its clock is the real one.
  { of: "a trace", server: /the collector/u, talk: tracing, hours: Number.POSITIVE_INFINITY },
];

async function outcomeOf(client: Client, odd: (http: Http) => Http, clock = new VirtualClock()) {
  const start = clock.now();
  const error: unknown = await client.talk({ odd, clock }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect((clock.now() - start) / 3_600_000).toBeLessThan(client.hours ?? 6);
  return error;
}

/** `ODD_SERVERS=all` tries every oddity at every route; else at the first one and at one of the others. */
function routesFor(routes: readonly string[], oddity: string): readonly string[] {
  if (process.env["ODD_SERVERS"] === "all" || routes.length < 2) return routes;
  const [first = "", ...others] = routes;
  return [first, others[Object.keys(oddities).indexOf(oddity) % others.length] ?? first];
}

describe.each(clients)("$of", (client) => {
  const routes = new Set<string>();
  beforeAll(async () => {
    expect(await outcomeOf(client, (http) => noting(http, routes))).toBeUndefined();
    expect(routes.size).toBeGreaterThan(0);
  });

  it.each(Object.entries(oddities))(
    "meets %s: no bug of ours",
    { timeout: 600_000 },
    async (name, oddity) => {
      const said: string[] = [];
      for (const route of routesFor([...routes], name)) {
        const clock = new VirtualClock();
        const error = await outcomeOf(client, (http) => oddAt(http, clock, route, oddity), clock);
        if (error === undefined) continue;
        expect(error, route).toBeInstanceOf(Problem);
        const { message, hint, cause } = error as Problem;
        said.push(`${route}: ${message} ${cause instanceof Error ? cause.message : ""} → ${hint}`);
        expect(hint, said.at(-1)).toBeTruthy();
      }
      if (process.env["SHOW"] !== undefined) console.log(said.join("\n"));
      if (said.length > 0) expect(said.join("\n")).toMatch(client.server);
    },
  );
});
