import { defined } from "../model/defined.ts";
import { referenceFault } from "../signers/key/key-references.ts";
import { isKeyText } from "../signers/key/pem-text.ts";
import { belongsTo, type CommandName } from "./commands.ts";
import { type ConfigFault, InvalidConfig, quoteValue, suggest } from "./config-error.ts";
import type { FileContents, GivenBuild } from "./file.ts";
import type { Given } from "./given-input.ts";
import type { InputSource } from "./input-types.ts";
import {
  type BuildSettings,
  buildInputs,
  type InputName,
  inputs,
  kebab,
  type Settings,
} from "./inputs.ts";
import { presets } from "./presets.ts";
import { read } from "./read.ts";
import { refusedIn, startedBy } from "./started-by-file.ts";

/** One row of `builds`, or the only build when there is no such list. */
export interface BuildConfig {
  /** Distinguishes several builds; empty for the only one. */
  readonly name: string;
  /** Name of the binary where it is not what `go install` would choose. */
  readonly binary?: string;
  /** Whether `main` was given, or the default applies. */
  readonly settings: BuildSettings;
}

type ArchiveRow = Settings["archives"][number];

/** One kind of archive: a row of `archives`, or the only one. */
export interface ArchiveConfig {
  /** Names of the builds whose programs it holds; undefined means all. */
  readonly builds: readonly string[] | undefined;
  /** Globs over targets; empty means all. */
  readonly targets: readonly string[];
  readonly formats: ArchiveRow["archive"];
  readonly name: string | undefined;
  readonly wrap: string | undefined;
  /** Spellings of its own. */
  readonly names: Settings["names"];
  /** Undefined means the default ones. */
  readonly files: Settings["files"] | undefined;
}

/** Everything the user decided, validated: the core trusts it. */
export interface Config {
  readonly settings: Settings;
  readonly builds: readonly BuildConfig[];
  readonly archives: readonly ArchiveConfig[];
  /** Inputs that somebody gave, and who; the others hold their defaults. */
  readonly given: ReadonlyMap<InputName, InputSource>;
  /** Where each of them was given, as people know the place: `--sign-key`, `COSIGN_PRIVATE_KEY`, `input token`. */
  readonly origins: ReadonlyMap<InputName, string>;
  /** What a file of the commit has `go build` start or touch besides compiling, e.g. `flags: -toolexec=garble`. */
  readonly startedByFile: readonly string[];
  /** What was given, as given and without secrets, by kebab-case name. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Whether the caller gave an input, not a file of the commit and not nobody. */
export function isCallers({ given }: Config, name: InputName): boolean {
  const source = given.get(name);
  return source !== undefined && source !== "file";
}

export interface Sources {
  readonly flags: readonly Given[];
  readonly host: readonly Given[];
  readonly environment: readonly Given[];
  readonly file: FileContents;
  /** Whose the checkout is, when it is not the caller's own: its file starts nothing here then. */
  readonly foreign?: string | undefined;
}

/** Precedence is flag, host, environment, file, default. Throws `InvalidConfig` with every fault. */
export function configure(command: CommandName, sources: Sources): Config {
  const faults: ConfigFault[] = [...sources.file.faults];
  const ordered = [
    ...sources.file.given,
    ...sources.environment,
    ...sources.host,
    ...sources.flags,
  ];
  const effective = new Map(ordered.map((given) => [given.name, given]));
  const preset = givenByPreset(effective.get("preset"));
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => {
      const given = effective.get(name as InputName) ?? preset.get(name);
      return [name, given === undefined ? input.fallback : read(input, given, faults)];
    }),
  );
  // The table's own readers made each value, which TypeScript cannot follow through `Object.entries`.
  const settings = values as Settings;
  faults.push(...misplaced(command, sources.flags), ...uncalledFor(effective));
  const builds = buildsOf(settings, sources.file.builds, faults);
  const given = new Map([...effective].map(([name, { from }]) => [name, from]));
  const archives = archivesOf(settings, builds, given, faults);
  const started = startedBy(sources.file, effective);
  // Who verifies starts nothing but to build it again.
  const starting = command !== "verify" || settings.rebuild;
  if (sources.foreign !== undefined && starting)
    faults.push(...started.map(refusedIn(sources.foreign)));
  if (faults.length > 0) throw new InvalidConfig(faults.sort((a, b) => lineOf(a) - lineOf(b)));
  return {
    settings,
    builds,
    archives,
    given,
    origins: new Map([...effective].map(([name, { where }]) => [name, where])),
    startedByFile: started.map(({ field, word }) => `${field}: ${word}`),
    parameters: parametersOf(effective, sources.file),
  };
}

