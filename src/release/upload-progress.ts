import type { Artifact } from "../model/artifact.ts";
import { formatBytes, formatDuration } from "../report/table.ts";
import type { Journal } from "./journal.ts";

/** How far many uploads are, in words: files, bytes and the time that is left at the speed so far. */
export class UploadProgress {
  readonly #artifacts: readonly Artifact[];
  readonly #journal: Pick<Journal, "now">;
  readonly #start: number;
  readonly #bytes: number;
  #files = 0;
  #sent = 0;

  constructor(artifacts: readonly Artifact[], journal: Pick<Journal, "now">) {
    this.#artifacts = artifacts;
    this.#journal = journal;
    this.#start = journal.now();
    this.#bytes = artifacts.reduce((sum, { size }) => sum + size, 0);
  }

  /** To be asked once, when the file was sent. */
  after({ size }: Artifact): string {
    this.#files += 1;
    this.#sent += size;
    const { length } = this.#artifacts;
    if (length === 1) return formatBytes(size);
    const left = this.#bytes - this.#sent;
    const speed = this.#sent / (this.#journal.now() - this.#start);
    return [
      `${formatBytes(size)}; ${this.#files} of ${length} files`,
      `${formatBytes(this.#sent)} of ${formatBytes(this.#bytes)}`,
      ...(left > 0 && speed > 0 && Number.isFinite(speed)
        ? [`${formatDuration(left / speed)} left`]
        : []),
    ].join(", ");
  }
}
