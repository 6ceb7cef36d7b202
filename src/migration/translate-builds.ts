import { dirname } from "node:path/posix";
import { defined } from "../model/defined.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { translateByGroup, translateText } from "./archive-names.ts";
import type { MigrationFindings } from "./findings.ts";
import type { GoReleaserBuild } from "./goreleaser-builds.ts";
import { commandOf, listOf, mapping, textsOf } from "./goreleaser-file.ts";
import { type TemplateScope, translated } from "./placeholders.ts";
import { textAt, translateHook } from "./translate-hooks.ts";
import { type OverrideRow, translateOverrides } from "./translate-overrides.ts";

/** A row of our `builds`. */
export type BuildRow = Readonly<Record<string, unknown>> & {
  readonly name: string;
  readonly targets: readonly string[];
};

/** A build of theirs as rows of ours: one, or one for each group of targets that differ in a text. */
export function translateBuild(
  build: GoReleaserBuild,
  key: string,
  scope: TemplateScope,
  findings: MigrationFindings,
): readonly BuildRow[] {
  tellRest(build, key, findings);
  tellCgo(build, key, scope, findings);
  const sound = withoutUnknown(build, key, scope, findings);
  const groups =
    findings.attempt(key, () =>
      translateByGroup(build.targets, (targets) => textsFor(sound, targets, scope)),
    ) ?? [];
  const { rest, tags } = takeTags(writtenFlags(build, key, scope, findings));
  const flags = flagsOf({ ...build, flags: rest }, key, findings);
  const allTags = writtenTags([...build.tags, ...tags], key, findings);
  return groups.map(({ targets, translated: texts }, index) => ({
    ...overridesOf(build, targets, key, scope, findings),
    name: groups.length === 1 ? build.id : `${build.id}-${index + 1}`,
    main: [packageOf(build.main)],
    ...defined({
      binary: texts.binary,
      tags: allTags.length === 0 ? undefined : allTags,
      ldflags: texts.ldflags,
    }),
    targets: targets.map(writtenTarget),
    ...(flags.length === 0 ? {} : { flags: ["-trimpath", ...flags] }),
    env: texts.env,
    ...(texts.after.length === 0 ? {} : { "after-build": texts.after }),
  }));
}

function overridesOf(
  build: GoReleaserBuild,
  targets: readonly Target[],
  key: string,
  scope: TemplateScope,
  findings: MigrationFindings,
): { readonly overrides?: readonly OverrideRow[] } {
  const overrides = translateOverrides(build, targets, key, scope, findings);
  return overrides.length === 0 ? {} : { overrides };
}

/** Flags that cannot be translated leave the default ones, and a row; the build stays. */
function withoutUnknown(
  build: GoReleaserBuild,
  key: string,
  scope: TemplateScope,
  findings: MigrationFindings,
): GoReleaserBuild {
  const ldflags = build.ldflags?.flatMap(
    (one, index) =>
      findings.attempt(`${key}.ldflags[${index}]`, () => {
        for (const target of build.targets) textAt(one, scope, target);
        return [one];
      }) ?? [],
  );
  const after = build.after.flatMap(
    (hook) =>
      findings.attempt(`${key}.hooks.post`, () => {
        for (const target of build.targets) translateHook(hook, scope, target);
        return [hook];
      }) ?? [],
  );
  for (const hook of after)
    findings.changed(
      `${key}.hooks.post`,
      `\`${commandOf(hook)}\`: after-build; it sees no secret that \`after-build-env\` does not name`,
    );
  return { ...build, ldflags, after };
}

/** `6,softfloat` is written with a plus, for a comma separates targets. */
function writtenTarget(target: Target): string {
  return formatTarget(target).replaceAll(",", "+");
}

/** Go takes folders; a file among them would leave out the others of its package. */
function packageOf(main: string): string {
  const folder = main.endsWith(".go") ? dirname(main) : main;
  return folder === "." || folder.startsWith("./") ? folder.replace(/\/$/u, "") : `./${folder}`;
}

