/** A module as it was built. */
export interface Component {
  readonly path: string;
  /** Empty for what a folder replaced. */
  readonly version: string;
  /** Absent for what a folder replaced: no package URL leads to that. */
  readonly purl?: string;
  /** The name by which the National Vulnerability Database knows it (CPE 2.3); of the standard library alone. */
  readonly cpe?: string;
  /** What the toolchain calls itself, where it is not a release of Go's own. */
  readonly toolchain?: string;
  /** The `h1:` sum of go.sum. */
  readonly sum?: string;
  /** What go.mod asks for where something else was built in its place. */
  readonly replaces?: { readonly path: string; readonly version: string; readonly purl: string };
  /** The folder that was built in its place. */
  readonly folder?: string;
}