/** What a preset says of inputs that nobody gave. */
function givenByPreset(asked: Given | undefined): ReadonlyMap<string, Given> {
  const name = Object.keys(presets).find((one) => one === asked?.raw);
  if (asked === undefined || name === undefined) return new Map();
  const { values } = presets[name as keyof typeof presets];
  return new Map(
    Object.entries(values).map(([input, raw]) => [
      input,
      { name: input as InputName, raw, where: asked.where, from: asked.from },
    ]),
  );
}

/** A fault's line in the file; what was given elsewhere comes first. */
function lineOf({ where }: ConfigFault): number {
  return Number(/:(\d+):\d+$/u.exec(where)?.[1] ?? 0);
}

/** Inputs on the command line that this command does not know: a flag that does nothing misleads. */
function misplaced(command: CommandName, flags: readonly Given[]): readonly ConfigFault[] {
  return flags
    .filter(({ name }) => !belongsTo(inputs[name], command))
    .map(({ where }) => ({
      where,
      field: "",
      rule: `is not an input of \`${command}\``,
      cure: `see \`${command} --help\``,
    }));
}

/** Combinations that contradict each other. */
function uncalledFor(effective: ReadonlyMap<InputName, Given>): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  const key = effective.get("signKey");
  if (key?.from === "flag" && isKeyText(String(key.raw))) {
    faults.push({
      where: key.where,
      field: "sign-key",
      rule: "must be a path here",
      cure: "give the key itself in GO_RELEASE_SIGN_KEY or COSIGN_PRIVATE_KEY",
    });
  }
  const reference = key === undefined ? undefined : referenceFault(String(key.raw));
  if (key !== undefined && reference !== undefined) {
    const { scheme, rule, cure } = reference;
    faults.push({ where: key.where, field: "sign-key", rule, value: `${scheme}://…`, cure });
  }
  return [...faults, ...halfAnIdentity(effective), ...twoPrints(effective)];
}

/** Standard output has room for one. */
function twoPrints(effective: ReadonlyMap<InputName, Given>): readonly ConfigFault[] {
  const prints = (["printNotes", "json", "shards"] as const).flatMap(
    (name) => effective.get(name) ?? [],
  );
  const asked = prints.filter(({ raw }) => raw !== false && String(raw).toLowerCase() !== "false");
  const [first, other] = asked;
  if (first?.name !== "printNotes" || other === undefined) return [];
  return [
    {
      where: first.where,
      field: "",
      rule: `cannot be combined with \`${kebab(other.name)}\``,
      cure: "run the command once for each",
    },
  ];
}

/** Anybody can get the same subject from another issuer. */
function halfAnIdentity(effective: ReadonlyMap<InputName, Given>): readonly ConfigFault[] {
  const halves = ["certificateIdentity", "certificateOidcIssuer"] as const;
  const given = halves.flatMap((name) => effective.get(name) ?? []);
  const [only, other] = given;
  if (only === undefined || other !== undefined) return [];
  const missing = halves.find((name) => name !== only.name) ?? "";
  return [
    {
      where: only.where,
      field: kebab(only.name),
      rule: "is only half of an identity",
      cure: `also pass \`--${kebab(missing)}\``,
    },
  ];
}

