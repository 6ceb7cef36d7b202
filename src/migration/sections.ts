import type { InputName } from "../config/inputs.ts";
import { translateText } from "./archive-names.ts";
import type { MigrationFindings } from "./findings.ts";
import { commandOf, isMapping, listOf, mapping, textOf, textsOf } from "./goreleaser-file.ts";
import type { TemplateScope } from "./placeholders.ts";
import { translateExtraFiles, translateSource } from "./translate-beside.ts";
import { translateChannels } from "./translate-channels.ts";
import { translatePackages } from "./translate-packages.ts";

interface Section {
  readonly key: string;
  readonly value: unknown;
  readonly data: Readonly<Record<string, unknown>>;
  readonly scope: TemplateScope;
  readonly findings: MigrationFindings;
  /** The inputs that this version has. */
  readonly known: ReadonlySet<InputName>;
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

/** Always so, whatever was asked for. */
function always(says: string): Translate {
  return ({ key, findings }) => {
    findings.kept(key, says);
    return {};
  };
}

function before({ key, value, findings }: Section): OurKeys {
  const hooks = isMapping(value) ? listOf(value["hooks"]) : listOf(value);
  for (const [index, hook] of hooks.entries()) {
    const command = commandOf(hook);
    const place = `${key}.hooks[${index}]`;
    if (/^go mod (tidy|download|verify)\b/u.test(command))
      findings.changed(
        place,
        `\`${command}\`: modules are fetched and held against go.sum, and go.mod is never rewritten`,
      );
    else
      findings.left(
        place,
        `\`${command}\`: run it in a step of the job before this one, and commit what it makes`,
      );
  }
  return {};
}

function checksum({ key, value, scope, findings }: Section): OurKeys {
  const { name_template: template, algorithm, ...rest } = mapping(value);
  for (const name of Object.keys(rest)) {
    const says: Readonly<Record<string, string>> = {
      disable: "a release always has its list of checksums: signature and provenance stand on it",
      split: "one list holds every file",
      ids: "the list holds every file that is released",
      extra_files: "the list holds every file that is released, those of `extra-files` too",
    };
    findings.left(`${key}.${name}`, says[name] ?? "has no counterpart");
  }
  const written = textOf(template) ?? "{{ .ProjectName }}_{{ .Version }}_checksums.txt";
  const name = findings.attempt(`${key}.name_template`, () => translateText(written, scope));
  if (name !== undefined) findings.kept(`${key}.name_template`, name);
  const wanted = textOf(algorithm) ?? "sha256";
  if (wanted !== "sha256" && wanted !== "sha512")
    findings.left(`${key}.algorithm`, `${wanted}: sha256 is written, or sha512`);
  return {
    ...(name === undefined ? {} : { "checksum-name": name }),
    ...(wanted === "sha512" ? { checksum: "sha512" } : {}),
  };
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
    github: (field) => repositoryOf(mapping(field)),
    gitlab: (field) => repositoryOf(mapping(field)),
    extra_files: (field) => translateExtraFiles({ key, value: field, scope, findings }),
    replace_existing_draft: () => ({}),
    use_existing_draft: () => ({}),
  };
  for (const [name, field] of Object.entries(given)) {
    const keys = rules[name]?.(field);
    if (keys === undefined)
      findings.left(`${key}.${name}`, releaseReasons[name] ?? "has no counterpart");
    else Object.assign(ours, keys);
  }
  if (Object.keys(ours).length > 0) findings.kept(key, Object.keys(ours).join(", "));
  return ours;
}

function repositoryOf({ owner, name }: OurKeys): OurKeys {
  const path = [textOf(owner), textOf(name)].filter(
    (part) => part !== undefined && !part.includes("{{"),
  );
  return path.length === 2 ? { repository: path.join("/") } : {};
}

const releaseReasons: Readonly<Record<string, string>> = {
  mode: "a release is made whole; notes that a person wrote stay",
  header: "write it into the notes, or into a file that `notes` names",
  footer: "write it into the notes, or into a file that `notes` names",
  skip_upload: "leave the release away with `dry-run: true`",
  disable: "leave the release away with `dry-run: true`",
  target_commitish: "a release is of the tag that was pushed",
  gitea: "Gitea is no forge of this program",
};

function changelog({ key, value, findings }: Section): OurKeys {
  const { use, disable, skip, ...rest } = mapping(value);
  if (disable === true || skip === true) {
    findings.changed(
      key,
      "notes come from CHANGELOG.md or the commits; write your own with `notes: FILE`",
    );
    return {};
  }
  for (const name of Object.keys(rest).filter((one) => one !== "sort"))
    findings.left(
      `${key}.${name}`,
      "notes come from CHANGELOG.md's section, else from the commits as they are",
    );
  if (use === "github-native") {
    findings.kept(`${key}.use`, "notes: generated");
    return { notes: "generated" };
  }
  findings.changed(
    key,
    "the tag's section of CHANGELOG.md comes first, then the commits since the previous tag",
  );
  return {};
}

