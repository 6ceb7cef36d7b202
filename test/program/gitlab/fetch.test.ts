import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { BUNDLE, fetchScript, Image, NODE_PATH, nodeArchive } from "../../support/gitlab/image.ts";
import { whereIs } from "../../support/path.ts";
import { temporaryFolder } from "../../support/repository.ts";

const script = readFileSync("gitlab-component/fetch.sh", "utf8");
const sh = ["/bin/dash"];
const shells = [[sh], [["/bin/bash", "--posix"]], [["/bin/bash"]]] as const;
const BUNDLE_PATH =
  "/api/v4/projects/group%2Fgo-release/repository/files/dist%2Findex.js/raw?ref=1.2.3";

interface Service {
  readonly origin: string;
  readonly asked: Pick<IncomingMessage, "url" | "headers">[];
}

/** Files by path; a `location` is a redirect. */
type Shelf = Readonly<Record<string, Buffer | string | { readonly location: string }>>;

function answering(shelf: Shelf, asked: Service["asked"]): RequestListener {
  return ({ url, headers }, response) => {
    asked.push({ url: url ?? "", headers });
    const found = shelf[url ?? ""];
    if (found === undefined) return response.writeHead(404).end();
    if (typeof found === "object" && "location" in found)
      return response.writeHead(302, found).end();
    return response.end(found);
  };
}

async function serve(shelf: Shelf, secure?: { key: string; cert: string }): Promise<Service> {
  const asked: Service["asked"] = [];
  const listener = answering(shelf, asked);
  const server =
    secure === undefined ? createServer(listener) : createSecureServer(secure, listener);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http${secure === undefined ? "" : "s"}://127.0.0.1:${port}`, asked };
}

function elsewhere(origin: string): Record<string, string> {
  return {
    CI_API_V4_URL: `${origin}/api/v4`,
    COMPONENT_NODE_URL: origin,
  };
}

