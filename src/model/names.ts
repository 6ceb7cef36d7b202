/** What the files of a release are, by the names that this program and others give them. */

/** The list of checksums, unless another name was asked for. */
export const CHECKSUMS = "checksums.txt";
/** What a signature's name adds to that of the signed file. */
export const SIGNATURE = ".sigstore.json";
export const PROVENANCE = "provenance.sigstore.json";
export const MANIFEST = "manifest.json";
export const PLAN = "plan.json";
/** What registries of Terraform's providers read, in a provider's repository. */
export const REGISTRY_MANIFEST = "terraform-registry-manifest.json";

/** Whether a name is that of one file in a folder, and people see all of it as it is. */
export function isPlainName(name: string): boolean {
  return !UNPLAIN.test(name) && name !== "" && name !== "." && name !== "..";
}

const UNPLAIN = /[/\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** What lies in an output folder and is not released. */
export function isReleased(name: string): boolean {
  return name !== MANIFEST && name !== PLAN && !name.startsWith(".");
}

/** `checksums.txt`, `tool_1.0.0_checksums.txt`, `tool_1.0.0_SHA256SUMS`, `sha512sums.txt`; `tool.zip.sha256`. */
export function isList(name: string): boolean {
  return LIST.test(name) || BESIDE.test(name);
}

const LIST = /(^|[^a-z])(checksums?\.txt|(sha(1|224|256|384|512)|md5)sums?(\.txt)?)$/iu;
const BESIDE = /[^.]\.(sha(1|224|256|384|512)|md5)$/iu;

/** The file that a list of this name lies beside, unless it lists others. */
export function besideWhat(name: string): string | undefined {
  return BESIDE.test(name) ? name.replace(/\.[^.]+$/u, "") : undefined;
}

const FOREIGN = /\.(sig|asc|pem|crt|cert|minisig|bundle|sigstore)$/iu;

/** A signature that is none of sigstore's bundles, beside the file that it signs; or statements of another builder. */
export function isForeignSignature(name: string, names: readonly string[]): boolean {
  return (
    name.endsWith(".intoto.jsonl") ||
    (FOREIGN.test(name) && names.includes(name.replace(FOREIGN, "")))
  );
}

export function isSbom(name: string): boolean {
  return name.endsWith(".sbom.json");
}

/** Of the files of a release those that a build makes; lists, SBOMs and signatures come after it. */
export function packedNames(names: readonly string[]): readonly string[] {
  return names.filter(
    (name) =>
      isReleased(name) &&
      !isList(name) &&
      !name.endsWith(SIGNATURE) &&
      !isSbom(name) &&
      !isForeignSignature(name, names),
  );
}
