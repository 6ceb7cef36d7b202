import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  obtainTrust,
  publicGoodInstance,
  type SigstoreInstance,
} from "../../../src/signers/trust/obtain.ts";
import { publicGood } from "../../../src/signers/trust/public-good.ts";
import { tufCache } from "../../../src/signers/tuf/cache.ts";
import { node } from "../../../src/world/node.ts";
import type { World } from "../../../src/world/world.ts";
import { temporaryFolder } from "../../support/repository.ts";
import { hasTuf, startTuf, type TufMirror } from "../../support/tuf/mirror.ts";

const ROOT = JSON.stringify(publicGood.root);
const CONFIG = JSON.stringify(publicGood.signingConfig);
const FILES = { "trusted_root.json": ROOT, "signing_config.v0.2.json": CONFIG };

/** Another trusted root, known by its length. */
const NEWER = `${ROOT}\n`;

interface Options {
  readonly folder?: string | undefined;
  readonly offline?: boolean;
  readonly world?: Partial<World>;
}

async function ask(instance: SigstoreInstance, options: Options = {}) {
  const world = { ...(await node()), ...options.world };
  const cache = tufCache(instance.repository.url, options.folder, world.files);
  const { signal } = new AbortController();
  return await obtainTrust(instance, { cache, offline: options.offline ?? false, signal }, world);
}

/** An own instance, which has nothing that came with this program. */
function own({ url, root }: Pick<TufMirror, "url" | "root">): SigstoreInstance {
  return { name: "the own root", repository: { url, root: Buffer.from(root) } };
}

/** One that came with this program, as the public good instance did. */
function known(mirror: Pick<TufMirror, "url" | "root">, expires = "2999-01-01T00:00:00Z") {
  const embedded = {
    trustedRoot: publicGood.root,
    signingConfig: publicGood.signingConfig,
    date: "2026-11-23",
    expires,
  };
  return { ...own(mirror), embedded };
}

const served = describe.skipIf(!hasTuf);

