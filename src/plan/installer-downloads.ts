import { posix } from "node:path";
import { levelsOf } from "../go/levels.ts";
import type { ArchiveFormatName } from "../model/archive-format.ts";
import type { InstallerDownload } from "../model/installer.ts";
import type { ArchiveStep } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Target } from "../model/target.ts";

/** What a kind of script can install. */
interface ScriptMeans {
  readonly systems: ReadonlySet<string>;
  /** Which it unpacks, the best first. */
  readonly formats: readonly ArchiveFormatName[];
}

export const commonFormats: readonly ArchiveFormatName[] = [
  "tar.gz",
  "none",
  "gz",
  "zip",
  "tar.zst",
];

interface Candidate {
  readonly machine: string;
  readonly archive: ArchiveStep;
  /** The smaller, the better. */
  readonly rank: number;
}

/** For each machine the best file, in the order of the plan. Throws a `Problem` where one file is not enough. */
export function installerDownloads(
  archives: readonly ArchiveStep[],
  means: ScriptMeans,
): InstallerDownload[] {
  const candidates = archives.flatMap((archive) => candidateOf(archive, means));
  const machines = [...new Set(candidates.map(({ machine }) => machine))];
  const chosen = new Map<ArchiveStep, string[]>();
  for (const machine of machines) {
    const best = bestFor(machine, candidates);
    const plain = machine.replace(/\+musl$/u, "");
    // Alone it is for everybody: what is linked to musl is linked statically.
    const alone = plain !== machine && !machines.includes(plain);
    chosen.set(best, [...(chosen.get(best) ?? []), ...(alone ? [plain] : []), machine]);
  }
  return archives.flatMap((archive) => {
    const found = chosen.get(archive);
    return found === undefined ? [] : [downloadOf(archive, found)];
  });
}

function candidateOf(archive: ArchiveStep, { systems, formats }: ScriptMeans): Candidate[] {
  const { target, format, binaries } = archive;
  const order = formats.indexOf(format);
  if (target === undefined || binaries.length === 0 || !systems.has(target.os) || order < 0)
    return [];
  const machine = machineOf(target);
  if (machine === undefined) return [];
  const soft = target.level?.includes("softfloat") === true ? formats.length : 0;
  return [{ machine: machine + libcOf(archive, target), archive, rank: soft + order }];
}

/** The machine that a program of a target is sure to run on; undefined where no script can tell. */
function machineOf({ os, arch, level }: Target): string | undefined {
  const fallback = levelsOf(arch)?.fallback;
  if (arch === "arm") {
    const effective = level ?? fallback ?? "7";
    return `${os}/arm/${effective.includes("softfloat") ? "5" : effective.charAt(0)}`;
  }
  if (level === undefined || level === fallback || level === "softfloat") return `${os}/${arch}`;
  return os === "linux" && arch === "amd64" ? `${os}/amd64/${level}` : undefined;
}

/** The C library, where the file's name tells it. */
function libcOf({ name }: ArchiveStep, { os }: Target): string {
  if (os !== "linux") return "";
  if (/(^|[^a-z])musl([^a-z]|$)/iu.test(name)) return "+musl";
  return /(^|[^a-z])(gnu|glibc)([^a-z]|$)/iu.test(name) ? "+glibc" : "";
}

function bestFor(machine: string, candidates: readonly Candidate[]): ArchiveStep {
  const fitting = candidates.filter((one) => one.machine === machine);
  const least = Math.min(...fitting.map(({ rank }) => rank));
  const [best, ...others] = fitting.filter(({ rank }) => rank === least);
  if (best === undefined) throw new Error(`nothing is for ${machine}`);
  if (isBare(best.archive) && others.length > 0) throw bare(machine, others.length + 1);
  return best.archive;
}

function bare(machine: string, count: number): Problem {
  return new Problem(
    "installer-bare",
    `installer: ${machine} has ${count} programs that are released one by one`,
    { hint: "release them in one archive too: `archive: [none, tar.gz]`" },
  );
}

function isBare({ format }: ArchiveStep): boolean {
  return format === "none" || format === "gz";
}

function downloadOf(archive: ArchiveStep, machines: string[]): InstallerDownload {
  const { name: file, format, binaries } = archive;
  const programs = binaries.map(({ name, path }) => ({
    path: isBare(archive) ? name : path,
    name: posix.basename(name),
  }));
  return { machines, file, format, programs };
}
