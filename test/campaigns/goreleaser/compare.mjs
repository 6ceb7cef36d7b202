/** One line for two lists that are equal, or one for each side that has more. */
export function compareLists(of, theirs, ours, told = "") {
  const missing = theirs.filter((one) => !ours.includes(one));
  const added = ours.filter((one) => !theirs.includes(one));
  if (missing.length + added.length === 0) return [`same ${of} (${ours.length})`];
  return [
    `same ${of}: ${ours.length - added.length} of ${theirs.length}`,
    ...missing.map((one) => `${of}: MISSING ${one}${told.includes(one) ? " (told)" : ""}`),
    ...added.map((one) => `${of}: ADDED ${one}${told.includes(one) ? " (told)" : ""}`),
  ];
}

/** The same for what several things hold. */
export function compareMaps(of, keys, theirs, ours) {
  const lines = keys.flatMap((key) =>
    compareLists(of, theirs(key), ours(key))
      .filter((line) => !line.startsWith("same"))
      .map((line) => `${key}: ${line}`),
  );
  return lines.length === 0 ? [`same ${of} (in ${keys.length} files)`] : lines;
}

/** What `go build` was asked to link and by which settings, for each program and target. */
export function linkedValues(log, plan) {
  const theirs = new Map();
  for (const line of log.split("\n").filter((one) => one !== "")) {
    const { args, env } = JSON.parse(line);
    const { GOOS, GOARCH } = env;
    const name = args[args.indexOf("-o") + 1].replace(/^.*\//u, "");
    const flags = args
      .filter((one) => one.startsWith("-ldflags="))
      .flatMap((one) => words(one.slice("-ldflags=".length)));
    theirs.set([name, GOOS, GOARCH, levelOf(env)].join(" "), [...theirs.get([name, GOOS, GOARCH, levelOf(env)].join(" ")) ?? [], settings(flags, args, env)]);
  }
  const ours = new Map();
  for (const build of plan.builds) {
    for (const { target, ldflags, env, flags } of build.slices ?? [build]) {
      for (const { binary } of build.programs) {
        const key = [binary, target.os, target.arch, target.level ?? defaults[target.arch] ?? ""].join(" ");
        const args = [...flags, ...(build.tags.length > 0 ? [`-tags=${build.tags.join(",")}`] : [])];
        ours.set(key, [...(ours.get(key) ?? []), settings(ldflags, args, env)]);
      }
    }
  }
  const keys = [...new Set([...theirs.keys(), ...ours.keys()])];
  const flat = (of) => (key) => (of.get(key) ?? ["not built"]).flat().sort();
  const told = [...TOLD].filter((one) => keys.some((key) => flat(theirs)(key).includes(one)));
  const untold = (key) => flat(theirs)(key).filter((one) => !TOLD.has(one) || flat(ours)(key).includes(one));
  return [
    ...compareMaps("linked values", keys, untold, flat(ours)),
    ...told.map((one) => `told: same but for ${one}, which GoReleaser has where nothing is said`),
  ];
}

/** Defaults of GoReleaser's that `init` tells not to keep. */
const TOLD = new Set(["-X main.builtBy=goreleaser", "CGO_ENABLED=undefined"]);

const defaults = { amd64: "v1", 386: "sse2", arm: "6", arm64: "v8.0", mips: "hardfloat", mipsle: "hardfloat", mips64: "hardfloat", mips64le: "hardfloat", ppc64: "power8", ppc64le: "power8", riscv64: "rva20u64" };

function levelOf(env) {
  const of = { amd64: "GOAMD64", 386: "GO386", arm: "GOARM", arm64: "GOARM64", mips: "GOMIPS", mipsle: "GOMIPS", mips64: "GOMIPS64", mips64le: "GOMIPS64", ppc64: "GOPPC64", ppc64le: "GOPPC64", riscv64: "GORISCV64" };
  return env[of[env.GOARCH]] || defaults[env.GOARCH] || "";
}

/** As Go takes a text of flags apart (cmd/internal/quoted). */
function words(text) {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/gu)].map(([, one, two, three]) => one ?? two ?? three);
}

/** `-X` values, other linker flags, tags and cgo; a time of this machine is the commit's in ours. */
function settings(ldflags, args, env) {
  const flags = ldflags.join("\0").replaceAll(/(^|\0)-X[\0=]/gu, "$1-X ").split("\0");
  const dated = flags.map((one) => one.replace(/^(-X .*=)\d{4}-\d\d-\d\dT[0-9:]+Z$/u, "$1DATE"));
  const tags = args
    .filter((one) => one.startsWith("-tags="))
    .map((one) => `tags ${one.slice("-tags=".length).split(/[ ,]+/u).join(",")}`);
  return [
    ...dated.filter((one) => one !== "" && one !== "-buildid="),
    ...tags,
    ...(env.CGO_ENABLED === "0" ? [] : [`CGO_ENABLED=${env.CGO_ENABLED}`]),
    ...(env.CC ? [`CC=${env.CC}`] : []),
  ];
}
