// Releases real projects with GoReleaser and with this program, from the project's own configuration, and compares.
// `npm run goreleaser -- OWNER/NAME=CHECKOUT@TAG[+FILE …] …`; a checkout may be bare, and files are what a job makes
// before GoReleaser runs. Needs go, git, tar, unzip, dpkg-deb and
// GoReleaser 2.15.2 as GORELEASER (`go install github.com/goreleaser/goreleaser/v2@v2.15.2`).
//
// Twice each: for every target with a stand-in for `go build`, which tells what would be linked into what; then
// compiled, for Linux on amd64 alone.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareLists, compareMaps, linkedValues } from "./goreleaser/compare.mjs";
import { contentsOf, releasedBy, versionsOf } from "./goreleaser/contents.mjs";
import { checkouts, planOf, releaseOurs, releaseTheirs } from "./goreleaser/releases.mjs";
import { standIn } from "./goreleaser/stand-in.mjs";

const root = mkdtempSync(join(tmpdir(), "goreleaser-"));
const fake = standIn(join(root, "stand-in"));
let different = 0;
for (const word of process.argv.slice(2)) {
  const [, name, folder, tag, files] = /^([^=]+)=(.+)@([^@+]+)(.*)$/u.exec(word) ?? [];
  if (name === undefined) throw new Error(`${word}: write OWNER/NAME=CHECKOUT@TAG[+FILE …]`);
  const made = files.split("+").filter((one) => one !== "");
  const start = Date.now();
  const lines = [];
  for (const [pass, compare] of Object.entries({ planned: comparePlanned, compiled: compareCompiled })) {
    if (process.env["PASS"] !== undefined && process.env["PASS"] !== pass) continue;
    const place = mkdtempSync(join(root, "project-"));
    try {
      lines.push(...compare({ name, folder, tag, made, place }).map((line) => `${pass}: ${line}`));
    } catch (error) {
      lines.push(`${pass}: FAILED ${error.message}`);
    }
    rmSync(place, { recursive: true, force: true });
  }
  const wrong = lines.filter((line) => !line.includes(": same "));
  different += wrong.length > 0 ? 1 : 0;
  process.stdout.write(`## ${name} ${tag} (${Math.round((Date.now() - start) / 1000)} s)\n`);
  for (const line of lines) process.stdout.write(`- ${line}\n`);
}
rmSync(root, { recursive: true, force: true });
process.exitCode = different > 0 ? 1 : 0;

/** Every target: names, contents as they are planned, and what would be linked. */
function comparePlanned(project) {
  const { ours, theirs, told } = checkouts(project);
  const commands = join(project.place, "commands");
  const dist = releaseTheirs(theirs, { PATH: `${fake}:${process.env["PATH"]}`, STAND_IN_LOG: commands });
  const plan = planOf(ours);
  const released = releasedBy(dist);
  const planned = plannedContents(plan);
  const shared = [...planned.keys()].filter((one) => released.has(one) && contentsOf(released.get(one)) !== undefined);
  return [
    ...compareLists("names", [...released.keys()], namesOf(plan), told),
    ...compareMaps("contents", shared, (one) => contentsOf(released.get(one)), (one) => planned.get(one)),
    ...linkedValues(readFileSync(commands, "utf8"), plan),
  ];
}

/** One target, compiled: the archives and the programs themselves. */
function compareCompiled(project) {
  const { ours, theirs, told } = checkouts(project, true);
  const released = releasedBy(releaseTheirs(theirs, {}));
  const made = releasedBy(releaseOurs(ours));
  const shared = [...made.keys()].filter((one) => released.has(one) && contentsOf(released.get(one)) !== undefined);
  const versions = (files) => (one) => versionsOf(files.get(one), project.place);
  return [
    ...compareLists("names", [...released.keys()], [...made.keys()].filter((one) => !one.endsWith(".sbom.json")), told),
    ...compareMaps("contents", shared, (one) => contentsOf(released.get(one)), (one) => contentsOf(made.get(one))),
    ...compareMaps("programs", shared, versions(released), versions(made)),
  ];
}

/** But for `extra-files`, which GoReleaser uploads and does not list. */
function namesOf({ archives, packages = [], source, checksum }) {
  const beside = source === undefined ? [] : [source];
  return [...archives, ...packages, ...beside, checksum].map(({ name }) => name);
}

function plannedContents({ archives }) {
  const mode = (file) => file.mode ?? (file.executable ? "755" : "644");
  return new Map(
    archives
      .filter(({ format }) => format !== "none" && format !== "gz")
      .map(({ name, binaries, files }) => [
        name,
        [
          ...binaries.map(({ path }) => `755 ${path}`),
          ...files.map((file) => `${mode(file).replace(/^0+/u, "")} ${file.name}`),
        ].sort(),
      ]),
  );
}
