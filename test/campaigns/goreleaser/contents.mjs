import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { run } from "./releases.mjs";

/** What a list of checksums names and the list itself, by name. */
export function releasedBy(dist) {
  const lists = readdirSync(dist).filter((one) => isList(join(dist, one)));
  const files = lists.flatMap((list) =>
    readFileSync(join(dist, list), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.replace(/^\S+ [ *]/u, "")),
  );
  const everywhere = new Map(
    readdirSync(dist, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => [one.name, join(one.parentPath ?? one.path, one.name)]),
  );
  // Bare programs lie elsewhere under another name.
  return new Map([...new Set([...files, ...lists])].map((name) => [name, everywhere.get(name) ?? join(dist, name)]));
}

function isList(path) {
  if (!statSync(path).isFile() || statSync(path).size > 1 << 20) return false;
  return /^([0-9a-f]{64}|[0-9a-f]{128}) [ *]\S[^\n]*\n/u.test(readFileSync(path, "latin1").slice(0, 1000));
}

/** Permissions and paths of the files in an archive or package; undefined for another file. */
export function contentsOf(path) {
  const own = (lines) => lines.filter((line) => line !== "" && !line.endsWith("/") && !line.startsWith("d")).map(modeAndName).sort();
  const lines = (file, args) => run(file, args, dirname(path)).split("\n");
  if (/\.(tar\.\w+|tgz)$/u.test(path)) return own(lines("tar", ["--numeric-owner", "-tvf", path]));
  // Licences and documents of the archives are in our packages too.
  if (path.endsWith(".deb")) return own(lines("dpkg-deb", ["-c", path])).filter((line) => !line.includes("/usr/share/doc/"));
  if (path.endsWith(".zip")) return own(lines("unzip", ["-Z", path]).filter((line) => /^[-dl?][-rwx]/u.test(line)).map((line) => line.replace(/^(\S+)(?:\s+\S+){7}\s/u, "$1 0/0 0 d t ")));
  return undefined;
}

function modeAndName(line) {
  const [, letters, name] = /^(\S+)\s+\S+\s+\d+\s+\S+\s+\S+\s(.*)$/u.exec(line) ?? ["", "", line];
  const digit = (three) => [4, 2, 1].reduce((sum, bit, at) => sum + (three[at] === "-" ? 0 : bit), 0);
  return `${[1, 4, 7].map((at) => digit(letters.slice(at, at + 3))).join("")} ${name}`;
}

/** What differs by design: ours have no paths of the machine. What is linked in is compared for every target. */
const APART = /^(mod |build (-ldflags|-trimpath|vcs\.modified))/u;

/** What the programs in an archive say they are made of, and what they print as their version. */
export function versionsOf(path, place) {
  if (!/\.(tar\.\w+|tgz|zip)$/u.test(path)) return [];
  const folder = mkdtempSync(join(place, "unpacked-"));
  if (path.endsWith(".zip")) run("unzip", ["-qq", path, "-d", folder], folder);
  else run("tar", ["xf", path, "-C", folder], folder);
  const said = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .flatMap((one) => programSays(join(one.parentPath ?? one.path, one.name)));
  rmSync(folder, { recursive: true, force: true });
  return said;
}

function programSays(path) {
  const { status, stdout } = spawnSync("go", ["version", "-m", path], { encoding: "utf8" });
  if (status !== 0 || !stdout.includes("\tpath\t")) return [];
  const name = basename(path);
  const facts = stdout
    .split("\n")
    .slice(1)
    .map((line) => line.trim().replaceAll("\t", " "))
    .filter((line) => line !== "" && !APART.test(line))
    .map((line) => `${name}: ${line}`);
  return [...facts, ...["--version", "version", "-version"].map((word) => `${name} ${word}: ${shown(path, word)}`)];
}

/** A time of this machine is the commit's in ours. */
function shown(path, word) {
  const { status, stdout, stderr } = spawnSync(path, [word], { encoding: "utf8", timeout: 20_000 });
  return status === 0 ? `${stdout}${stderr}`.trim().replaceAll(/\d{4}-\d\d-\d\dT[0-9:]+Z/gu, "DATE") : "no";
}