interface BuildTexts {
  readonly binary: string;
  readonly ldflags: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Commands on a program. */
  readonly after: readonly string[];
}

/** The texts that may differ from target to target; undefined where they do. */
function textsFor(
  build: GoReleaserBuild,
  targets: readonly Target[],
  scope: TemplateScope,
): BuildTexts | undefined {
  const all = targets.map((target) => ({
    binary: withTarget(build.binary, target, targets, scope),
    ldflags:
      build.ldflags === undefined
        ? undefined
        : ["-buildid=", ...build.ldflags.map((one) => textAt(one, scope, target).trim())]
            .filter((one) => one !== "")
            .join(" "),
    env: environmentOf(build, scope, target),
    after: build.after.map((hook) => translateHook(hook, scope, target)),
  }));
  const [first] = all;
  const same = all.every((one) => JSON.stringify(one) === JSON.stringify(first));
  return same ? first : undefined;
}

/** The name of a program may have GOOS and GOARCH in it, as ours may. */
function withTarget(
  template: string,
  target: Target,
  targets: readonly Target[],
  scope: TemplateScope,
): string {
  const texts = targets.map((one) => translated(template, scope, { target: one }));
  const { os, arch } = target;
  const own = translated(template, scope, { target });
  if (texts.every((text) => text === own)) return own;
  return own.replace(os, "{os}").replace(arch, "{arch}");
}

/** What the compiler is to see: nothing of other tools, and nothing that every build settles for itself. */
function environmentOf(
  { env }: GoReleaserBuild,
  scope: TemplateScope,
  target: Target,
): Readonly<Record<string, string>> {
  const own = env.map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]);
  const wide = Object.entries(scope.env).filter(([name]) => OF_COMPILER.test(name));
  return Object.fromEntries(
    [...wide, ...own]
      .filter(([name = ""]) => !SETTLED.test(name))
      .map(([name = "", value = ""]) => [name, textAt(value, scope, target)]),
  );
}

const OF_COMPILER = /^(CGO_|CC$|CXX$|AR$|PKG_CONFIG|MACOSX_|GOEXPERIMENT$|GOFIPS140$)/u;
const SETTLED =
  /^(GO111MODULE|GOFLAGS|GOOS|GOARCH|GOARM|GOAMD64|GOPROXY|GOSUMDB|GOPRIVATE|GOWORK|GOTOOLCHAIN|GOPATH|GOCACHE|PATH)$/u;

/** Flags that a variable of the environment holds as a whole are of the machine, and no configuration knows them. */
function writtenFlags(
  { flags }: GoReleaserBuild,
  key: string,
  scope: TemplateScope,
  findings: MigrationFindings,
): readonly string[] {
  return flags.flatMap((one) => {
    const place = `${key}.flags`;
    const text = findings.attempt(place, () => translateText(one, scope));
    if (text?.startsWith("{") !== true) return text ?? [];
    findings.left(
      place,
      `\`${one}\`: write the flags out, here or as the input \`flags\` of the job`,
    );
    return [];
  });
}

