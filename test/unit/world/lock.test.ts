import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { beforeAll, expect, it } from "vitest";
import { lock } from "../../../src/world/node/lock.ts";
import { temporaryFolder } from "../../support/repository.ts";

/** Takes and gives back the lock again and again; exits with 3 when another living process was inside too. */
const CONTENDER = `
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "LOCK";
const [path, inside, rounds] = process.argv.slice(2);
let held = 0;
for (let round = 0; round < Number(rounds); round++) {
  const release = await lock(path);
  if (release === undefined) { await sleep(Math.random() * 5); continue; }
  held++;
  try {
    writeFileSync(inside, String(process.pid), { flag: "wx" });
  } catch {
    const other = Number(readFileSync(inside, "utf8"));
    try { if (other !== 0) { process.kill(other, 0); process.exit(3); } } catch {}
    writeFileSync(inside, String(process.pid));
  }
  await sleep(Math.random() * 5);
  if (readFileSync(inside, "utf8") !== String(process.pid)) process.exit(3);
  rmSync(inside);
  await release();
}
process.stdout.write(String(held));
`;

let contender: string;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: CONTENDER.replace("LOCK", "./src/world/node/lock.ts"),
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
  });
  contender = outputFiles[0]?.text ?? "";
});

function started(
  folder: string,
  rounds: number,
): { child: ChildProcess; ended: Promise<{ status: number | null; said: string }> } {
  const program = join(folder, "contender.mjs");
  writeFileSync(program, contender);
  const child = spawn(process.execPath, [
    program,
    join(folder, "lock"),
    join(folder, "inside"),
    String(rounds),
  ]);
  let said = "";
  child.stderr.pipe(process.stderr);
  child.stdout.on("data", (text: Buffer) => (said += text.toString()));
  return {
    child,
    ended: new Promise((resolve) => child.once("close", (status) => resolve({ status, said }))),
  };
}

it("is held by one process at a time, and by some one", async () => {
  const folder = temporaryFolder();
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => started(folder, 60).ended));
  expect(outcomes.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
  expect(outcomes.reduce((sum, { said }) => sum + Number(said), 0)).toBeGreaterThan(20);
  expect(readdirSync(folder).sort()).toEqual(["contender.mjs"]);
});

it("is taken over from the dead, by one process at a time", async () => {
  const folder = temporaryFolder();
  for (let round = 0; round < 8; round++) {
    const victims = [1, 2, 3].map(() => started(folder, 1000));
    await sleep(150 + 30 * round);
    for (const { child } of victims) child.kill("SIGKILL");
    const ended = await Promise.all(victims.map((victim) => victim.ended));
    expect(ended.map(({ status }) => status)).toEqual([null, null, null]);
  }
  const release = await lock(join(folder, "lock"));
  expect(release).toBeDefined();
  await release?.();
  expect(existsSync(join(folder, "lock"))).toBe(false);
});

it("is held against this very process too", async () => {
  const path = join(temporaryFolder(), "lock");
  const release = await lock(path);
  expect(await lock(path)).toBeUndefined();
  await release?.();
  const again = await lock(path);
  expect(again).toBeDefined();
  await again?.();
});

it("is taken over from another process that has got the number of the dead one", async () => {
  const path = join(temporaryFolder(), "lock");
  const release = await lock(path);
  const [claim = ""] = readdirSync(path);
  await release?.();
  const [machine, pid, , random] = claim.split("-");
  mkdirSync(path);
  writeFileSync(join(path, [machine, pid, "1", random].join("-")), "");
  const again = await lock(path);
  expect(again).toBeDefined();
  await again?.();
  expect(existsSync(path)).toBe(false);
});
