import { ALGORITHMS, isAlgorithm, isStrong } from "../model/algorithms.ts";
import { translateText } from "./archive-names.ts";
import type { MigrationFindings } from "./findings.ts";
import { mapping, textOf } from "./goreleaser-file.ts";
import type { TemplateScope } from "./placeholders.ts";

type OurKeys = Readonly<Record<string, unknown>>;

/** The section `checksum`, and `release`, which names files too. */
interface ChecksumSection {
  readonly key: string;
  readonly value: unknown;
  readonly release: unknown;
}

/** Which checksum files there are, and of which algorithm. */
export function translateChecksums(
  { key, value, release }: ChecksumSection,
  scope: TemplateScope,
  findings: MigrationFindings,
): OurKeys {
  const { name_template: template, algorithm, split, ...rest } = mapping(value);
  for (const name of Object.keys(rest)) {
    // What is released is listed, and GoReleaser has to be told both.
    const released = JSON.stringify(mapping(release)["extra_files"]);
    if (name === "extra_files" && JSON.stringify(rest[name]) === released) continue;
    const says: Readonly<Record<string, string>> = {
      disable: "a release always has a checksum file: the signature covers it",
      ids: "the checksum file lists every released file",
      extra_files: "the checksum file lists every released file, so name them in `extra-files`",
    };
    findings.left(`${key}.${name}`, says[name] ?? "has no equivalent");
  }
  const ours = algorithmKeys(textOf(algorithm) ?? "sha256", key, findings);
  if (split === true) return { ...ours, ...splitKeys(template, key, findings) };
  const written = textOf(template) ?? "{{ .ProjectName }}_{{ .Version }}_checksums.txt";
  const name = findings.attempt(`${key}.name_template`, () => translateText(written, scope));
  if (name !== undefined) findings.kept(`${key}.name_template`, name);
  return { ...(name === undefined ? {} : { "checksum-name": name }), ...ours };
}

/** Each file has its own, whose name GoReleaser makes of the file's unless it is told another. */
function splitKeys(template: unknown, key: string, findings: MigrationFindings): OurKeys {
  const usual = /^\{\{-? *\.ArtifactName *-?\}\}\.(\{\{-? *\.Algorithm *-?\}\}|sha256)$/u;
  const name = textOf(template);
  if (name !== undefined && !usual.test(name))
    findings.left(`${key}.name_template`, "files beside others are named NAME.sha256");
  findings.changed(
    `${key}.split`,
    "checksum-split: true; each file is `DIGEST  NAME`, as sha256sum reads it, not the digest alone",
  );
  return { "checksum-split": true };
}

/** What can be forged is not alone. */
function algorithmKeys(wanted: string, key: string, findings: MigrationFindings): OurKeys {
  const place = `${key}.algorithm`;
  if (!isAlgorithm(wanted)) {
    findings.left(place, `${wanted}: use one of ${ALGORITHMS.join(", ")}`);
    return {};
  }
  if (wanted === "sha256") return {};
  if (isStrong(wanted)) {
    findings.kept(place, wanted);
    return { checksum: wanted };
  }
  findings.changed(
    place,
    `${wanted} and sha256, each a file of its own: files can be forged to have the same ${wanted}`,
  );
  return { checksum: ["sha256", wanted] };
}
