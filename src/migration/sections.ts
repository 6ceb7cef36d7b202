import type { InputName } from "../config/inputs.ts";
import { translateText } from "./archive-names.ts";
import type { MigrationFindings } from "./findings.ts";
import type { GoReleaserBuild } from "./goreleaser-builds.ts";
import { commandOf, isMapping, listOf, mapping, textOf, textsOf } from "./goreleaser-file.ts";
import type { TemplateScope } from "./placeholders.ts";
import { translateExtraFiles, translateSource } from "./translate-beside.ts";
import { translateChannels } from "./translate-channels.ts";
import { translateChecksums } from "./translate-checksums.ts";
import { translateDockers } from "./translate-dockers.ts";
import { translateHook } from "./translate-hooks.ts";
import { translateKos } from "./translate-kos.ts";
import { translateMetadata } from "./translate-metadata.ts";
import { translateMilestones } from "./translate-milestones.ts";
import { translateAround, translateChangelog } from "./translate-notes.ts";
import { translatePackages } from "./translate-packages.ts";

interface Section {
  readonly key: string;
  readonly value: unknown;
  readonly data: Readonly<Record<string, unknown>>;
  readonly scope: TemplateScope;
  readonly findings: MigrationFindings;
  /** The inputs that this version has. */
  readonly known: ReadonlySet<InputName>;
  readonly builds: readonly GoReleaserBuild[];
  /** Our names of the builds that archives hold, by theirs. */
  readonly archived: ReadonlyMap<string, readonly string[]>;
  /** Texts of the Dockerfiles that `dockers` and `dockers_v2` name. */
  readonly dockerfiles: ReadonlyMap<string, string>;
}

type OurKeys = Readonly<Record<string, unknown>>;

/** What a section becomes in our file, by kebab-case key. */
type Translate = (section: Section) => OurKeys;

/** Told elsewhere, or nothing that anybody would miss. */
const silent: Translate = () => ({});

/** Not carried over; `says` is what replaces it. */
function left(says: string): Translate {
  return ({ key, findings }) => {
    findings.left(key, says);
    return {};
  };
}

/** So in another way; `says` is how. */
function other(says: string): Translate {
  return ({ key, findings }) => {
    findings.changed(key, says);
    return {};
  };
}

/** Always so, whatever was asked for. */
function always(says: string): Translate {
  return ({ key, findings }) => {
    findings.kept(key, says);
    return {};
  };
}

function before({ key, value, scope, findings }: Section): OurKeys {
  const hooks = isMapping(value) ? listOf(value["hooks"]) : listOf(value);
  const commands = hooks.flatMap((hook, index) => {
    const command = commandOf(hook);
    const place = `${key}.hooks[${index}]`;
    if (/^go mod (tidy|download|verify)\b/u.test(command)) {
      findings.changed(
        place,
        `\`${command}\`: modules are downloaded and verified against go.sum, and go.mod is never rewritten`,
      );
      return [];
    }
    const ours = findings.attempt(place, () => translateHook(hook, scope));
    if (ours === undefined) return [];
    findings.changed(
      place,
      `\`${ours}\` in \`before\`: declare with \`generated\` what it makes and the commit does not hold`,
    );
    return [ours];
  });
  return commands.length === 0 ? {} : { before: commands };
}

function dockers({ value, ...scene }: Section): OurKeys {
  const images = translateDockers(value, scene);
  return images.length === 0 ? {} : { images };
}

function kos({ key, value, scope, findings }: Section): OurKeys {
  const images = translateKos(listOf(value).map(mapping), key, scope, findings);
  return images.length === 0 ? {} : { images };
}

