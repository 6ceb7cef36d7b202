import type { Inspection } from "../../model/binary.ts";
import type { BuildStep } from "../../model/plan.ts";
import { formats } from "../formats.ts";
import { levelsOf } from "../levels.ts";
import type { BinaryFault } from "./fault.ts";

/** Format, machine code and linkage: what the headers tell, whatever the build information says. */
export function* checkMachine(inspection: Inspection, step: BuildStep): Iterable<BinaryFault> {
  const { target } = step;
  const cure = `build it with GOOS=${target.os} GOARCH=${target.arch}; another build wrote this file`;
  const format = formats[target.os];
  if (format !== inspection.format) {
    yield {
      is: `is ${names[inspection.format]}, not ${format ? names[format] : "of a known format"}`,
      cure,
    };
  }
  if (inspection.arch !== target.arch) {
    yield { is: `holds machine code for ${inspection.arch}, not ${target.arch}`, cure };
  }
  const levels = levelsOf(target.arch);
  const level = target.level ?? levels?.fallback;
  if (levels !== undefined && inspection.level !== undefined && inspection.level !== level) {
    yield {
      is: `holds machine code for ${levels.variable}=${inspection.level}, not ${level}`,
      cure,
    };
  }
  if (step.static === "required" && inspection.linkage.kind === "dynamic") {
    yield { is: `is dynamically linked: ${loaded(inspection)}`, cure: staticCure(inspection) };
  }
}

const names = { elf: "ELF", "mach-o": "Mach-O", pe: "PE", wasm: "WebAssembly" } as const;

function loaded({ linkage: { interpreter, libraries } }: Inspection): string {
  return [...(interpreter === undefined ? [] : [`interpreter ${interpreter}`]), ...libraries].join(
    ", ",
  );
}

function staticCure({ buildInfo: { settings } }: Inspection): string {
  const report = "set `static: report` to release it as it is";
  if (settings["CGO_ENABLED"] === "1") {
    return `set \`CGO_ENABLED=0\`, add \`-linkmode external -extldflags -static\` to \`ldflags\`, or ${report}`;
  }
  if (settings["-buildmode"] === "pie")
    return `remove \`-buildmode=pie\` from \`flags\`, or ${report}`;
  return `find the package that links to them (\`//go:cgo_import_dynamic\`), or ${report}`;
}
