import type { Readable, Writable } from "node:stream";

/** One file to be packed. Entries arrive in any order; the format sorts them by name. */
export interface Entry {
  /** Path inside the archive, forward slashes, relative, no `..`. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly executable: boolean;
  /** Permissions, where they are neither 0755 nor 0644. */
  readonly mode?: number;
  /** Where it leads, of a symbolic link; its bytes are the same text. */
  readonly link?: string;
  /** What its bytes have to be, lower-case hex; absent where nobody looked at them before. */
  readonly sha256?: string;
  /** A fresh stream of exactly `size` bytes. */
  readonly open: () => Readable;
}

/** What is known of a file in an archive before its bytes are. */
export type PlannedEntry = Pick<Entry, "name" | "executable">;

/** An archive's bytes, wherever they lie. */
export interface StoredArchive {
  /** Bytes. */
  readonly size: number;
  /** A fresh stream over all of them, or over a part: `start` and `end` are bytes, both inclusive. */
  readonly open: (range?: { readonly start: number; readonly end: number }) => Readable;
}

/** One file of an archive; what is left of its bytes when the next one is asked for is skipped. */
export interface Unpacked {
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
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
  /**
   * The regular files of an archive, one after the other. Names come as they are written, so nobody makes
   * paths of them. Throws a `Problem` for bytes that are no whole archive of this format.
   */
  read(archive: StoredArchive): AsyncGenerator<Unpacked>;
  /**
   * The same of an archive that has to be what `write` makes of the planned files. Their contents may be any bytes,
   * in any compression; everything else is compared: names, order, modes, owners, dates, and that there is nothing
   * more, not even behind the end. Throws a `Problem` where something differs, before what comes later is unpacked.
   */
  readPlanned(
    archive: StoredArchive,
    planned: readonly PlannedEntry[],
    date: Date,
  ): AsyncGenerator<Unpacked>;
}
