import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../repository.ts";

type Step =
  | readonly ["init"]
  | readonly ["publish", Readonly<Record<string, string>>]
  | readonly ["rotate" | "expire" | "forge", "root" | "targets" | "snapshot" | "timestamp"];

const script = fileURLToPath(new URL("repository.py", import.meta.url));

/** Whether python-tuf is there, which `npm run tools` installs; in CI it has to be. */
export const hasTuf =
  spawnSync("python3", ["-c", "import tuf, cryptography"]).status === 0 ||
  process.env["CI"] !== undefined;

/** A repository that python-tuf keeps, and who serves it on loopback. */
export interface TufMirror {
  readonly url: string;
  /** What its owner gives to whoever is to trust it: the first root.json. */
  readonly root: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** Answers instead, where it says so. */
  fault: ((path: string, response: ServerResponse) => boolean) | undefined;
  /** The owner's work. */
  does(...steps: readonly Step[]): void;
  /** What is served at a path now. */
  served(path: string): Buffer;
  close(): Promise<void>;
}

export async function startTuf(files: Readonly<Record<string, string>>): Promise<TufMirror> {
  const folder = temporaryFolder();
  const does = (...steps: readonly Step[]) => {
    const input = JSON.stringify(steps);
    const { status, stderr } = spawnSync("python3", [script, folder], { input, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  };
  const at = (path: string) => join(folder, "served", path);
  does(["init"], ["publish", files]);
  const server = createServer((request, response) => {
    const path = (request.url ?? "").slice(1);
    mirror.asked.push(path);
    if (mirror.fault?.(path, response)) return;
    if (!existsSync(at(path))) response.writeHead(404).end("not found");
    else response.writeHead(200).end(readFileSync(at(path)));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const close = () =>
    new Promise<void>((done) => {
      server.closeAllConnections();
      server.close(() => done());
    });
  const mirror: TufMirror = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    root: readFileSync(at("1.root.json"), "utf8"),
    asked: [],
    fault: undefined,
    does,
    served: (path) => readFileSync(at(path)),
    close,
  };
  onTestFinished(close);
  return mirror;
}
