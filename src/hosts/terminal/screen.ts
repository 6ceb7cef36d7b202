import type { Screen } from "./terminal.ts";

/** Standard error, as far as it tells of itself. */
export interface ErrorStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly write: (text: string) => unknown;
}

/** The screen behind a stream; it has the size that its window has at the moment. */
export function screenOn(
  stream: ErrorStream,
  env: Readonly<Record<string, string | undefined>>,
): Screen {
  const live = stream.isTTY === true && env["CI"] === undefined && env["TERM"] !== "dumb";
  return {
    write: (text) => void stream.write(text),
    live,
    // no-color.org
    colour: live && (env["NO_COLOR"] ?? "") === "",
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
  };
}
