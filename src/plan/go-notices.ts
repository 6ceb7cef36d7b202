import type { GoFacts } from "../facts/facts.ts";
import { splitQuoted } from "../go/inspection/split-go-flags.ts";
import { levelsOf } from "../go/levels.ts";
import { isOfCgo } from "../go/set-aside.ts";
import { isOlderGo } from "../model/go-version.ts";
import type { BuildStep } from "../model/plan.ts";

/** What is other than a plain `go build` here would have it. */
export function goNotices(builds: readonly BuildStep[], go: GoFacts): readonly string[] {
  const aside = Object.entries(go.setAside ?? {}).flatMap(([name, value]) =>
    remarksOn(name, value, { builds, go }),
  );
  return [
    ...(go.replaced === undefined
      ? []
      : [
          `go.mod or GOTOOLCHAIN selects ${go.version} instead of ${go.replaced} on PATH; set \`GOTOOLCHAIN=local\` to use the one on PATH`,
        ]),
    ...(go.suggested !== undefined && isOlderGo(go.version, go.suggested)
      ? [
          `go.mod suggests ${go.suggested}, but this is ${go.version}: set \`go-version: ${go.suggested.slice(2)}\` to release with it`,
        ]
      : []),
    ...(aside.length === 0
      ? []
      : [`Go settings of this environment are ignored; use inputs instead: ${aside.join("; ")}`]),
  ];
}

interface Planned {
  readonly builds: readonly BuildStep[];
  readonly go: GoFacts;
}

/** Each setting that would have made another program, with the input that says the same; none where nothing differs. */
function remarksOn(name: string, value: string, planned: Planned): readonly string[] {
  const { builds, go } = planned;
  const unequal = builds.some(
    ({ env }) => (env[name] || go.defaults?.[name] || OFF[name]) !== value,
  );
  if (name === "GOFLAGS") return goFlags(value, builds);
  if (name === "GOOS" || name === "GOARCH") return platform(name, value, planned);
  if (name in OFF) return unequal ? [`${name}=${value} (use \`env: ${name}=${value}\`)`] : [];
  if (isOfCgo(name)) {
    const missing = builds.some(({ env }) => env["CGO_ENABLED"] === "1" && env[name] === undefined);
    return missing ? [`${name} (use \`env: ${name}=…\`)`] : [];
  }
  if (name === "GO111MODULE")
    return value === "off" ? ["GO111MODULE=off (modules are always on)"] : [];
  if (name === "GOROOT") return [`GOROOT=${value} (the \`go\` on PATH uses its own)`];
  if (name === "GOCACHEPROG") return ["GOCACHEPROG (Go's default cache is used)"];
  return level(name, value, builds);
}

/** Settings with a word for each build, and what they are where nobody says anything. */
const OFF: Readonly<Record<string, string | undefined>> = {
  CGO_ENABLED: "0",
  GOEXPERIMENT: undefined,
  GOFIPS140: "off",
  GO_EXTLINK_ENABLED: undefined,
};

/** A level counts for the targets that have none of their own. */
function level(name: string, value: string, builds: readonly BuildStep[]): readonly string[] {
  const others = builds
    .map(({ target }) => target)
    .filter((target) => {
      const levels = levelsOf(target.arch);
      return levels?.variable === name && (target.level ?? levels.fallback) !== value;
    });
  const names = others.map(({ os, arch }) => `${os}/${arch}/${value.replaceAll(",", "+")}`);
  return names.length === 0
    ? []
    : [`${name}=${value} (use \`targets: ${[...new Set(names)].join(",")}\`)`];
}

function platform(
  name: "GOOS" | "GOARCH",
  value: string,
  { builds, go }: Planned,
): readonly string[] {
  const part = name === "GOOS" ? "os" : "arch";
  if (builds.every(({ target }) => target[part] === value)) return [];
  // Of the two only the first speaks for both.
  if (name === "GOOS" && go.setAside?.["GOARCH"] !== undefined) {
    if (builds.some(({ target }) => target.arch !== go.setAside?.["GOARCH"])) return [];
  }
  const { GOOS = "*", GOARCH = "*" } = go.setAside ?? {};
  return [`${name}=${value} (use \`targets: ${GOOS}/${GOARCH}\`)`];
}

/** Flags that never change what is made, or that are always given. */
const WITHOUT_EFFECT =
  /^-(p|v|x|work|a|modcacherw|trimpath|buildvcs)(=(true|1|auto|\d+))?$|^-mod=(readonly|vendor)$/u;

function goFlags(value: string, builds: readonly BuildStep[]): readonly string[] {
  const flags = splitQuoted(value).map((flag) => flag.replace(/^--/u, "-"));
  return flags
    .filter((flag) => !WITHOUT_EFFECT.test(flag))
    .flatMap((flag) => {
      const [, name = flag, text = ""] = /^-([\w]+)=?(.*)$/su.exec(flag) ?? [];
      if (builds.every((step) => has(step, flag, name, text))) return [];
      if (name === "tags") return [`GOFLAGS=${flag} (use \`tags: ${text}\`)`];
      // It may hold what is secret.
      if (name === "ldflags") return ["GOFLAGS=-ldflags=… (use `ldflags`)"];
      if (name === "mod") return [`GOFLAGS=${flag} (go.mod is used as committed)`];
      return [`GOFLAGS=${flag} (use \`flags: ${flag}\`)`];
    });
}

/** Whether the inputs say the same already. */
function has({ flags, tags }: BuildStep, flag: string, name: string, value: string): boolean {
  if (name === "tags") return value.split(",").every((tag) => tags.includes(tag));
  return flags.some((one) => one.replace(/^--/u, "-") === flag);
}
