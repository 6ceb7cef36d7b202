import { join } from "node:path";
import { fetchCure } from "../go/cures.ts";
import { runGo } from "../go/run-go.ts";
import type { Toolchain } from "../go/toolchain.ts";
import { Problem } from "../model/problem.ts";
import type { Command, World } from "../world/world.ts";
import type { PinnedModule } from "./pins.ts";

/** A Go program that this one runs: its sources stand here, what it imports is pinned by its go.sum. */
export interface GoTool {
  readonly name: string;
  /** What it is there for. */
  readonly module: PinnedModule;
  /** Its folder's files by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Where tools are made. */
export interface ToolBench {
  readonly world: Pick<World, "files" | "stream" | "machine">;
  readonly toolchain: Pick<Toolchain, "go" | "env" | "fetching" | "version">;
  /** A folder that goes when the run goes. */
  readonly temporary: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Fetches what the tool imports by the user's own settings, held against the go.sum that came with this program.
 * Throws a `Problem` where it cannot be fetched, or is something else.
 */
export async function fetchTool(tool: GoTool, bench: ToolBench): Promise<void> {
  const folder = folderOf(tool, bench);
  for (const [name, text] of Object.entries(tool.files))
    await bench.world.files.write(join(folder, name), text);
  const args = ["list", "-mod=readonly", "-deps", "-f", "{{if .Error}}{{.Error}}{{end}}", "."];
  const env = { ...bench.toolchain.fetching, CGO_ENABLED: "0", GOFLAGS: "" };
  const lines = await ran({ file: bench.toolchain.go, args, cwd: folder, env }, bench);
  if (lines !== undefined) throw notFetched(tool, lines, bench);
}

/** Compiles it for this machine, out of reach of every server, and gives its path. Throws a `Problem`. */
export async function buildTool(tool: GoTool, bench: ToolBench): Promise<string> {
  const { toolchain, temporary, world } = bench;
  const suffix = world.machine.platform === "win32" ? ".exe" : "";
  const out = join(temporary, "tools", `${tool.name}${suffix}`);
  const command = {
    file: toolchain.go,
    args: [
      "build",
      "-mod=readonly",
      "-trimpath",
      "-buildvcs=false",
      "-ldflags=-s -w",
      "-o",
      out,
      ".",
    ],
    cwd: folderOf(tool, bench),
    env: {
      ...toolchain.env,
      GOPROXY: "off",
      GOFLAGS: "",
      CGO_ENABLED: "0",
      GOTMPDIR: temporary,
    },
  };
  const lines = await ran(command, bench);
  if (lines === undefined) return out;
  throw new Problem("tool-build", [`${tool.name} cannot be compiled`, ...shown(lines)].join("\n"), {
    hint: newerGo(lines, bench) ?? "see what the compiler says, and try again",
  });
}

/** Starts a tool with nothing of the user's environment. Gives what it said when it failed. */
export async function runTool(
  program: string,
  input: string,
  bench: Pick<ToolBench, "world" | "temporary" | "signal">,
): Promise<readonly string[] | undefined> {
  const { temporary } = bench;
  // Windows starts no program without it.
  const env = { TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  return await ran({ file: program, args: [], cwd: temporary, env, input }, { ...bench, say() {} });
}

function folderOf({ name }: GoTool, { temporary }: ToolBench): string {
  return join(temporary, "tools", `${name}-source`);
}

/** What it said when it failed. */
async function ran(
  command: Command,
  { world, signal, say }: Pick<ToolBench, "world" | "signal" | "say">,
): Promise<readonly string[] | undefined> {
  const lines = await runGo(command, { world, signal, say });
  return lines?.filter((line) => line.trim() !== "");
}

function notFetched(tool: GoTool, lines: readonly string[], bench: ToolBench): Problem {
  const { path, version } = tool.module;
  const said = lines.join("\n");
  const forged =
    /(\S+@\S+): .*(?:checksum mismatch|SECURITY ERROR)|verifying (\S+): checksum mismatch/u.exec(
      said,
    );
  if (forged !== null || said.includes("SECURITY ERROR")) {
    return new Problem(
      "tool-forged",
      [`what was fetched for ${tool.name} is not ${path} ${version}`, ...shown(lines)].join("\n"),
      {
        hint: "the module proxy or the module cache gives other files than go.sum says: run `go clean -modcache`; if it stays, do not trust that proxy",
      },
    );
  }
  return new Problem(
    "tool-fetch",
    [`${tool.name} (${path} ${version}) cannot be fetched`, ...shown(lines)].join("\n"),
    {
      hint:
        newerGo(lines, bench) ??
        fetchCure(said) ??
        "it comes as a Go module: check the network, GOPROXY and GOPRIVATE, or fill the module cache before",
    },
  );
}

function newerGo(lines: readonly string[], { toolchain }: ToolBench): string | undefined {
  const [, wanted] = /requires go >= (\d+\.\d+(?:\.\d+)?)/u.exec(lines.join("\n")) ?? [];
  return wanted === undefined
    ? undefined
    : `it needs Go ${wanted} or newer, but this is ${toolchain.version}: set \`go-version\``;
}

function shown(lines: readonly string[]): readonly string[] {
  return lines.slice(-10).map((line) => `  ${line}`);
}
