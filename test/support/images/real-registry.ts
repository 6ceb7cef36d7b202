import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** A registry that others made, on the loopback interface. */
export interface RealRegistry {
  readonly host: string;
  close(): Promise<void>;
}

interface Start {
  readonly file: string;
  readonly args: readonly string[];
}

/** How each is started, in a folder of its own. */
const makers = {
  /** The one that others are measured by (github.com/distribution/distribution); it knows no referrers. */
  distribution: (folder, host): Start => {
    const storage = { filesystem: { rootdirectory: join(folder, "data") } };
    const settings = { version: 0.1, log: { level: "error" }, storage, http: { addr: host } };
    // JSON is YAML.
    writeFileSync(join(folder, "config.yml"), JSON.stringify(settings));
    return { file: "registry", args: ["serve", join(folder, "config.yml")] };
  },
  /** Of github.com/google/go-containerregistry. */
  crane: (folder, host): Start => ({
    file: "crane",
    args: ["registry", "serve", `--address=${host}`, `--disk=${folder}`],
  }),
  /** cuelabs.dev/go/oci/ociregistry, which takes the specification strictly. */
  ociregistry: (folder, host): Start => {
    const file = join(folder, "ociregistry");
    const cwd = fileURLToPath(new URL("ociregistry", import.meta.url));
    execFileSync("go", ["build", "-o", file, "."], { cwd, stdio: "inherit" });
    return { file, args: [host] };
  },
} satisfies Record<string, (folder: string, host: string) => Start>;

export type RegistryMaker = keyof typeof makers;

export async function startRegistry(maker: RegistryMaker = "distribution"): Promise<RealRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "registry-"));
  const host = `127.0.0.1:${await freePort()}`;
  const { file, args } = makers[maker](folder, host);
  const env = { PATH: process.env["PATH"] ?? "", OTEL_TRACES_EXPORTER: "none" };
  const child = spawn(file, args, { env, stdio: "ignore" });
  const ended = new Promise((done) => child.once("close", done));
  for (let left = 100; left > 0 && !(await answers(host)); left -= 1) await wait(100);
  return {
    host,
    close: async () => {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function answers(host: string): Promise<boolean> {
  return await fetch(`http://${host}/v2/`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