describe("the lines that fetch the bundle", () => {
  it.each([
    ["sh", "-n"],
    ["dash", "-n"],
    ["bash", "--posix", "-n"],
    ["shellcheck", "--shell=sh", "--exclude=SC2016", "-"],
  ])("are POSIX shell to %s", (file, ...args) => {
    const { status, stdout, stderr } = spawnSync(file, args, { input: script, encoding: "utf8" });
    expect(`${stdout}${stderr}`).toBe("");
    expect(status).toBe(0);
  });

  it.each(shells)("run it on the image's Node, by %j", async (shell) => {
    const { origin, asked } = await serve({ [BUNDLE_PATH]: BUNDLE });
    const image = new Image("curl", "node");
    const outcome = await image.run(shell, fetchScript(nodeArchive()), elsewhere(origin));
    expect(outcome).toEqual({ status: 0, stdout: "bundle ran \n", stderr: "" });
    expect(asked.map(({ headers }) => headers["job-token"])).toEqual(["job-token-of-a-test"]);
  });

  it.each(shells)("fetch a Node where there is none, by %j", async (shell) => {
    const node = nodeArchive();
    const { origin, asked } = await serve({ [BUNDLE_PATH]: BUNDLE, [NODE_PATH]: node });
    const outcome = await new Image("curl").run(shell, fetchScript(node), elsewhere(origin));
    expect(outcome).toEqual({ status: 0, stdout: "bundle ran \n", stderr: "" });
    expect(asked[0]).toMatchObject({ url: NODE_PATH });
    expect(asked[0]?.headers["job-token"]).toBeUndefined();
  });

  it.each(["18.20.8", "20.10.0"])("fetch a Node where the image has %s", async (version) => {
    const node = nodeArchive();
    const { origin } = await serve({ [BUNDLE_PATH]: BUNDLE, [NODE_PATH]: node });
    const old = `shift; exec ${process.execPath} -e "Object.defineProperty(process.versions, 'node', { value: '${version}' }); $*"`;
    const image = new Image("curl").script("node", old);
    const outcome = await image.run(sh, fetchScript(node), elsewhere(origin));
    expect(outcome).toEqual({ status: 0, stdout: "bundle ran \n", stderr: "" });
  });

  it("follow a mirror's redirect, and take no token anywhere else", async () => {
    const node = nodeArchive();
    const storage = await serve({ "/node": node, "/bundle": BUNDLE });
    const { origin } = await serve({
      [NODE_PATH]: { location: `${storage.origin}/node` },
      [BUNDLE_PATH]: { location: `${storage.origin}/bundle` },
      "/mirror.js": { location: `${storage.origin}/bundle` },
    });
    const image = new Image("curl");
    const refused = await image.run(sh, fetchScript(node), elsewhere(origin));
    expect(refused.status).toBe(1);
    expect(storage.asked.map(({ url }) => url)).toEqual(["/node"]);
    const mirror = { ...elsewhere(origin), COMPONENT_URL: `${origin}/mirror.js` };
    expect(await image.run(sh, fetchScript(node), mirror)).toMatchObject({ status: 0 });
    expect(storage.asked.every(({ headers }) => headers["job-token"] === undefined)).toBe(true);
  });

  it("show the token to nobody", async () => {
    const { origin } = await serve({ [BUNDLE_PATH]: BUNDLE });
    const image = new Image("node");
    const record = join(image.folder, "curl.txt");
    image.script("curl", `printf '%s\\n' "$@" >${record}\nexec ${whereIs("curl")} "$@"`);
    expect(await image.run(sh, fetchScript(nodeArchive()), elsewhere(origin))).toMatchObject({
      status: 0,
    });
    const words = readFileSync(record, "utf8");
    expect(words).toContain("--config");
    expect(words).not.toContain("job-token-of-a-test");
  });

  it("manage with wget, which sends no token", async () => {
    const node = nodeArchive();
    const { origin, asked } = await serve({ [BUNDLE_PATH]: BUNDLE, [NODE_PATH]: node });
    const outcome = await new Image("wget").run(sh, fetchScript(node), elsewhere(origin));
    expect(outcome).toEqual({ status: 0, stdout: "bundle ran \n", stderr: "" });
    expect(asked.every(({ headers }) => headers["job-token"] === undefined)).toBe(true);
  });

  it.each(["curl", "wget"])("trust the instance's own authority, with %s", async (client) => {
    const identity = certificate();
    const { origin } = await serve({ [BUNDLE_PATH]: BUNDLE }, identity);
    const image = new Image(client, "node");
    const unknown = await image.run(sh, fetchScript(nodeArchive()), elsewhere(origin));
    expect(unknown.stderr).toContain("cannot download dist/index.js 1.2.3 of group/go-release");
    expect(unknown.status).toBe(1);
    const trusting = { ...elsewhere(origin), CI_SERVER_TLS_CA_FILE: identity.file };
    expect(await image.run(sh, fetchScript(nodeArchive()), trusting)).toEqual({
      status: 0,
      stdout: `bundle ran ${identity.file}\n`,
      stderr: "",
    });
  });

  it("trust it beside the authorities that the project gave to Node", async () => {
    const { origin } = await serve({ [BUNDLE_PATH]: SHOWS_AUTHORITIES });
    const image = new Image("curl", "node");
    const [given, own] = [join(image.folder, "given.pem"), join(image.folder, "own.pem")];
    // As a variable of the type file often is.
    writeFileSync(given, certificate().cert.trimEnd());
    writeFileSync(own, certificate().cert);
    const env = { ...elsewhere(origin), NODE_EXTRA_CA_CERTS: given, CI_SERVER_TLS_CA_FILE: own };
    const outcome = await image.run(sh, fetchScript(nodeArchive(), SHOWS_AUTHORITIES), env);
    expect(outcome).toEqual({
      status: 0,
      stdout: `${readFileSync(given, "utf8")}\n${readFileSync(own, "utf8")}`,
      stderr: "",
    });
  });

  it("trust everybody's authorities beside it", async () => {
    const { origin } = await serve({ [BUNDLE_PATH]: BUNDLE });
    const image = new Image("node");
    image.script(
      "curl",
      `while [ "$1" != --cacert ]; do shift; done; cp "$2" ${image.folder}/seen; exit 1`,
    );
    image.script("cp", 'exec /bin/cp "$@"');
    const CI_SERVER_TLS_CA_FILE = join(image.folder, "own.pem");
    writeFileSync(CI_SERVER_TLS_CA_FILE, "the instance's\n");
    await image.run(sh, fetchScript(nodeArchive()), {
      ...elsewhere(origin),
      CI_SERVER_TLS_CA_FILE,
    });
    const trusted = readFileSync(join(image.folder, "seen"), "utf8");
    expect(trusted).toContain("-----BEGIN CERTIFICATE-----");
    expect(trusted.endsWith("the instance's\n")).toBe(true);
  });
});

