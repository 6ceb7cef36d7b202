import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A folder with a `go` that compiles nothing: it writes down what it was asked for and makes a small file. */
export function standIn(folder) {
  const real = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.go"), "package main\n\nfunc main() {}\n");
  writeFileSync(join(folder, "go.mod"), "module standin\n\ngo 1.21\n");
  // What merges programs of macOS reads them first.
  for (const arch of ["amd64", "arm64"]) {
    const env = { ...process.env, GOOS: "darwin", GOARCH: arch, CGO_ENABLED: "0", GOFLAGS: "" };
    execFileSync("go", ["build", "-trimpath", "-o", `darwin-${arch}`, "."], { cwd: folder, env });
  }
  const script = `#!${process.execPath}
const { spawnSync } = require("node:child_process");
const { appendFileSync, copyFileSync, mkdirSync, writeFileSync } = require("node:fs");
const { dirname } = require("node:path");
const args = process.argv.slice(2);
const out = args[args.indexOf("-o") + 1];
// What hooks build for themselves is built.
if (args[0] !== "build" || !args.includes("-o") || !process.env.GOOS || !process.env.GOARCH) {
  process.exitCode = spawnSync(${JSON.stringify(join(real, "bin", "go"))}, args, { stdio: "inherit" }).status ?? 1;
} else {
  const names = Object.keys(process.env).filter((name) => /^(GO(OS|ARCH|ARM|AMD64|ARM64|386|MIPS|MIPS64|PPC64|RISCV64|EXPERIMENT)|CGO_ENABLED|CC)$/.test(name));
  const env = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  appendFileSync(process.env.STAND_IN_LOG, JSON.stringify({ args, env, cwd: process.cwd() }) + "\\n");
  mkdirSync(dirname(out), { recursive: true });
  if (env.GOOS === "darwin") copyFileSync(${JSON.stringify(join(folder, "darwin-"))} + env.GOARCH, out);
  else writeFileSync(out, "a program", { mode: 0o755 });
}
`;
  const path = join(folder, "bin", "go");
  mkdirSync(join(folder, "bin"));
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return join(folder, "bin");
}
