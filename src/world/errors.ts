import { Problem } from "../model/problem.ts";

/** What the operating system refuses and people can mend (errno(3)). */
const refusals: Readonly<Record<string, readonly [code: string, words: string, hint: string]>> = {
  ENOSPC: [
    "disk-full",
    "no space left",
    "free some disk space, or choose an `output` on a larger disk",
  ],
  EDQUOT: [
    "disk-full",
    "the disk quota is used up",
    "free some disk space, or choose another `output`",
  ],
  EROFS: ["read-only", "the file system is read-only", "choose an `output` that can be written"],
  EACCES: ["not-permitted", "permission denied", "grant this user access, or choose another path"],
  EPERM: ["not-permitted", "not permitted", "grant this user access, or choose another path"],
  ENOENT: [
    "gone",
    "removed during this run",
    "make sure nothing else removes files there during the run, then run again",
  ],
  ENOTDIR: ["not-a-folder", "a part of the path is not a folder", "fix the path"],
  ELOOP: ["links-circular", "links form a loop", "fix the link, or choose another path"],
  EIO: ["disk-failed", "reading or writing failed", "check the disk or the network it is behind"],
  EFBIG: ["file-too-large", "the file is too large", "raise `ulimit -f`, or choose another disk"],
  EAGAIN: ["too-many-processes", "no more processes", "raise `ulimit -u`, or lower `concurrency`"],
  ENAMETOOLONG: [
    "name-too-long",
    "a name is too long",
    "shorten `archive-name`, `binary` or `output`",
  ],
  EMFILE: ["too-many-files", "too many open files", "raise `ulimit -n`, or lower `concurrency`"],
  ENOMEM: ["no-memory", "out of memory", "lower `concurrency`, or use a larger machine"],
};

/** The problem behind an error of the operating system, or undefined when it is none that people can mend. */
export function systemProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  const [kind, words, hint] = refusals[code ?? ""] ?? [];
  if (kind === undefined || words === undefined || hint === undefined) return undefined;
  const where = path === undefined ? "" : `${path}: `;
  return new Problem(kind, `${where}${words}`, { hint, cause: error });
}
