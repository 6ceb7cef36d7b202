import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { portableCrc32 } from "../../../src/archives/crc-counter.ts";
import { dosTime } from "../../../src/archives/zip/dos-time.ts";
import type { Member } from "../../../src/archives/zip/member.ts";
import {
  centralHeader,
  dataDescriptor,
  endOfDirectory,
  localHeader,
} from "../../../src/archives/zip/records.ts";
import { DATE } from "../../unit/archives/samples.ts";

const folder = mkdtempSync(join(tmpdir(), "records-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const content = Buffer.from("hello");
const packed = deflateRawSync(content);
function member(name: string, offset: number, large: boolean): Member {
  return {
    name: Buffer.from(name),
    mode: 0o644,
    time: dosTime(DATE),
    offset,
    link: false,
    large,
    crc: portableCrc32(content, 0),
    packed: packed.length,
    size: content.length,
  };
}

/** A hole stands for the gigabytes in between: it costs neither time nor disk. */
it("Python and Go find zip members and a directory beyond 4 GiB", {
  timeout: 60_000,
}, () => {
  const far = 5 * 2 ** 30;
  const members = [
    member("near", 0, false),
    member("large", 1000, true),
    member("far", far, false),
  ];
  const path = join(folder, "far.zip");
  const file = openSync(path, "w");
  for (const one of members)
    writeSync(
      file,
      Buffer.concat([localHeader(one), packed, dataDescriptor(one)]),
      0,
      null,
      one.offset,
    );
  const offset = far + 1000;
  ftruncateSync(file, offset);
  const directory = Buffer.concat(members.map(centralHeader));
  const end = endOfDirectory(members.length, directory.length, offset);
  writeSync(file, Buffer.concat([directory, end]), 0, null, offset);
  closeSync(file);
  const script =
    "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print([(i.filename, i.header_offset, z.read(i)) for i in z.infolist()])";
  expect(execFileSync("python3", ["-c", script, path], { encoding: "utf8" }).trim()).toBe(
    `[('near', 0, b'hello'), ('large', 1000, b'hello'), ('far', ${far}, b'hello')]`,
  );
  const said = execFileSync("go", ["run", "test/program/archives/readers/main.go", path], {
    encoding: "utf8",
  });
  expect(JSON.parse(said)).toMatchObject([
    { name: "near" },
    { name: "large" },
    { name: "far", size: 5 },
  ]);
});
