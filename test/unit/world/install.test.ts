import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { install } from "../../../src/world/node/install.ts";
import { temporaryFolder } from "../../support/repository.ts";

afterEach(() => vi.unstubAllEnvs());

it("unpacks a download once, and none that has another digest", async () => {
  const folder = temporaryFolder();
  const [cache, temp] = [join(folder, "cache"), join(folder, "temp")];
  vi.stubEnv("RUNNER_TOOL_CACHE", cache);
  vi.stubEnv("RUNNER_TEMP", temp);
  mkdirSync(join(folder, "go/bin"), { recursive: true });
  writeFileSync(join(folder, "go/bin/go"), "#!/bin/sh\n", { mode: 0o755 });
  const archive = join(folder, "go.tar.gz");
  execFileSync("tar", ["czf", archive, "-C", folder, "go"]);
  const bytes = readFileSync(archive);
  let downloads = 0;
  const server = createServer((_, answer) => {
    downloads++;
    answer.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/go.tar.gz`;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  try {
    const tool = { name: "go", version: "1.26.8", url, sha256: "0".repeat(64) };
    await expect(install(tool)).rejects.toThrow(`has sha256 ${sha256}, not 0000`);
    const [first, second] = [
      await install({ ...tool, sha256 }),
      await install({ ...tool, sha256 }),
    ];
    expect(second).toBe(first);
    expect(readFileSync(join(first, "bin/go"), "utf8")).toBe("#!/bin/sh\n");
    expect(downloads).toBe(2);
    expect(readdirSync(temp)).toEqual([]);
  } finally {
    server.close();
  }
});
