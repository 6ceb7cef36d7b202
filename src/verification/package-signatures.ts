import { gunzipSync } from "node:zlib";

/**
 * Whether a released package is the one that was built again, but for the signature in it: who builds it again has no
 * key. What lies where signatures lie has to be nothing else.
 */
export function isSignedTwin(name: string, released: Buffer, rebuilt: Buffer): boolean {
  try {
    if (name.endsWith(".deb")) return isSignedDeb(released, rebuilt);
    if (name.endsWith(".apk")) return isSignedApk(released, rebuilt);
    return name.endsWith(".rpm") && isSignedRpm(released, rebuilt);
  } catch {
    return false;
  }
}

/** One more member at the end of the archive (deb(5), debsigs). */
function isSignedDeb(released: Buffer, rebuilt: Buffer): boolean {
  const rest = released.subarray(rebuilt.length);
  const size = Number(rest.toString("latin1", 48, 58));
  return (
    released.subarray(0, rebuilt.length).equals(rebuilt) &&
    /^_gpgorigin\/? /u.test(rest.toString("latin1", 0, 16)) &&
    rest.length === 60 + size + (size % 2)
  );
}

/** One more gzip member at the start, a tar file of one entry without an end. */
function isSignedApk(released: Buffer, rebuilt: Buffer): boolean {
  const start = released.length - rebuilt.length;
  if (start <= 0 || !released.subarray(start).equals(rebuilt)) return false;
  const tar = gunzipSync(released.subarray(0, start));
  const size = Number.parseInt(tar.toString("latin1", 124, 136), 8);
  return (
    tar.toString("latin1", 0, 10) === ".SIGN.RSA." &&
    tar.length === 512 + Math.ceil(size / 512) * 512
  );
}

/** `RPMSIGTAG_DSA`, `_RSA`, `_PGP`, `_GPG`, and the region that spans the others. */
const SIGNATURES: ReadonlySet<number> = new Set([62, 267, 268, 1002, 1005]);
const LEAD = 96;

function isSignedRpm(released: Buffer, rebuilt: Buffer): boolean {
  const [signed, plain] = [signatureHeader(released), signatureHeader(rebuilt)];
  const all = digestsIn(signed.tags);
  const own = digestsIn(plain.tags);
  return (
    released.subarray(0, LEAD).equals(rebuilt.subarray(0, LEAD)) &&
    released.subarray(signed.end).equals(rebuilt.subarray(plain.end)) &&
    JSON.stringify(all) === JSON.stringify(own)
  );
}

function digestsIn(tags: ReadonlyMap<number, string>) {
  return [...tags].filter(([tag]) => !SIGNATURES.has(tag)).sort(([one], [other]) => one - other);
}

/** The header of digests and signatures between lead and header: each tag's data in hex, and where it ends. */
function signatureHeader(rpm: Buffer): {
  readonly tags: ReadonlyMap<number, string>;
  readonly end: number;
} {
  if (rpm.readUInt32BE(LEAD) !== 0x8e_ad_e8_01) throw new RangeError("no header of rpm");
  const count = rpm.readUInt32BE(LEAD + 8);
  const length = rpm.readUInt32BE(LEAD + 12);
  const index = LEAD + 16;
  const store = index + 16 * count;
  if (store + length > rpm.length) throw new RangeError("a header of rpm that is cut off");
  const entries = Array.from({ length: count }, (_, at) => ({
    tag: rpm.readUInt32BE(index + 16 * at),
    offset: rpm.readUInt32BE(index + 16 * at + 8),
  })).sort((one, other) => one.offset - other.offset);
  const tags = new Map(
    entries.map(({ tag, offset }, at) => {
      const until = entries[at + 1]?.offset ?? length;
      // What fills up to the next one is zero.
      const data = rpm.toString("hex", store + offset, store + until).replace(/(00)+$/u, "");
      return [tag, data] as const;
    }),
  );
  return { tags, end: store + Math.ceil(length / 8) * 8 };
}
