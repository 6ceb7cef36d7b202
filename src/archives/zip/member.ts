import { Problem } from "../../model/problem.ts";
import type { Entry } from "../archive.ts";
import type { DosTime } from "./dos-time.ts";

/** A packed file as the central directory tells of it; sizes and offset in bytes. */
export interface Member {
  readonly name: Buffer;
  readonly mode: number;
  /** Whether its bytes tell where a symbolic link leads. */
  readonly link: boolean;
  readonly time: DosTime;
  readonly offset: number;
  /** Its sizes are written in 8 bytes, because they may not fit 4. */
  readonly large: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

/** What is known of a file before it is packed. Throws a `Problem` for a name that no record can hold. */
export function describe({
  name,
  size,
  executable,
  mode,
  link,
}: Pick<Entry, "name" | "size" | "executable" | "mode" | "link">): Pick<
  Member,
  "name" | "mode" | "link" | "large"
> {
  const bytes = Buffer.from(name);
  if (bytes.length > 0xffff)
    throw new Problem(
      "archive-entry",
      `cannot pack ${name.slice(0, 60)}… (longer than 65535 bytes)`,
    );
  return {
    name: bytes,
    mode: mode ?? (link === undefined ? (executable ? 0o755 : 0o644) : 0o777),
    link: link !== undefined,
    large: largestPacked(size) >= 0xffffffff,
  };
}

/** zlib's deflateBound: what incompressible bytes can grow to. */
function largestPacked(size: number) {
  return (
    size + Math.floor(size / 2 ** 12) + Math.floor(size / 2 ** 14) + Math.floor(size / 2 ** 25) + 13
  );
}
