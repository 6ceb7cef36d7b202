import type { MigrationFindings } from "./findings.ts";
import { isMapping, listOf, mapping, textOf, textsOf } from "./goreleaser-file.ts";
import type { TemplateScope } from "./placeholders.ts";
import { DESCRIBED, describedBy } from "./translate-metadata.ts";

type ChannelKeys = Readonly<Record<string, unknown>>;

interface ChannelSection {
  readonly key: string;
  readonly value: unknown;
  readonly scope: TemplateScope;
  readonly findings: MigrationFindings;
}

/** Where each of GoReleaser's sections goes. */
const inputOf: Readonly<Record<string, "homebrew" | "homebrew-cask" | "scoop">> = {
  brews: "homebrew",
  homebrew_casks: "homebrew-cask",
  scoops: "scoop",
};

/** Fields that are read below, and those that say what is so anyway. */
const read = new Set([
  ...["repository", "tap", "bucket", "name", "description", "homepage", "license", "directory"],
  ...["caveats", "dependencies", "test", "ids", "goarm", "goamd64", "folder", "skip_upload"],
]);

/** Those of casks besides: what an archive holds is linked by itself. */
const readOfCasks = new Set([
  ...["conflicts", "hooks", "binary", "binaries", "manpage", "manpages", "completions"],
]);

/** `brews`, `homebrew_casks` and `scoops` of GoReleaser (goreleaser.com/customization/homebrew_casks). */
export function translateChannels(section: ChannelSection): ChannelKeys {
  const { key, value, scope, findings } = section;
  const [first, ...others] = listOf(value);
  const input = inputOf[key] ?? "homebrew";
  const row = mapping(first);
  if (others.length > 0)
    findings.left(
      `${key}[1]`,
      `give the job the other repositories in \`${input}\` too: they get the same text`,
    );
  const place = `${key}[0]`;
  const repository = mapping(row["repository"] ?? row["tap"] ?? row["bucket"]);
  tellRepository(place, input, repository, findings);
  const isCask = input === "homebrew-cask";
  const known = (one: string): boolean => read.has(one) || (isCask && readOfCasks.has(one));
  for (const name of Object.keys(row).filter((one) => !known(one) && !isUsual(one, row)))
    findings.left(`${place}.${name}`, reasons[name] ?? "has no equivalent");
  const proposes = mapping(repository["pull_request"])["enabled"] === true;
  const name = textOf(row["name"]);
  return {
    ...(name === undefined || name === scope.project || name.includes("{{")
      ? {}
      : { "channel-name": name }),
    ...(proposes ? { [`${isCask ? "homebrew" : input}-pull-request`]: true } : {}),
    ...(input === "scoop" ? {} : formulaKeys(row, place, findings)),
    ...(isCask ? caskKeys(row, place, findings) : {}),
    ...metadataKey(row, place, section),
  };
}

/** An `install` that only installs programs is what every formula does. */
function isUsual(name: string, row: ChannelKeys): boolean {
  const lines = (textOf(row[name]) ?? "").split("\n").map((line) => line.trim());
  return (
    name === "install" &&
    lines.every((line) => line === "" || /^bin\.install "[\w.-]+"$/u.test(line))
  );
}

const AUTHOR = "a commit's author is whose token, or which App, writes it";
const reasons: Readonly<Record<string, string>> = {
  commit_author: AUTHOR,
  commit_msg_template: "the commit names the project and its version",
  url_template: "files are downloaded from the release",
  url: "files are downloaded from the release",
  install: "a formula installs the programs, completions and manual pages of the archive",
};

/** A file of the commit does not say where a token goes. */
function tellRepository(
  place: string,
  input: string,
  { owner, name }: ChannelKeys,
  findings: MigrationFindings,
): void {
  const written = [textOf(owner), textOf(name)];
  const known = written.every((part) => part !== undefined && !part.includes("{{"));
  const named = known ? written.join("/") : "OWNER/NAME";
  findings.changed(
    `${place}.repository`,
    `give the job \`${input}: ${named}\` and its token as \`tap-token\`: where a token goes is no word of this file's`,
  );
}

function formulaKeys(row: ChannelKeys, place: string, findings: MigrationFindings): ChannelKeys {
  const caveats = textOf(row["caveats"]);
  const usable = caveats !== undefined && !caveats.includes("{{");
  if (caveats !== undefined && !usable)
    findings.left(`${place}.caveats`, "write it as `homebrew-caveats`, without a template");
  const dependencies = listOf(row["dependencies"]).flatMap((one) => {
    const name = isMapping(one) ? textOf(one["name"] ?? one["formula"]) : textOf(one);
    return name === undefined ? [] : [name];
  });
  const test = textsOf(row["test"]).join("\n");
  const [, told] = /(?:#\{bin\}\/|system ")[\w.-]+["'\s,]+(--?version|version)\b/u.exec(test) ?? [];
  if (test !== "" && told === undefined)
    findings.left(
      `${place}.test`,
      "say with `homebrew-test` by which arguments the program prints its version",
    );
  return {
    ...(usable ? { "homebrew-caveats": caveats } : {}),
    ...(dependencies.length === 0 ? {} : { "homebrew-dependencies": dependencies }),
    ...(told === undefined ? {} : { "homebrew-test": told }),
  };
}

/** What only casks have; a hook is taken over where it does what everybody's does. */
function caskKeys(row: ChannelKeys, place: string, findings: MigrationFindings): ChannelKeys {
  const conflicts = listOf(row["conflicts"]).map((one) => mapping(one));
  const casks = conflicts.flatMap((one) => textOf(one["cask"]) ?? []);
  if (conflicts.some((one) => one["formula"] !== undefined))
    findings.left(`${place}.conflicts`, "a cask can only be in conflict with casks");
  if (listOf(row["dependencies"]).some((one) => isMapping(one) && one["cask"] !== undefined))
    findings.left(`${place}.dependencies`, "a cask can only depend on formulae here");
  const hooks = JSON.stringify(row["hooks"] ?? {});
  const unquarantines = hooks.includes("com.apple.quarantine");
  if (hooks !== "{}" && !unquarantines)
    findings.left(`${place}.hooks`, "a cask runs no commands of the project's");
  return {
    ...(casks.length === 0 ? {} : { "cask-conflicts": casks }),
    ...(unquarantines ? { "cask-unquarantine": true } : {}),
  };
}

function metadataKey(row: ChannelKeys, place: string, section: ChannelSection): ChannelKeys {
  const metadata = describedBy(row, DESCRIBED, place, section);
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}
