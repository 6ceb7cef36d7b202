import type { BuildStep } from "../../model/plan.ts";
import type { Target } from "../../model/target.ts";
import { levelsOf } from "../levels.ts";
import { targetEnvironment } from "../targets.ts";
import type { BinaryFault, PlannedBinary } from "./fault.ts";
import { flag, hasFlag } from "./flags.ts";
import { quoteUntrusted } from "./quote-untrusted.ts";
import { splitQuoted } from "./split-go-flags.ts";

type RecordedSettings = Readonly<Record<string, string>>;

/**
 * The settings that cmd/go records (`setBuildInfo` in cmd/go/internal/load) against the build step.
 * Linker flags are recorded only without -trimpath (golang/go#52372).
 */
export function* checkSettings(
  settings: RecordedSettings,
  { step, plan }: Pick<PlannedBinary, "step" | "plan">,
): Iterable<BinaryFault> {
  for (const [key, planned] of variables(settings, step)) {
    if (settings[key] === planned) continue;
    yield {
      is: `was built with ${key}=${quoteUntrusted(settings[key])}, not ${quoteUntrusted(planned)}`,
      cure: CURE,
    };
  }
  yield* checkModes(settings, { step, plan });
  for (const name of switches) {
    const recorded = settings[name] === "true";
    if (recorded === hasFlag(["-trimpath", ...step.flags], name)) continue;
    yield { is: `was built ${recorded ? "with" : "without"} ${name}`, cure: CURE };
  }
  yield* checkLists(settings, step);
}

const CURE =
  "remove what changes the build outside the plan: another `go` or a wrapper on PATH, or another build of the same file";

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
  const mode = flag(step.flags, "-buildmode") ?? "default";
  yield ["-buildmode", mode === "default" ? "exe" : mode];
}

/** What an environment sets, else the toolchain's own maker. */
function* checkModes(
  settings: RecordedSettings,
  { step: { env }, plan: { goDefaults = {} } }: Pick<PlannedBinary, "step" | "plan">,
): Iterable<BinaryFault> {
  const experiment = env["GOEXPERIMENT"] || goDefaults["GOEXPERIMENT"];
  if (settings["GOEXPERIMENT"] !== experiment) {
    yield {
      is: `was built with GOEXPERIMENT=${quoteUntrusted(settings["GOEXPERIMENT"])}, not ${quoteUntrusted(experiment)}`,
      cure: CURE,
    };
  }
  const fips = env["GOFIPS140"] || goDefaults["GOFIPS140"] || "off";
  const recorded = settings["GOFIPS140"] ?? "off";
  if (isFips(recorded, fips)) return;
  yield {
    is: `was built with GOFIPS140=${quoteUntrusted(recorded)}, not ${quoteUntrusted(fips)}`,
    cure:
      recorded === "off"
        ? "build with Go 1.24 or newer: older versions do not support GOFIPS140"
        : CURE,
  };
}

/** A name may stand for a version (`inprocess`, `certified`), and `v1.0.0` for one with a hash (cmd/go/internal/fips140). */
function isFips(recorded: string, planned: string): boolean {
  if (planned === "off" || planned === "latest") return recorded === planned;
  return planned.startsWith("v")
    ? recorded === planned || recorded.startsWith(`${planned}-`)
    : recorded.startsWith("v");
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
