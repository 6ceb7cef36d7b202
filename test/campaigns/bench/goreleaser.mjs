// GoReleaser as its users have it: the one on PATH, or this version from the module proxy.
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./module.mjs";

const VERSION = "v2.15.2";

/** Its path; building it takes minutes. */
export function goreleaser() {
  const found = spawnSync("goreleaser", ["--version"], { encoding: "utf8" });
  if (found.status === 0) return "goreleaser";
  const bin = join(root, "bin");
  process.stderr.write(`building GoReleaser ${VERSION}\n`);
  execFileSync("go", ["install", `github.com/goreleaser/goreleaser/v2@${VERSION}`], { env: { ...process.env, GOBIN: bin }, stdio: "ignore" });
  return join(bin, "goreleaser");
}