served("a repository of python-tuf", () => {
  it("is read, kept, and read again with what is new alone", async () => {
    const mirror = await startTuf(FILES);
    const folder = temporaryFolder();
    const first = await ask(own(mirror), { folder });
    expect(first.trustedRoot).toBe(ROOT);
    expect(first.services.fulcioUrls).toEqual(["https://fulcio.sigstore.dev"]);
    expect(first.warnings).toEqual([]);
    expect(mirror.asked.length).toBe(6);

    mirror.asked.length = 0;
    expect((await ask(own(mirror), { folder })).trustedRoot).toBe(ROOT);
    expect(mirror.asked).toEqual(["2.root.json", "timestamp.json"]);

    mirror.does(["publish", { "trusted_root.json": NEWER }]);
    expect((await ask(own(mirror), { folder })).trustedRoot).toBe(NEWER);
  });

  it.each(["root", "targets", "snapshot", "timestamp"] as const)(
    "is followed when the key of its %s is rotated, with a cache and without",
    async (role) => {
      const mirror = await startTuf(FILES);
      const folder = temporaryFolder();
      await ask(own(mirror), { folder });
      mirror.does(["rotate", role], ["rotate", role], ["publish", { "trusted_root.json": NEWER }]);
      expect((await ask(own(mirror), { folder })).trustedRoot).toBe(NEWER);
      expect((await ask(own(mirror))).trustedRoot).toBe(NEWER);
    },
  );

  it.each(["root", "targets", "snapshot", "timestamp"] as const)(
    "is refused when its %s has expired",
    async (role) => {
      const mirror = await startTuf(FILES);
      mirror.does(["expire", role]);
      await expect(ask(own(mirror))).rejects.toThrow("json is refused: it has expired");
    },
  );

  it.each(["root", "targets", "snapshot", "timestamp"] as const)(
    "is refused when its %s is forged",
    async (role) => {
      const mirror = await startTuf(FILES);
      mirror.does(["forge", role]);
      // What nobody speaks of is not read; what speaks of it is.
      if (role === "snapshot" || role === "targets") {
        const name = `2.${role}.json`;
        mirror.fault = (path, response) => {
          if (path === name) response.end(mirror.served(`3.${role}.json`));
          return path === name;
        };
      }
      await expect(ask(own(mirror))).rejects.toThrow(
        /json is refused: it is (forged|mixed)|snapshot.json\) answered with more than/u,
      );
    },
  );

  it("is refused when it is rolled back, even to what was signed once", async () => {
    const mirror = await startTuf(FILES);
    const folder = temporaryFolder();
    const old = mirror.served("timestamp.json");
    mirror.does(["publish", { "trusted_root.json": NEWER }]);
    await ask(own(mirror), { folder });
    mirror.fault = (path, response) => {
      if (path === "timestamp.json") response.end(old);
      return path === "timestamp.json";
    };
    const trust = await ask(own(mirror), { folder });
    expect(trust.trustedRoot).toBe(NEWER);
    expect(trust.warnings).toEqual([expect.stringContaining("it is rolled back")]);
  });

  it.each([
    ["snapshot.json", "3.snapshot.json", "2.snapshot.json"],
    ["targets.json", "3.targets.json", "2.targets.json"],
  ])("is refused when %s is another's", async (name, asked, given) => {
    const mirror = await startTuf(FILES);
    mirror.does(["publish", { "trusted_root.json": NEWER }]);
    mirror.fault = (path, response) => {
      if (path === asked) response.end(mirror.served(given));
      return path === asked;
    };
    await expect(ask(own(mirror))).rejects.toThrow(`${name} is refused: it is mixed with others`);
  });

  it("is refused when a file is not the one that was signed", async () => {
    const mirror = await startTuf(FILES);
    mirror.fault = (path, response) => {
      const is = path.endsWith("trusted_root.json");
      if (is) response.end(ROOT.replace("fulcio.sigstore.dev", "fulcio.sigstore.evi"));
      return is;
    };
    await expect(ask(own(mirror))).rejects.toThrow("trusted_root.json is refused: it is mixed");
  });

  it.each(["2.root.json", "timestamp.json", "2.snapshot.json"])(
    "is refused when %s has no end",
    async (name) => {
      const mirror = await startTuf(FILES);
      mirror.fault = (path, response) => {
        if (path !== name) return false;
        const more = () => {
          while (response.write(Buffer.alloc(65_536, " "))) if (response.destroyed) return;
          response.once("drain", more);
        };
        more();
        return true;
      };
      await expect(ask(own(mirror))).rejects.toThrow(/answered with more than \d+ bytes/u);
    },
  );

  it("is not believed because it is in the cache", async () => {
    const mirror = await startTuf(FILES);
    const folder = temporaryFolder();
    await ask(own(mirror), { folder });
    const [kept = ""] = readdirSync(folder).filter((name) => name !== ".gitignore");
    for (const name of ["timestamp.json", "snapshot.json", "targets.json"]) {
      const path = join(folder, kept, name);
      const forged = readFileSync(path, "utf8").replace(/"expires": "20\d\d/u, '"expires": "2999');
      writeFileSync(path, forged);
    }
    const path = join(folder, kept, "targets", "trusted_root.json");
    writeFileSync(path, ROOT.replace("fulcio.sigstore.dev", "fulcio.sigstore.evi"));
    expect((await ask(own(mirror), { folder })).trustedRoot).toBe(ROOT);
    writeFileSync(path, "{}");
    await mirror.close();
    await expect(ask(own(mirror), { folder })).rejects.toThrow("cannot be reached");
  });

  it("is read where no cache can be written", async () => {
    const mirror = await startTuf(FILES);
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    expect((await ask(own(mirror), { folder: join(file, "below") })).trustedRoot).toBe(ROOT);
  });

  it("is not asked offline: what was kept holds until it expires", async () => {
    const mirror = await startTuf(FILES);
    const folder = temporaryFolder();
    await expect(ask(own(mirror), { folder, offline: true })).rejects.toThrow("nothing is kept");
    await ask(own(mirror), { folder });
    mirror.asked.length = 0;
    expect((await ask(own(mirror), { folder, offline: true })).trustedRoot).toBe(ROOT);
    expect(mirror.asked).toEqual([]);
    const { clock } = await node();
    const later = { ...clock, now: () => Date.now() + 31 * 86_400_000 };
    const inAMonth = ask(own(mirror), { folder, offline: true, world: { clock: later } });
    await expect(inAMonth).rejects.toThrow("nothing is kept");
  });

  it.each([
    ["is no root.json", "{}", "is not a root.json of TUF"],
    ["is another's", undefined, "it is forged"],
  ])("is refused where the caller's root %s", async (_what, given, words) => {
    const mirror = await startTuf(FILES);
    mirror.does(["rotate", "timestamp"]);
    const other = given ?? (await startTuf(FILES)).root;
    await expect(ask(own({ url: mirror.url, root: other }))).rejects.toThrow(words);
  });

  it("is refused where it is no instance's", async () => {
    const mirror = await startTuf({ "something.json": "{}" });
    await expect(ask(own(mirror))).rejects.toThrow("has no trusted_root.json");
  });

  it("says in words what is wrong with the files that it signs", async () => {
    const odd = await startTuf({ "trusted_root.json": '{"mediaType":"x"}' });
    await expect(ask(own(odd))).rejects.toThrow("is not sigstore's trusted_root.json");
    const newer = await startTuf({ ...FILES, "signing_config.v0.2.json": "[]" });
    await expect(ask(own(newer))).rejects.toThrow("is not sigstore's v0.2");
  });
});

