import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { linuxMemory, memory, reclaimable } from "../../../src/world/node/memory.ts";
import { temporaryFolder } from "../../support/repository.ts";

const MIB = 2 ** 20;

/** A `/proc` and a `/sys` with these files. */
function root(files: Readonly<Record<string, string | number>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `${text}\n`);
  }
  return folder;
}

it("is free on this machine", async () => {
  expect((await memory()).free).toBeGreaterThan(0);
});

it("is what the tightest cgroup v2 leaves, without the files that the kernel drops first", async () => {
  const cgroup = "sys/fs/cgroup";
  const found = await linuxMemory(
    root({
      "proc/self/cgroup": "0::/pod/container",
      [`${cgroup}/pod/memory.max`]: 2048 * MIB,
      [`${cgroup}/pod/memory.current`]: 1900 * MIB,
      [`${cgroup}/pod/memory.stat`]: `anon ${400 * MIB}\nactive_file ${500 * MIB}\ninactive_file ${1000 * MIB}`,
      [`${cgroup}/pod/container/memory.max`]: "max",
      [`${cgroup}/pod/container/memory.current`]: 1800 * MIB,
      [`${cgroup}/pod/container/memory.pressure`]:
        "some avg10=40.00 avg60=1.00 avg300=0.00 total=1\nfull avg10=25.00 avg60=1.00 avg300=0.00 total=1",
    }),
    16_384 * MIB,
  );
  expect(found).toEqual({ free: 1648 * MIB, stalled: 0.25 });
});

it("is what a cgroup v1 leaves, in a container that sees itself as the root", async () => {
  const folder = "sys/fs/cgroup/memory";
  const found = await linuxMemory(
    root({
      "proc/self/cgroup": "4:cpu,cpuacct:/docker/1\n3:memory:/docker/1\n0::/",
      [`${folder}/memory.limit_in_bytes`]: 1024 * MIB,
      [`${folder}/memory.usage_in_bytes`]: 600 * MIB,
      [`${folder}/memory.stat`]: `cache 1\ntotal_active_file ${100 * MIB}\ntotal_inactive_file ${50 * MIB}`,
    }),
    16_384 * MIB,
  );
  expect(found).toEqual({ free: 574 * MIB, stalled: 0 });
});

it.each([
  ["no cgroups", {}],
  [
    "no limit",
    {
      "proc/self/cgroup": "3:memory:/",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
      "sys/fs/cgroup/memory/memory.usage_in_bytes": 1,
    },
  ],
])("is what the machine has where there are %s", async (_, files) => {
  expect(await linuxMemory(root(files), 5 * MIB)).toEqual({ free: 5 * MIB, stalled: 0 });
});

it("counts what macOS gives back at once", () => {
  const stat = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               10.
Pages active:                           1000.
Pages inactive:                           20.
Pages speculative:                         5.
Pages wired down:                       1000.
`;
  expect(reclaimable(stat)).toBe(35 * 16_384);
});
