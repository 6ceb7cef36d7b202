import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** The registry that others are measured by (github.com/distribution/distribution), on the loopback interface. */
export interface RealRegistry {
  readonly host: string;
  close(): Promise<void>;
}

export async function startRegistry(): Promise<RealRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "registry-"));
  const host = `127.0.0.1:${await freePort()}`;
  const storage = { filesystem: { rootdirectory: join(folder, "data") } };
  const settings = { version: 0.1, log: { level: "error" }, storage, http: { addr: host } };
  // JSON is YAML.
  writeFileSync(join(folder, "config.yml"), JSON.stringify(settings));
  const env = { PATH: process.env["PATH"] ?? "", OTEL_TRACES_EXPORTER: "none" };
  const child = spawn("registry", ["serve", join(folder, "config.yml")], { env, stdio: "ignore" });
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