/** Build tags have an input of their own. */
function takeTags(flags: readonly string[]): {
  readonly rest: readonly string[];
  readonly tags: readonly string[];
} {
  const rest: string[] = [];
  const tags: string[] = [];
  for (const [at, flag] of flags.entries()) {
    const given = /^--?tags(?:[=\s]|$)(?<list>.*)$/su.exec(flag)?.groups?.["list"];
    const follows = /^--?tags$/u.test(flags[at - 1] ?? "");
    if (given === undefined && !follows) rest.push(flag);
    else tags.push(...(given ?? flag).split(/[\s,'"]+/u).filter((one) => one !== ""));
  }
  return {
    rest: [...rest, ...tags.filter((one) => one.startsWith("-"))],
    tags: tags.filter((one) => !one.startsWith("-")),
  };
}

/** Tags decide what is built, and are known before anything is. */
function writtenTags(
  tags: readonly string[],
  key: string,
  findings: MigrationFindings,
): readonly string[] {
  return tags.filter((tag) => {
    const known = !/[{}]/u.test(tag);
    if (!known)
      findings.left(
        `${key}.tags`,
        `\`${tag}\`: write the tags out, here or as the input \`tags\` of the job`,
      );
    return known;
  });
}

/** `-trimpath` and `-mod=readonly` are always there. */
function flagsOf(
  { flags, row }: GoReleaserBuild,
  key: string,
  findings: MigrationFindings,
): readonly string[] {
  const given = flags
    .flatMap((one) => one.split(/\s+/u))
    .filter((one) => one !== "" && one !== "-trimpath");
  const kept = given.filter((one) => !one.startsWith("-mod=") && one !== "-v");
  const dropped = given.filter((one) => !kept.includes(one));
  if (dropped.includes("-mod=mod") || dropped.includes("-mod=vendor"))
    findings.changed(
      `${key}.flags`,
      `${dropped.join(" ")}: releases are built with -mod=readonly, from vendor/ if it exists`,
    );
  const more = (["gcflags", "asmflags"] as const).flatMap((name) =>
    listOf(row[name]).map((value) => `-${name}=${String(value)}`),
  );
  const mode = typeof row["buildmode"] === "string" ? [`-buildmode=${row["buildmode"]}`] : [];
  return [...kept, ...more, ...mode];
}

/** Keys that need no line: what they ask for is always so. */
const always =
  /^(id|main|dir|binary|goos|goarch|goarm|goarm64|goamd64|go386|gomips|goppc64|goriscv64|targets|ignore|flags|ldflags|tags|env|mod_timestamp|no_unique_dist_dir|gcflags|asmflags|buildmode|builder|skip|no_main_check|hooks|overrides)$/u;

function tellRest(
  { row, env, dir, ldflags }: GoReleaserBuild,
  key: string,
  findings: MigrationFindings,
): void {
  for (const name of Object.keys(row).filter((one) => !always.test(one)))
    findings.left(`${key}.${name}`, reasons[name] ?? "has no equivalent");
  if (dir !== undefined && dir !== ".")
    findings.changed(
      `${key}.dir`,
      `a separate module: set \`working-directory: ${dir}\` where the program is called`,
    );
  for (const one of env.filter((value) => value.startsWith("GOFLAGS=")))
    findings.left(`${key}.env`, `${one}: put its flags in \`flags\``);
  if (ldflags?.some((one) => /\.(Date|Timestamp)\b/u.test(one)) === true)
    findings.changed(`${key}.ldflags`, "dates are the commit's, so that builds are reproducible");
  if (ldflags === undefined)
    findings.changed(
      `${key}.ldflags`,
      "the default, without `-X main.builtBy=goreleaser`; dates are the commit's",
    );
  tellHooks(row, key, findings);
}

/** Where nothing is said Go uses C for the machine's own platform, and for no other. */
function tellCgo(
  { env, row }: GoReleaserBuild,
  key: string,
  scope: TemplateScope,
  findings: MigrationFindings,
): void {
  const said = [...env, ...listOf(row["overrides"]).flatMap((one) => textsOf(mapping(one)["env"]))];
  if ("CGO_ENABLED" in scope.env || said.some((one) => one.startsWith("CGO_ENABLED="))) return;
  findings.changed(
    `${key}.env`,
    "without CGO_ENABLED: programs are built with CGO_ENABLED=0; set CGO_ENABLED=1 in `env` if they need C",
  );
}

function tellHooks(
  row: Readonly<Record<string, unknown>>,
  key: string,
  findings: MigrationFindings,
): void {
  const hooks = mapping(row["hooks"]);
  for (const command of listOf(hooks["pre"]))
    findings.left(
      `${key}.hooks.pre`,
      `\`${commandOf(command)}\`: run it in \`before\`, or in a step of the job before this one`,
    );
}

const reasons: Readonly<Record<string, string>> = {
  tool: "programs are built with the standard `go build`",
  gobinary: "programs are built with the standard `go build`; choose a version with `go-version`",
  command: "programs are built with the standard `go build`",
};
