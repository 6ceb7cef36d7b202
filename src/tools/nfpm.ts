import { join } from "node:path";
import type { PackagedFile, PackageStep } from "../model/packages.ts";
import goMod from "./nfpm/go.mod";
import goSum from "./nfpm/go.sum";
import main from "./nfpm/main.go";
import sign from "./nfpm/sign.go";
import key from "./openpgp/key.go";
import { NFPM } from "./pins.ts";
import type { GoTool } from "./tool.ts";

/** The maker of packages. */
export const nfpm: GoTool = {
  name: "nfpm",
  module: NFPM,
  files: { "go.mod": goMod, "go.sum": goSum, "main.go": main, "sign.go": sign, "key.go": key },
};

/** What a package is signed with: an OpenPGP key that is valid `now`, or an RSA key and the name it is found by. */
export interface PackageSignature {
  readonly openpgp?: {
    readonly key: string;
    readonly passphrase?: string;
    /** Whether it has to sign the same text the same way each time. */
    readonly same: true;
  };
  /** Seconds since 1970. */
  readonly now?: number;
  /** PKCS #8 in base64. */
  readonly rsa?: string;
  readonly key_name?: string;
}

/** Where the parts of a package lie on this machine; absolute. */
export interface PackageOrigins {
  /** Of each program of the step, in its order. */
  readonly programs: readonly string[];
  /** The module's folder. */
  readonly folder: string;
  /** For what is compressed meanwhile. */
  readonly work: string;
  readonly out: string;
  /** ISO 8601. */
  readonly date: string;
}

/** What the tool reads from standard input: every time, mode and owner is said, nothing is this machine's. */
export function packageRequest(
  step: PackageStep,
  sources: PackageOrigins,
  signature?: PackageSignature,
): string {
  const { format, arch, about, relations, scripts } = step;
  const { folder, work, out, date } = sources;
  const compressed = step.files.flatMap((file, at) =>
    file.compressed === true ? [step.programs.length + at] : [],
  );
  const info = {
    name: step.package,
    arch,
    platform: "linux",
    version: step.version,
    version_schema: "none",
    release: step.release,
    ...(step.epoch === undefined ? {} : { epoch: step.epoch }),
    ...about,
    ...relations,
    mtime: date,
    disable_globbing: true,
    [format]: { arch, ...ownFields(step) },
    scripts: Object.fromEntries(
      Object.entries(scripts).map(([moment, path]) => [moment, join(folder, path)]),
    ),
    contents: [
      ...step.programs.map(({ to }, at) => ({
        src: sources.programs[at],
        dst: to,
        type: "file",
        file_info: { owner: "root", group: "root", mode: 0o755 },
      })),
      ...step.files.map((file) => contentOf(file, step, folder)),
    ],
  };
  const signed = signature === undefined ? {} : { sign: signature };
  return JSON.stringify({ format, out, work, compress: compressed, info, ...signed });
}

/** rpm tells the host that built it, and would ask this one. */
function ownFields({ format, about }: PackageStep): Readonly<Record<string, string>> {
  if (format === "rpm") return { buildhost: "localhost", packager: about.maintainer };
  return format === "archlinux" ? { packager: about.maintainer } : {};
}

function contentOf(file: PackagedFile, { format }: PackageStep, folder: string) {
  const { source, link, to, mode, owner, group } = file;
  const src = source === undefined ? link : join(folder, source);
  return {
    ...(src === undefined ? {} : { src }),
    dst: to,
    type: typeOf(file, format),
    file_info: { owner, group, mode: Number.parseInt(mode, 8) },
  };
}

/** Only rpm tells documentation and licences from other files, and leaves a configuration that changed alone. */
function typeOf({ type }: PackagedFile, format: PackageStep["format"]): string {
  if (type === "config-noreplace") return "config|noreplace";
  return (type === "doc" || type === "license") && format !== "rpm" ? "file" : type;
}
