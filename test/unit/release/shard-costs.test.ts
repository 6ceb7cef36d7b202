import { expect, it } from "vitest";
import type { Plan } from "../../../src/model/plan.ts";
import { plan } from "../../../src/plan/plan.ts";
import { balanced, costOf } from "../../../src/release/shard-costs.ts";
import { configOf, factsOf, PLATFORMS, TERMINAL } from "../../support/facts.ts";

const DEFAULTS = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64";

function planned(targets: string, programs = 1): Plan {
  const names = Array.from({ length: programs }, (_, at) => `cmd${at}`);
  return plan({
    config: configOf({
      targets,
      ...(programs === 1 ? {} : { main: names.map((name) => `./${name}`).join(",") }),
    }),
    facts: factsOf({
      programs: [
        names.map((name) => ({
          importPath: programs === 1 ? "example.com/tool" : `example.com/tool/${name}`,
          package: programs === 1 ? "." : `./${name}`,
          platforms: PLATFORMS,
        })),
      ],
    }),
    surroundings: TERMINAL,
    generator: "1.0.0",
  });
}

/** The same with cgo for the targets of Linux, as `overrides` sets it. */
function withCgo(given: Plan): Plan {
  const builds = given.builds.map((step) =>
    step.target.os === "linux" ? { ...step, env: { ...step.env, CGO_ENABLED: "1" } } : step,
  );
  return { ...given, builds };
}

it.each([
  ["six targets", planned(DEFAULTS)],
  ["nine targets", planned(`${DEFAULTS},linux/386,linux/riscv64,freebsd/amd64`)],
  ["ten targets", planned(`${DEFAULTS},linux/386,linux/riscv64,freebsd/amd64,linux/mips`)],
  ["cgo for two of six", withCgo(planned(DEFAULTS))],
  ["cgo for four of eight", withCgo(planned(`${DEFAULTS},linux/386,linux/riscv64`))],
  ["forty programs", planned(DEFAULTS, 40)],
])(
  "of three machines the slowest takes at most 0.45 of the whole: %s",
  (_, { archives, builds }) => {
    const whole = costOf(archives, builds);
    const parts = balanced(archives, builds, 3).map((part) => costOf(part, builds));
    expect(Math.max(...parts) / whole).toBeLessThanOrEqual(0.45);
  },
);

it("lets no machine compile for both what one has compiled", () => {
  const { archives, builds } = planned(DEFAULTS);
  const zips = archives.map((archive) => ({ ...archive, name: `${archive.name}.zip` }));
  const parts = balanced([...archives, ...zips], builds, 3);
  expect(parts.map((part) => new Set(part.map(({ binaries }) => binaries[0]?.build)).size)).toEqual(
    [2, 2, 2],
  );
});

it("gives each machine something to do, and every archive to one", () => {
  const { archives, builds } = planned(DEFAULTS);
  const same = archives.map((archive) => ({ ...archive, binaries: archives[0]?.binaries ?? [] }));
  const parts = balanced(same, builds, 6);
  expect(parts.map((part) => part.length)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(new Set(parts.flat())).toEqual(new Set(same));
});

it("deals a thousand archives out to many machines in a moment", () => {
  const { archives, builds } = planned(DEFAULTS);
  const many = Array.from({ length: 1000 }, (_, at) => ({
    ...archives[at % archives.length],
    name: `${at}`,
  })) as unknown as Plan["archives"];
  expect(balanced(many, builds, 100).flat()).toHaveLength(1000);
});