function release({ key, value, scope, findings }: Section): OurKeys {
  const given = mapping(value);
  const ours: Record<string, unknown> = {};
  const rules: Readonly<Record<string, (field: unknown) => OurKeys | undefined>> = {
    draft: (field) => (field === true ? { draft: true } : {}),
    prerelease: (field) => ({
      prerelease: field === "auto" ? "auto" : String(field === true || field === "true"),
    }),
    make_latest: (field) =>
      /true|false/u.test(String(field)) ? { latest: String(field) } : undefined,
    name_template: (field) => {
      const title = findings.attempt(`${key}.name_template`, () =>
        translateText(String(field), scope),
      );
      return title === undefined ? {} : { title };
    },
    discussion_category_name: (field) => ({ "discussion-category": String(field) }),
    github: (field) => tellRepository(`${key}.github`, mapping(field), findings),
    gitlab: (field) => tellRepository(`${key}.gitlab`, mapping(field), findings),
    extra_files: (field) => translateExtraFiles({ key, value: field, scope, findings }),
    header: (field) => translateAround("header", { key, value: field, scope, findings }),
    footer: (field) => translateAround("footer", { key, value: field, scope, findings }),
    replace_existing_draft: () => ({}),
    use_existing_draft: () => ({}),
  };
  for (const [name, field] of Object.entries(given)) {
    const keys = rules[name]?.(field);
    if (keys === undefined)
      findings.left(`${key}.${name}`, releaseReasons[name] ?? "has no equivalent");
    else Object.assign(ours, keys);
  }
  if (Object.keys(ours).length > 0) findings.kept(key, Object.keys(ours).join(", "));
  return ours;
}

/** Where a token goes is never said by a file of the commit. */
function tellRepository(
  place: string,
  { owner, name }: OurKeys,
  findings: MigrationFindings,
): OurKeys {
  const path = [textOf(owner), textOf(name)].filter((part) => part !== undefined);
  if (path.length === 2)
    findings.changed(
      place,
      `the repository is that of the job, or of \`origin\`; where ${path.join("/")} is another, give \`repository\` as an input of the job`,
    );
  return {};
}

const releaseReasons: Readonly<Record<string, string>> = {
  mode: "releases are always published complete; notes written by a person are kept",
  skip_upload: "skip the release with `dry-run: true`",
  disable: "skip the release with `dry-run: true`",
  target_commitish: "a release is always for the pushed tag",
  gitea: "Gitea is not supported",
};

function sboms({ key, value, findings }: Section): OurKeys {
  const documents = JSON.stringify(value);
  const rows = listOf(value).map(mapping);
  const each = rows.some(
    ({ artifacts, documents: named }) =>
      named === undefined && /^(archive|binary)$/u.test(textOf(artifacts) ?? "archive"),
  );
  findings.changed(
    key,
    each
      ? "generated from the build information in the programs, NAME.sbom.json for each archive; the dependencies of a source archive are listed in its go.mod"
      : "generated from the build information in the programs, one for all programs built from the same packages, with its own name",
  );
  const spdx = documents.includes("spdx") || !documents.includes("cyclonedx");
  return { ...(spdx ? { sbom: "spdx" } : {}), ...(each ? { "sbom-each": true } : {}) };
}