const SHOWS_AUTHORITIES =
  'process.stdout.write(require("node:fs").readFileSync(process.env.NODE_EXTRA_CA_CERTS));';

const musl = 'echo "musl libc (x86_64)" >&2; exit 1';

/** Self-signed, for 127.0.0.1. */
function certificate(): { key: string; cert: string; file: string } {
  const folder = temporaryFolder("go-release-authority-");
  const [key, file] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1".split(" ");
  const kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1".split(
    " ",
  );
  execFileSync("openssl", [...kind, ...subject, "-keyout", key, "-out", file], { stdio: "ignore" });
  return { key: readFileSync(key, "utf8"), cert: readFileSync(file, "utf8"), file };
}

interface Refusal {
  readonly of: string;
  readonly image: () => Image;
  readonly shelf?: Shelf;
  readonly node?: string;
  readonly says: string;
}

const refusals: readonly Refusal[] = [
  {
    of: "without go",
    image: () => new Image("curl").without("go"),
    says: "the image has no go; choose another one with the input `image`",
  },
  {
    of: "with neither curl nor wget",
    image: () => new Image("node"),
    says: "the image has neither curl nor wget; choose another one with the input `image`",
  },
  {
    of: "on musl without Node",
    image: () => new Image("curl").script("ldd", musl),
    says: "this image is built on musl (Alpine), for which nodejs.org has no Node: use a Debian image such as golang:1.26, or install Node 20.11 or newer in yours (apk add nodejs)",
  },
  {
    of: "on a machine that has no Node to fetch",
    image: () =>
      new Image("curl").script("uname", 'case "$1" in -s) echo Linux ;; *) echo riscv64 ;; esac'),
    says: "Node 20.11 or newer is missing, and there is none to fetch for Linux riscv64: install it in the image",
  },
  {
    of: "when nobody has the Node",
    image: () => new Image("curl"),
    says: "the image has no Node 20.11 or newer, and none could be fetched from <origin>: install it in the image, or name a mirror with the input `node-url`",
  },
  {
    of: "when the Node is another one",
    image: () => new Image("curl"),
    shelf: { [NODE_PATH]: "not the one" },
    says: "the downloaded Node is not the one this component was released with; nothing was run",
  },
  {
    of: "when the Node does not run there",
    image: () => new Image("curl"),
    node: "echo 'GLIBC_2.28 not found' >&2; exit 1",
    says: "Node 24.19.0 was fetched but does not run in this image: install Node 20.11 or newer in it",
  },
  {
    of: "when the bundle cannot be had",
    image: () => new Image("curl", "node"),
    says: "cannot download dist/index.js 1.2.3 of group/go-release: is it a project of this instance, and open to this job's token (which is only sent by curl)?",
  },
  {
    of: "when the bundle is another one",
    image: () => new Image("curl", "node"),
    shelf: { [BUNDLE_PATH]: "console.log('bundle ran')" },
    says: "dist/index.js is not the one that version 1.2.3 was released with; nothing was run",
  },
];

describe("nothing is run", () => {
  it.each(refusals)("$of", async ({ image, shelf, node: text, says }) => {
    const node = nodeArchive(text);
    const { origin } = await serve(shelf ?? (text === undefined ? {} : { [NODE_PATH]: node }));
    const { status, stdout, stderr } = await image().run(sh, fetchScript(node), elsewhere(origin));
    expect(stderr.replaceAll(origin, "<origin>").split("\n").at(-2)).toBe(
      `\u001b[31mgo-release: ${says}\u001b[0m`,
    );
    expect(status).toBe(1);
    expect(stdout).toBe("");
  });

  it("but on musl with a Node of its own", async () => {
    const { origin } = await serve({ [BUNDLE_PATH]: BUNDLE });
    const image = new Image("curl", "node").script("ldd", musl);
    expect(await image.run(sh, fetchScript(nodeArchive()), elsewhere(origin))).toMatchObject({
      status: 0,
    });
  });
});