served("npm run trust", () => {
  it("takes what comes with the program from a repository, verified from a root", async () => {
    const mirror = await startTuf({ ...FILES, "trusted_root.json": NEWER });
    mirror.does(["rotate", "root"]);
    const into = temporaryFolder();
    const root = join(into, "first.json");
    writeFileSync(root, mirror.root);
    const args = ["scripts/trust.mjs", `--url=${mirror.url}`, `--root=${root}`, `--into=${into}`];
    await promisify(execFile)(process.execPath, args);
    const made = (name: string) => readFileSync(join(into, `public-good-${name}.json`), "utf8");
    expect(made("root")).toBe(mirror.served("2.root.json").toString());
    expect(made("trusted-root")).toBe(NEWER);
    expect(made("signing-config")).toBe(CONFIG);
    expect(JSON.parse(made("about"))).toMatchObject({ from: mirror.url });
  });
});

describe("where the mirror fails", () => {
  /** The public good instance at a place where something else is. */
  async function at(url: string) {
    const begun = Date.now();
    const trust = await ask(publicGoodInstance(url));
    expect(Date.now() - begun).toBeLessThan(20_000);
    expect(trust.trustedRoot).toBe(ROOT);
    expect(trust.known).toContain("of 2026-11-23, which came with this program");
    return trust.warnings.join("\n");
  }

  it("it is down: what came with this program is trusted, and that is said", async () => {
    const warnings = await at("http://127.0.0.1:9");
    expect(warnings).toMatch(/the TUF repository \(http:.*\) cannot be reached.*; trusted is /su);
  });

  served("by", () => {
    it.each<[string, NonNullable<TufMirror["fault"]>, string]>([
      [
        "a captive portal that answers 200",
        (_, response) => {
          response.writeHead(200, { "content-type": "text/html" }).end("<h1>Please log in</h1>");
          return true;
        },
        "answered with something that is not JSON",
      ],
      [
        "a captive portal that leads elsewhere",
        (_, response) => {
          response.writeHead(302, { location: "http://127.0.0.1:9/login" }).end();
          return true;
        },
        "cannot be reached",
      ],
      [
        "a server in trouble",
        (_, response) => {
          response.writeHead(503).end("busy");
          return true;
        },
        "answered 503",
      ],
      ["a server that says nothing", () => true, "did not answer"],
      [
        "a server that says a byte now and then",
        (_, response) => {
          response.writeHead(200);
          const drip = setInterval(() => response.write(" "), 1000);
          response.on("close", () => clearInterval(drip));
          return true;
        },
        "did not answer",
      ],
      [
        "a repository without its files",
        (_, response) => {
          response.writeHead(404).end("not here");
          return true;
        },
        "answered 404",
      ],
    ])("%s", async (_what, fault, words) => {
      const mirror = await startTuf(FILES);
      mirror.fault = fault;
      expect(await at(mirror.url)).toContain(words);
    });

    it("another's repository: it is refused by name", async () => {
      const mirror = await startTuf(FILES);
      expect(await at(mirror.url)).toContain("timestamp.json is refused: it is forged");
    });

    it("what an earlier run kept is newer than what came with this program", async () => {
      const mirror = await startTuf({ ...FILES, "trusted_root.json": NEWER });
      const folder = temporaryFolder();
      expect((await ask(known(mirror), { folder })).trustedRoot).toBe(NEWER);
      await mirror.close();
      const kept = await ask(known(mirror), { folder });
      expect(kept.trustedRoot).toBe(NEWER);
      expect(kept.warnings).toEqual([
        expect.stringContaining("what an earlier run kept of it is used"),
      ]);
    });
  });

  it("a certificate that nobody signed: it is not believed", async () => {
    const { certificate, key } = await selfSigned();
    const server = createServer({ cert: certificate, key }, (_, response) => response.end("{}"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await at(`https://127.0.0.1:${port}`)).toContain(
      "has a certificate that is not trusted",
    );
  });

  it("offline nobody is asked, and an old root is called old", async () => {
    const old = known({ url: "http://127.0.0.1:9", root: "{}" }, "2020-01-01T00:00:00Z");
    const trust = await ask(old, { offline: true });
    expect(trust.warnings).toEqual([expect.stringContaining("has expired on 2020-01-01")]);
  });
});

async function selfSigned() {
  const { execFileSync } = await import("node:child_process");
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, "key"), join(folder, "cert")];
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", [...args, ...names, "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { certificate: readFileSync(cert), key: readFileSync(key) };
}
