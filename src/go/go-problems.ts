import { Problem } from "../model/problem.ts";
import { cacheCure } from "./caches.ts";
import { withoutPasswords } from "./credentials.ts";

/** Why `go env` fails. */
export function envRefused(stderr: string, wanted: string | undefined): Problem {
  const lines = withoutPasswords(stderr).trim().split("\n");
  const cache = cacheCure(lines);
  if (cache !== undefined)
    return new Problem("go-cache", `\`go env\` failed: ${lines[0]?.replace(/^go: /u, "")}`, {
      hint: cache,
    });
  const said = (lines.at(-1) ?? "").replace(/^go: /u, "");
  if (wanted !== undefined && said.startsWith("download go")) {
    return new Problem("go-unavailable", `go-version ${wanted} is not available: ${said}`, {
      hint: "use a version listed on go.dev/dl, and check the network and GOPROXY",
    });
  }
  return (
    goTooOld(stderr) ??
    new Problem("go", `\`go env\` failed: ${said}`, {
      hint: "run `go env` in the module and fix what it reports",
    })
  );
}

/** That go.mod asks for a newer Go than is here and can be had, when that is what `go` says. */
export function goTooOld(stderr: string): Problem | undefined {
  const [, needed, running] = /requires go >= (\S+) \(running go (\S+?)[;)]/u.exec(stderr) ?? [];
  if (needed === undefined) return undefined;
  return new Problem("go-too-old", `go.mod requires Go ${needed}, but this is Go ${running}`, {
    hint: `install Go ${needed} or newer, or let Go fetch it: \`GOTOOLCHAIN=auto\` and a GOPROXY that has it`,
  });
}