function sboms({ key, value, findings }: Section): OurKeys {
  const documents = JSON.stringify(value);
  findings.changed(
    key,
    "made from the programs' own build information, one for all programs that are built of the same, with a name of its own",
  );
  return documents.includes("spdx") || !documents.includes("cyclonedx") ? { sbom: "spdx" } : {};
}

function signs({ key, value, findings }: Section): OurKeys {
  let each = false;
  for (const [index, row] of listOf(value).map(mapping).entries()) {
    const place = `${key}[${index}]`;
    const command = textOf(row["cmd"]) ?? "gpg";
    const artifacts = textOf(row["artifacts"]) ?? "none";
    if (!/cosign/u.test(command)) {
      findings.left(place, `${command}: sign the list of checksums in a step after this one`);
      continue;
    }
    const args = textsOf(row["args"]).join(" ");
    const kms = /(awskms|gcpkms|azurekms|hashivault):\/\//u.exec(args)?.[0];
    if (kms !== undefined) {
      findings.left(
        place,
        `a key of ${kms}: signatures are keyless, or made with a key from COSIGN_PRIVATE_KEY`,
      );
      continue;
    }
    if (artifacts !== "checksum") each = true;
    findings.changed(
      place,
      "the list of checksums is signed in process, as NAME.sigstore.json; `cosign verify-blob --bundle` reads it",
    );
  }
  return each ? { "sign-each": true } : {};
}

function snapshot({ key, findings }: Section): OurKeys {
  findings.changed(key, "a dry run without a tag has Go's own pseudo-version");
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
  checksum,
  release,
  changelog,
  sboms,
  signs,
  snapshot,
  gomod: always(
    "every build is from the commit and held against go.sum; `go mod verify` is always run",
  ),
  git: left("tags are compared by SemVer"),
  dist: ({ key, value, findings }) => {
    findings.kept(key, `output: ${String(value)}`);
    return { output: String(value) };
  },
  source: translateSource,
  universal_binaries: left("programs for both architectures are released apart"),
  milestones: left("close them by hand, or in a step after this one"),
  metadata: left("nothing here shows it yet"),
  nightly: left("a dry run of the default branch shows that a release would work"),
  nfpms: ({ value, scope, findings, data }) =>
    translatePackages(value, { scope, findings, several: listOf(data["builds"]).length > 1 }),
  brews: translateChannels,
  homebrew_casks: translateChannels,
  scoops: translateChannels,
  winget: left("write the manifest in a job after this one: the archives keep their names"),
  aurs: left("push the PKGBUILD in a job after this one: the archives keep their names"),
  aur_sources: left("push the PKGBUILD in a job after this one"),
  nix: left("write the package in a job after this one: the archives keep their names"),
  krews: left("write the plugin's manifest in a job after this one: the archives keep their names"),
  chocolateys: left("push the package in a job after this one"),
  snapcrafts: left("build the snap in a job after this one, from the released files"),
  flatpaks: left("build it in a job after this one, from the released files"),
  npms: left("publish it in a job after this one: the archives keep their names"),
  dockers: left("build images in a job after this one, from the released files"),
  dockers_v2: left("build images in a job after this one, from the released files"),
  docker_manifests: left("build images in a job after this one, from the released files"),
  docker_signs: left("sign images where they are built"),
  docker_digests: left("images are built elsewhere"),
  kos: left("build images in a job after this one, from the released files"),
  notarize: left("sign and notarise in a job after this one"),
  upx: left("programs are released as they were built and inspected"),
  furies: left("upload packages in a job after this one"),
  cloudsmiths: left("upload packages in a job after this one"),
  artifactories: left("upload in a job after this one, from the released files"),
  uploads: left("upload in a job after this one, from the released files"),
  blobs: left("upload in a job after this one, from the released files"),
  publishers: left("publish in a job after this one, from the released files"),
  announce: left("announce in a job after this one"),
  after: left("run it in a step after this one"),
  monorepo: ({ key, value, findings }) => {
    const { dir, tag_prefix: prefix } = mapping(value);
    findings.changed(
      key,
      `Go's own tags: set \`working-directory: ${textOf(dir) ?? "FOLDER"}\`, and tag FOLDER/v1.2.3${prefix === undefined ? "" : ` (before: ${textOf(prefix)})`}`,
    );
    return {};
  },
  partial: left("`build --shard` and `publish` are the way over several machines"),
  template_files: left("write them in a step before this one, and name them in `files`"),
  makeselfs: left("an archive is what is released"),
  appimages: left("build it in a job after this one, from the released files"),
  dmg: left("build it in a job after this one, from the released files"),
  msi: left("build it in a job after this one, from the released files"),
};
