import { join } from "node:path";
import type { BuildStep, Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Command } from "../world/world.ts";
import { targetEnvironment } from "./targets.ts";
import type { Toolchain } from "./toolchain.ts";

/** How much of the machine one `go build` may take; none of it changes a byte of its output. */
export interface BuildResources {
  /** Compilers at a time (`-p`). */
  readonly compilers: number;
  /** Bytes for each process before its garbage collector has to work (GOMEMLIMIT). */
  readonly memory: number;
  /** GOGC: `off` while memory lies idle. */
  readonly gc: "off" | "30" | "100";
}

export interface GoBuildOptions {
  readonly toolchain: Pick<Toolchain, "go" | "env">;
  /** The module's folder. */
  readonly folder: string;
  /** Besides those of the step. */
  readonly flags: readonly string[];
  readonly vendored: Plan["module"]["vendored"];
  /** Where the binaries go. */
  readonly out: string;
  /** For Go's temporary files, so that they go when the run goes. */
  readonly temporary: string;
  readonly share: BuildResources;
}

/** All programs of a step in one `go build`. `-mod` comes after the given flags and cannot be overridden. */
export function goBuild(step: BuildStep, bench: GoBuildOptions): Command {
  return {
    file: bench.toolchain.go,
    args: [
      "build",
      ...(step.flags.some((flag) => flag.startsWith("-trimpath")) ? [] : ["-trimpath"]),
      ...step.flags,
      ...bench.flags,
      bench.vendored ? "-mod=vendor" : "-mod=readonly",
      `-p=${bench.share.compilers}`,
      // A `go` whose reader is gone dies of its next word: of a run that was killed nothing compiles on.
      "-v",
      ...(step.ldflags.length === 0 ? [] : [`-ldflags=${step.ldflags.map(quoteFlag).join(" ")}`]),
      ...(step.tags.length === 0 ? [] : [`-tags=${step.tags.join(",")}`]),
      "-o",
      outputOf(step, bench.out),
      "--",
      ...step.programs.map((program) => program.package),
    ],
    cwd: bench.folder,
    env: {
      ...bench.toolchain.env,
      ...step.env,
      ...targetEnvironment(step.target),
      // Everything was downloaded and verified before.
      GOPROXY: "off",
      GOTMPDIR: bench.temporary,
      GOGC: bench.share.gc,
      GOMEMLIMIT: String(bench.share.memory),
    },
  };
}

/** One program is written under its own name; of several, `go` names each, as `producedName` says. */
function outputOf({ programs }: BuildStep, out: string): string {
  const [only, ...more] = programs;
  return only !== undefined && more.length === 0 ? join(out, only.binary) : `${out}/`;
}

/** As cmd/internal/quoted splits it: quotes around, and no escapes inside. Throws a `Problem` for what it cannot say. */
function quoteFlag(flag: string): string {
  if (!/[\s'"]/u.test(flag) && flag !== "") return flag;
  if (flag.includes("'") && flag.includes('"')) {
    throw new Problem(
      "ldflags-quotes",
      `ldflags: ${flag} has both kinds of quotes, which Go would split into several flags`,
      {
        hint: "use only one kind of quotes",
      },
    );
  }
  return flag.includes("'") ? `"${flag}"` : `'${flag}'`;
}

type ModuleBench = Pick<GoBuildOptions, "folder"> & {
  readonly toolchain: Pick<Toolchain, "go" | "fetching">;
};

/**
 * Once a run, before the compilers; a vendored module has its dependencies in the repository. `modfile` is a copy
 * of go.mod with go.sum beside it, for `go mod download` adds to go.sum what is missing there.
 */
export function goModDownload(modfile: string, bench: ModuleBench): Command {
  return goMod(bench, "download", `-modfile=${modfile}`);
}

/** Holds the module cache against go.sum. */
export function goModVerify(bench: ModuleBench): Command {
  return goMod(bench, "verify");
}

function goMod({ toolchain: { go, fetching }, folder }: ModuleBench, ...args: string[]): Command {
  return { file: go, args: ["mod", ...args], cwd: folder, env: fetching };
}
