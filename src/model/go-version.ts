/** How a Go toolchain calls itself, in `go env GOVERSION` and in every binary that it made. */
export interface GoVersion {
  /** Without experiments: `go1.26.8`, `go1.26.8 (Red Hat 1.26.8-1.el10)`, `go1.26.8-bigcorp.3`. */
  readonly name: string;
  /**
   * The release that it is made from, as Go's own releases and all advisories count: `1.26.8`, `1.27rc1`,
   * `1.27-devel`. Absent where it names none.
   */
  readonly release: string | undefined;
  /** In what it differs from that release by GOEXPERIMENT. */
  readonly experiments: readonly string[];
}

/**
 * Reads any such name. A vendor's own part follows a blank or a hyphen (`gover.FromToolchain` in cmd/go), and
 * experiments stand last: after a blank, or since Go 1.26 after a hyphen where there is no other (cmd/link, main.go).
 */
export function readGoVersion(text: string): GoVersion {
  const [suffix = "", experiments = ""] = /[ -]X:(\S*)$/u.exec(text) ?? [];
  const name = text.slice(0, text.length - suffix.length).trim();
  const number = /(?:^|[ -])go(1(?:\.\d+)*(?:(?:rc|beta)\d+)?)/u.exec(name)?.[1];
  const devel = /\bdevel(?=[ _]|$)/u.test(name);
  return {
    name,
    release: number === undefined ? undefined : `${number}${devel ? "-devel" : ""}`,
    experiments: experiments.split(",").filter((experiment) => experiment !== ""),
  };
}

/** Whether this is a release of Go's own, which anybody can have by its name (go.dev/dl). */
export function isGoRelease(text: string): boolean {
  return /^go1\.\d+(\.\d+|(rc|beta)\d+)?$/u.test(text);
}

/** The same toolchain, whatever was experimented with. */
export function isSameGo(one: string, other: string): boolean {
  return readGoVersion(one).name === readGoVersion(other).name;
}

/** The N of Go 1.N; 0 where it names no release. */
export function goMinor(text: string): number {
  return Number(/^1\.(\d+)/u.exec(readGoVersion(text).release ?? "")?.[1] ?? 0);
}

/** Whether one release comes before another; of what names none, nothing is known. */
export function isOlderGo(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => orderOf(readGoVersion(text).release));
  if (a === undefined || b === undefined) return false;
  const at = a.findIndex((number, index) => number !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** Numbers to compare one by one: `1.27-devel` comes before `1.27rc1`, and that before `1.27.0`. */
function orderOf(release: string | undefined): readonly number[] | undefined {
  const [, minor, patch, kind, candidate] =
    /^1\.(\d+)(?:\.(\d+))?(?:-?(devel|beta|rc)(\d*))?$/u.exec(release ?? "") ?? [];
  if (minor === undefined) return undefined;
  const stage = ["devel", "beta", "rc", undefined].indexOf(kind as "rc" | undefined);
  return [Number(minor), stage, Number(candidate ?? 0), Number(patch ?? 0)];
}
