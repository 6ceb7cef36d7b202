import type { Readable, Writable } from "node:stream";

/** One file to be packed. Entries arrive in any order; the format sorts them by name. */
export interface Entry {
  /** Path inside the archive, forward slashes, relative, no `..`. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly executable: boolean;
  /** A fresh stream of exactly `size` bytes. */
  readonly open: () => Readable;
}

/** A way to pack files so that the same entries and date give the same bytes on any machine. */
export interface ArchiveFormat {
  /** With the dot, e.g. `.tar.gz`. */
  readonly extension: string;
  /** Throws a `Problem` when the running Node cannot write this format; called while planning. */
  check(): void;
  /**
   * Streams the archive to `out` and ends it. Modes are 0755 or 0644, owner 0, every mtime is `date`
   * (seconds, UTC). Rejects when an entry's stream fails or is not `size` bytes long; throws a
   * `Problem` when a name cannot be unpacked safely everywhere.
   */
  write(entries: readonly Entry[], date: Date, out: Writable, signal?: AbortSignal): Promise<void>;
}
