import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Host } from "../../../src/hosts/host.ts";
import { main } from "../../../src/main.ts";
import type { Event } from "../../../src/model/event.ts";
import { node } from "../../../src/world/node.ts";
import { buildDecoder, Collector, decode } from "./collector.ts";

const folder = mkdtempSync(join(tmpdir(), "traced-"));
const collector = new Collector();
let base: string;

function write(name: string, text: string) {
  return writeFileSync(join(folder, name), text);
}
function git(...words: string[]) {
  return execFileSync("git", words, { cwd: folder });
}

beforeAll(buildDecoder);
beforeAll(async () => {
  base = await collector.listen();
  write("go.mod", "module example.org/hello\n\ngo 1.25\n");
  write("LICENSE", "MIT\n");
  git("init", "-q");
});
beforeEach(() => {
  collector.requests.length = 0;
});
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

async function run(...argv: string[]) {
  const events: Event[] = [];
  const host: Host = {
    inputs: () => ({}),
    surroundings: { ci: false, folder },
    mask: () => {},
    tell: (event) => events.push(event),
    output: async () => {},
    close: async () => {},
  };
  const status = await main({
    argv,
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: base },
    host,
    world: await node(),
    version: "9.9.9",
    print: () => {},
    signal: new AbortController().signal,
  });
  expect(events.filter(({ type }) => type === "warning")).toEqual([]);
  return { status, events, traces: collector.requests.map(decode) };
}

function commit(source: string) {
  write("main.go", source);
  git("add", "-A");
  git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "feat: hello");
}

it("a dry run is one trace of what its host was told", { timeout: 300_000 }, async () => {
  commit('package main\n\nfunc main() { println("hello") }\n');
  const { status, events, traces } = await run("--dry-run", "--targets=linux/amd64");
  expect(status).toBe(0);
  const [trace, ...others] = traces;
  expect(others).toEqual([]);
  const names = trace?.spans.map(({ name }) => name) ?? [];
  const ended = events.filter(({ type }) => type === "ended");
  expect(names).toHaveLength(ended.length + 1);
  expect(names).toEqual(
    expect.arrayContaining(["go-release release", "survey", "build linux/amd64"]),
  );
  expect(trace?.resource["deployment.id"]).toMatch(/^[0-9a-f]{40}$/u);
  expect(trace?.spans.some(({ status: state }) => state !== "Unset")).toBe(false);
});

it("a compiler's refusal is an error with its place", { timeout: 300_000 }, async () => {
  commit("package main\n\nfunc main() { missing() }\n");
  const { status, traces } = await run("--dry-run", "--targets=linux/amd64");
  expect(status).toBe(1);
  const [trace] = traces;
  for (const name of ["go-release release", "build linux/amd64"])
    expect(trace?.spans.find((span) => span.name === name)).toMatchObject({
      status: "Error",
      attributes: { "go_release.error.step": "build linux/amd64" },
    });
  const root = trace?.spans.find(({ name }) => name === "go-release release");
  expect(root?.events.find(({ name }) => name === "diagnostic")?.attributes).toMatchObject({
    "code.file.path": "main.go",
    "code.line.number": 3,
  });
});

it("a mistake in a setting is traced too", async () => {
  const { status, traces } = await run("--dry-run", "--archive=rar");
  expect(status).toBe(2);
  expect(traces[0]?.spans).toMatchObject([
    { name: "go-release release", status: "Error", attributes: { "error.type": "usage" } },
  ]);
});

it.each(["--help", "--version", "--no-such-flag"])("%s is not", async (word) => {
  expect((await run(word)).traces).toEqual([]);
});
