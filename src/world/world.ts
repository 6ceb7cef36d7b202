import type { Readable, Writable } from "node:stream";

/** Everything with an effect that the core may ask for. A signature picks what it needs. */
export interface World {
  readonly files: Files;
  readonly stream: Stream;
  readonly capture: Capture;
  readonly http: Http;
  readonly clock: Clock;
  readonly random: Random;
  readonly machine: Machine;
  readonly memory: MemoryGauge;
  readonly install: Install;
}

/** A tool to be downloaded once and kept: an archive with one folder at its top. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  readonly url: string;
  /** Lower-case hex; the download is refused when it is another. */
  readonly sha256: string;
}

/**
 * The folder that holds the unpacked tool: from the runner's tool cache, else downloaded into it. Throws when
 * it cannot be had or is not what the digest says.
 */
export type Install = (tool: Tool) => Promise<string>;

/** What this process may use of the computer, read once: the least of hardware, affinity and cgroup. */
export interface Machine {
  readonly cores: number;
  /** Bytes that are free now for this process and its children. */
  readonly memory: number;
  /** Node's names: `linux`, `darwin`, `win32` …; `x64`, `arm64` …. */
  readonly platform: string;
  readonly arch: string;
  /** The number of the user that this process works for, as `FileFacts.owner` tells it. */
  readonly user?: number;
}

/** Asked anew each time: other programs take and give back, and so do the compilers. */
export interface MemoryGauge {
  now(): Promise<MemoryState>;
  /** Tells it some times a second, until the signal is aborted. */
  watch(signal: AbortSignal, tell: (state: MemoryState) => void): Promise<void>;
}

export interface MemoryState {
  /** Bytes that this process and its children may still take before the kernel kills. */
  readonly free: number;
  /** The share of the last ten seconds in which nothing ran for want of memory; 0 where nobody counts it. */
  readonly stalled: number;
}

export interface FileFacts {
  readonly kind: "file" | "folder" | "link" | "other";
  /** Bytes. */
  readonly size: number;
  /** Whether the owner may execute it. */
  readonly executable: boolean;
  /** The user's number; 0 is the administrator. Absent where there are no such numbers (Windows). */
  readonly owner?: number;
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: FileFacts["kind"];
}

/** Random access to one file; `read` returns fewer bytes than asked only at the end of the file. */
export interface OpenFile {
  readonly size: number;
  read(position: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A regular file that was opened; its bytes have to be read to the end, or destroyed. */
export interface PlainFile {
  /** Bytes, when it was opened. */
  readonly size: number;
  readonly bytes: Readable;
}

/** Paths are absolute and in the platform's form. What is missing throws Node's `ENOENT`. */
export interface Files {
  read(path: string): Promise<Buffer>;
  readText(path: string): Promise<string>;
  /** Writes whole or not at all: a temporary neighbour, then a rename. */
  write(path: string, data: string | Uint8Array): Promise<void>;
  open(path: string): Promise<OpenFile>;
  /** `start` and `end` are bytes, both inclusive. */
  source(path: string, range?: { readonly start: number; readonly end: number }): Readable;
  /**
   * Opens the regular file at the path itself, once: what the path leads to later does not matter. Undefined where
   * nothing is there, or a link, a pipe or a device, which nobody waits for.
   */
  plain(path: string): Promise<PlainFile | undefined>;
  /** Creates or truncates; `mode` are the permissions of a new file. */
  sink(path: string, mode?: number): Writable;
  /** Follows links; undefined when nothing is there. */
  stat(path: string): Promise<FileFacts | undefined>;
  /** Does not follow links; undefined when nothing is there. */
  lstat(path: string): Promise<FileFacts | undefined>;
  /** Sorted by name. */
  list(folder: string): Promise<readonly FolderEntry[]>;
  makeFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A symbolic link to a folder, a junction on Windows. */
  link(folder: string, at: string): Promise<void>;
  /** A new, empty folder among the system's temporary files; whoever asks removes it. */
  temporary(): Promise<string>;
  /** Removes a file or a whole folder; nothing there is fine. */
  remove(path: string): Promise<void>;
  /** The path with every link resolved. */
  real(path: string): Promise<string>;
  /**
   * Takes the lock at `path` for as long as this process lives or until the function it gives is
   * called. Undefined when a living process holds it; the lock of a dead one is taken over.
   */
  lock(path: string): Promise<(() => Promise<void>) | undefined>;
}

/** One child process. `env` is the whole environment: nothing is inherited. No shell is involved. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Standard input; nothing when absent. */
  readonly input?: string;
}

export interface Exit {
  /** The exit status, or null when a signal ended it. */
  readonly status: number | null;
  readonly signal: string | null;
}

export interface StreamOptions {
  /** Kills the process and its children. */
  readonly signal?: AbortSignal;
  readonly onLine: (line: string, from: "stdout" | "stderr") => void;
}

/** Runs a long command with its lines streamed. Throws when it cannot be started or was aborted. */
export type Stream = (command: Command, options: StreamOptions) => Promise<Exit>;

/** A short question to `go` or `git`, its output captured. Throws only when it cannot be started. */
export type Capture = (
  command: Command,
) => Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>;

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, or a fresh stream for each try together with its length in bytes. */
  readonly body?: string | Uint8Array | { readonly length: number; readonly open: () => Readable };
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte before it is given up (default 60,000). */
  readonly timeout?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Must be consumed or destroyed. */
  readonly body: Readable;
}

/**
 * One request, one answer: no retries, no redirects followed (their target may be another origin).
 * Honours HTTPS_PROXY, HTTP_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS. Throws when no answer came.
 */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** So many bytes that nobody can foresee: whatever depends on chance depends on this. */
export type Random = (bytes: number) => Uint8Array;
