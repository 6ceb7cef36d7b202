export function component(options: {
  readonly out: string;
  readonly project: string;
  /** The folder of the bundle; `dist` when absent. */
  readonly bundled?: string;
}): Promise<{ readonly version: string; readonly sha256: string }>;
