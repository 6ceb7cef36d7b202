import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NAME = "sum.example.com";

/**
 * Puts a checksum database of one module into a module proxy's folder (go.dev/design/25530-sumdb, "Proxying a Checksum
 * Database"); gives the GOSUMDB by which Go believes it.
 */
export function sumDatabase(
  proxy: string,
  { path, version, sum, modSum }: Readonly<Record<"path" | "version" | "sum" | "modSum", string>>,
): string {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const key = Buffer.concat([Buffer.of(1), raw]);
  const hash = createHash("sha256").update(`${NAME}\n`).update(key).digest().subarray(0, 4);
  const record = `${path} ${version} ${sum}\n${path} ${version}/go.mod ${modSum}\n`;
  const leaf = createHash("sha256").update(Buffer.of(0)).update(record).digest();
  const tree = `go.sum database tree\n1\n${leaf.toString("base64")}\n`;
  const signature = Buffer.concat([hash, sign(null, Buffer.from(tree), privateKey)]);
  const note = `${tree}\n— ${NAME} ${signature.toString("base64")}\n`;
  const files: Readonly<Record<string, string | Buffer>> = {
    supported: "",
    latest: note,
    [`lookup/${path}@${version}`]: `0\n${record}\n${note}`,
    "tile/8/0/000.p/1": leaf,
  };
  for (const [name, bytes] of Object.entries(files)) {
    const place = join(fileURLToPath(proxy), "sumdb", NAME, name);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, bytes);
  }
  return `${NAME}+${hash.toString("hex")}+${key.toString("base64")}`;
}