function signs({ key, value, findings }: Section): OurKeys {
  let each = false;
  const ours: Record<string, unknown> = {};
  for (const [index, row] of listOf(value).map(mapping).entries()) {
    const place = `${key}[${index}]`;
    const command = textOf(row["cmd"]) ?? "gpg";
    const artifacts = textOf(row["artifacts"]) ?? "none";
    if (/gpg2?$/u.test(command)) {
      Object.assign(ours, gpgOf(row, place, findings));
      continue;
    }
    if (!/cosign/u.test(command)) {
      findings.left(place, `${command}: sign the checksum file in a later step`);
      continue;
    }
    const args = textsOf(row["args"]).join(" ");
    const kms = /(awskms|gcpkms|azurekms|hashivault|openbao):\/\/[^\s"']*/u.exec(args)?.[0];
    if (kms !== undefined)
      findings.changed(
        place,
        `a key in a service: give the job \`sign-key: ${kms.includes("{{") ? "KEY" : kms}\``,
      );
    if (artifacts !== "checksum") each = true;
    findings.changed(
      place,
      "the checksum file is signed by this program, as NAME.sigstore.json; `cosign verify-blob --bundle` verifies it",
    );
  }
  return each ? { ...ours, "sign-each": true } : ours;
}

/** GnuPG signs what it is told to; here the list, which names all files. */
function gpgOf(row: OurKeys, place: string, findings: MigrationFindings): OurKeys {
  const args = textsOf(row["args"]).join(" ");
  const armored = /--armor|(^|\s)-a(\s|$)|\.asc/u.test(`${args} ${textOf(row["signature"]) ?? ""}`);
  findings.changed(
    place,
    "the list of checksums is signed by the key in GPG_PRIVATE_KEY, its passphrase in GPG_PASSPHRASE",
  );
  return { "sign-gpg": armored ? "armored" : "binary" };
}

function snapshot({ key, findings }: Section): OurKeys {
  findings.changed(key, "a dry run without a tag uses Go's pseudo-version");
  return {};
}

/** Every top-level key of GoReleaser's configuration (goreleaser.com/customization). */
export const sections: Readonly<Record<string, Translate>> = {
  ...Object.fromEntries(
    [
      "version",
      "project_name",
      "env",
      "variables",
      "includes",
      "builds",
      "build",
      "archives",
      "archive",
      "report_sizes",
      "force_token",
      "pro",
    ].map((key) => [key, silent]),
  ),
  before,
  checksum: ({ key, value, scope, findings, data }) =>
    translateChecksums({ key, value, release: data["release"] }, scope, findings),
  release,
  changelog: translateChangelog,
  sboms,
  signs,
  snapshot,
  gomod: always(
    "every build is from the commit and verified against go.sum; `go mod verify` always runs",
  ),
  git: left("tags are ordered by SemVer"),
  dist: ({ key, value, findings }) => {
    findings.kept(key, `output: ${String(value)}`);
    return { output: String(value) };
  },
  source: translateSource,
  universal_binaries: silent,
  milestones: ({ key, value, scope, findings }) => translateMilestones(key, value, scope, findings),
  metadata: translateMetadata,
  nightly: left("a dry run on the default branch shows that a release would work"),
  nfpms: ({ value, ...scene }) => translatePackages(value, scene),
  brews: translateChannels,
  homebrew_casks: translateChannels,
  scoops: translateChannels,
  winget: left("write the manifest in a later job: the archives keep their names"),
  aurs: left("push the PKGBUILD in a later job: the archives keep their names"),
  aur_sources: left("push the PKGBUILD in a later job"),
  nix: left("write the package in a later job: the archives keep their names"),
  krews: left("write the plugin's manifest in a later job: the archives keep their names"),
  chocolateys: left("push the package in a later job"),
  snapcrafts: left("build the snap in a later job, from the released files"),
  flatpaks: left("build it in a later job, from the released files"),
  npms: left("publish it in a later job: the archives keep their names"),
  dockers,
  dockers_v2: dockers,
  docker_manifests: other("an image of `images` is over all its platforms"),
  docker_signs: other("what `images` makes is signed as the release is, and attested"),
  docker_digests: left("`manifest.json` holds the digest of every image"),
  kos,
  notarize: left("sign and notarize in a later job"),
  upx: left("list `upx {path}` in `after-build`, with `overrides` for the targets it is not for"),
  gemfury: left("upload packages in a later job"),
  furies: left("upload packages in a later job"),
  cloudsmiths: left("upload packages in a later job"),
  artifactories: left("upload in a later job, from the released files"),
  uploads: left("upload in a later job, from the released files"),
  blobs: left("upload in a later job, from the released files"),
  publishers: left("publish in a later job, from the released files"),
  announce: left("announce in a later job"),
  after: left("run it in a later step"),
  monorepo: ({ key, value, findings }) => {
    const { dir, tag_prefix: prefix } = mapping(value);
    findings.changed(
      key,
      `use Go's own tags: set \`working-directory: ${textOf(dir) ?? "FOLDER"}\`, and tag FOLDER/v1.2.3${prefix === undefined ? "" : ` (before: ${textOf(prefix)})`}`,
    );
    return {};
  },
  partial: left("use `build --shard` and `publish` to build on several machines"),
  template_files: left("generate them in an earlier step, and list them in `files`"),
  makeselfs: left("only archives are released"),
  appimages: left("build it in a later job, from the released files"),
  dmg: left("build it in a later job, from the released files"),
  msi: left("build it in a later job, from the released files"),
};