function buildsOf(
  settings: Settings,
  rows: readonly GivenBuild[],
  faults: ConfigFault[],
): readonly BuildConfig[] {
  const named = settings.preset === "none" ? {} : { binary: presets[settings.preset].binary };
  if (rows.length === 0) return [{ name: "", ...named, settings }];
  const builds = rows.map((row) => ({ ...named, ...buildOf(settings, row, faults) }));
  for (const [index, { name }] of builds.entries()) {
    const where = rows[index]?.where ?? "";
    if (builds.findIndex((other) => other.name === name) < index) {
      faults.push({
        where,
        field: "name",
        rule: "two builds have the same name",
        value: quoteValue(name),
        cure: "give each a `name`",
      });
    }
  }
  return builds;
}

/** The last part of a path; undefined for a template. */
function plainName(path: string | undefined): string | undefined {
  return path === undefined || path.includes("{") ? undefined : path.replace(/^.*\//u, "");
}

function archivesOf(
  settings: Settings,
  builds: readonly BuildConfig[],
  given: ReadonlyMap<InputName, InputSource>,
  faults: ConfigFault[],
): readonly ArchiveConfig[] {
  const top: ArchiveConfig = {
    builds: undefined,
    targets: [],
    formats: settings.archive,
    name: settings.archiveName,
    wrap: settings.wrap,
    names: {},
    files: given.has("files") ? settings.files : undefined,
  };
  if (settings.archives.length === 0) return [top];
  const names = builds.map(({ name }) => name);
  return settings.archives.map(({ archive, name, wrap, files, ...row }, index) => {
    const unknown = row.builds?.find((build) => !names.includes(build));
    if (unknown !== undefined) {
      faults.push({
        where: "archives",
        field: `archives[${index}].builds`,
        rule: "matches no entry of `builds`",
        value: quoteValue(unknown),
        cure: suggest(unknown, names) ?? `use one of ${names.join(", ")}`,
      });
    }
    return {
      ...row,
      formats: archive ?? top.formats,
      name: name ?? top.name,
      wrap: wrap ?? top.wrap,
      files: files ?? top.files,
    };
  });
}

function buildOf(top: Settings, row: GivenBuild, faults: ConfigFault[]): BuildConfig {
  const own = new Map(row.given.map((given) => [given.name, given]));
  const settings = Object.fromEntries(
    Object.entries(buildInputs).map(([key, input]) => {
      const name = key as InputName;
      const given = own.get(name);
      if (given === undefined) return [name, top[name]];
      const value = read(input, given, faults);
      return [name, name === "env" ? { ...top.env, ...(value as Settings["env"]) } : value];
    }),
  ) as BuildSettings;
  if (row.binary !== undefined && settings.main.length > 1) {
    faults.push({
      where: row.where,
      field: "binary",
      rule: "names a single program, but `main` has several",
      value: quoteValue(row.binary),
    });
  }
  return defined({
    name: row.name ?? plainName(row.binary) ?? plainName(settings.main[0]) ?? "",
    binary: row.binary,
    settings,
  });
}

function parametersOf(
  effective: ReadonlyMap<InputName, Given>,
  file: FileContents,
): Readonly<Record<string, unknown>> {
  const plain = (given: Iterable<Given>): Record<string, unknown> =>
    Object.fromEntries(
      [...given]
        .filter(({ name }) => !hidden.includes(name))
        .map(({ name, raw }) => [kebab(name), raw] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  const builds = file.builds.map(({ name, binary, given }) =>
    defined({
      name,
      binary,
      ...plain(given),
    }),
  );
  return { ...plain(effective.values()), ...(builds.length === 0 ? {} : { builds }) };
}

/** Secrets, and what tells of this machine or this call and not of the release. */
const hidden: readonly InputName[] = [
  "token",
  "tapToken",
  "channels",
  "signKey",
  "gpgKey",
  "gpgPassphrase",
  "apkKey",
  "apkPassphrase",
  "workingDirectory",
  "config",
  "output",
  "concurrency",
  "commandTimeout",
  "json",
  "printNotes",
  "shard",
  "shards",
  "runners",
  "from",
  "planDigest",
  "shardDigests",
  "trustedRoot",
  "tufRoot",
  "offline",
];
