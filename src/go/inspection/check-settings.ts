import type { BuildStep } from "../../model/plan.ts";
import type { Target } from "../../model/target.ts";
import { levelsOf } from "../levels.ts";
import { targetEnvironment } from "../targets.ts";
import type { BinaryFault } from "./fault.ts";
import { flag, hasFlag } from "./flags.ts";
import { quoteUntrusted } from "./quote-untrusted.ts";
import { splitQuoted } from "./split-go-flags.ts";

type RecordedSettings = Readonly<Record<string, string>>;

/**
 * The settings that cmd/go records (`setBuildInfo` in cmd/go/internal/load) against the build step.
 * Linker flags are recorded only without -trimpath (golang/go#52372).
 */
export function* checkSettings(settings: RecordedSettings, step: BuildStep): Iterable<BinaryFault> {
  for (const [key, planned] of variables(settings, step)) {
    if (settings[key] === planned) continue;
    yield {
      is: `was built with ${key}=${quoteUntrusted(settings[key])}, not ${quoteUntrusted(planned)}`,
      cure: CURE,
    };
  }
  for (const name of switches) {
    const recorded = settings[name] === "true";
    if (recorded === hasFlag(["-trimpath", ...step.flags], name)) continue;
    yield { is: `was built ${recorded ? "with" : "without"} ${name}`, cure: CURE };
  }
  yield* checkLists(settings, step);
}

const CURE =
  "remove what changes the build behind the plan: another `go` or a wrapper of it on PATH, or another build of the same file";

/** Switches that the compiler and linker obey. -trimpath is on unless `flags` turns it off. */
const switches = ["-trimpath", "-race", "-msan", "-asan", "-cover"] as const;

/** What must have been recorded, by setting; `undefined`: nothing. */
function* variables(
  settings: RecordedSettings,
  step: BuildStep,
): Iterable<readonly [key: string, planned: string | undefined]> {
  for (const [key, planned] of Object.entries(targetEnvironment(step.target))) {
    // A toolchain that does not know a level yet records none, which is fine where none was asked for.
    if (key in settings || !isDefaultLevel(key, step.target)) yield [key, planned];
  }
  const cgo = step.env["CGO_ENABLED"];
  if (cgo !== undefined) yield ["CGO_ENABLED", cgo];
  yield ["GOEXPERIMENT", step.env["GOEXPERIMENT"] || undefined];
  const mode = flag(step.flags, "-buildmode") ?? "default";
  yield ["-buildmode", mode === "default" ? "exe" : mode];
}

function isDefaultLevel(key: string, { arch, level }: Target): boolean {
  return level === undefined && key === levelsOf(arch)?.variable;
}

/** Flags given by hand in `flags` come after ours or before them: then Go decides, and nothing is compared. */
function* checkLists(settings: RecordedSettings, step: BuildStep): Iterable<BinaryFault> {
  const ldflags = settings["-ldflags"];
  if (ldflags !== undefined && flag(step.flags, "-ldflags") === undefined) {
    if (JSON.stringify(splitQuoted(ldflags)) !== JSON.stringify(step.ldflags)) {
      yield {
        is: `was linked with ${quoteUntrusted(ldflags)}, not ${quoteUntrusted(step.ldflags.join(" "))}`,
        cure: CURE,
      };
    }
  }
  if (flag(step.flags, "-tags") !== undefined) return;
  const tags = tagList(settings["-tags"]?.split(",") ?? []);
  const planned = tagList(step.tags);
  if (tags !== planned) {
    yield {
      is: `was built with the tags ${quoteUntrusted(tags)}, not ${quoteUntrusted(planned)}`,
      cure: CURE,
    };
  }
}

/** GOFIPS140 adds a tag of its own (cmd/go/internal/fips140). */
function tagList(tags: readonly string[]): string {
  return [...new Set(tags.filter((tag) => !tag.startsWith("fips140v")))].sort().join(",");
}
