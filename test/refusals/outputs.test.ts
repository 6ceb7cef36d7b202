import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { onTestFinished } from "vitest";
import { lines, refuses } from "../support/refusal.ts";
import { PROGRAM, temporaryFolder } from "../support/repository.ts";

const LINUX = "--targets=linux/amd64";

/** A small file system of its own. */
const mounted = (options: string): string => {
  const folder = temporaryFolder();
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  onTestFinished(() => {
    execFileSync("umount", ["-l", folder]);
  });
  return folder;
};

/** `output` as a link beside the module, so that its path is the same in every run. */
const linkedTo = (target: string, folder: string): undefined => {
  symlinkSync(target, `${folder}/out`);
  return undefined;
};

refuses("the output folder", [
  {
    name: "somebody's files",
    tree: { ...PROGRAM, "dist/precious.txt": "mine\n" },
    argv: [LINUX],
    bundled: true,
    says: "?",
  },
  { name: "a file", tree: { ...PROGRAM, dist: "not a folder\n" }, argv: [LINUX], says: "?" },
  { name: "a folder below a file", argv: [LINUX, "--output=LICENSE/dist"], says: "?" },
  { name: "the module itself", argv: [LINUX, "--output=."], says: "?" },
  { name: "the folder above", argv: [LINUX, "--output=/"], says: "?" },
  {
    name: "somebody's .gitignore",
    tree: { ...PROGRAM, "dist/.gitignore": "*.log\n" },
    argv: [LINUX],
    says: "?",
  },
  {
    name: "a file system that cannot be written",
    tree: { ...PROGRAM, ".gitignore": "out\n" },
    prepare: ({ folder }) => linkedTo(mounted("ro"), folder),
    argv: [LINUX, "--output=out"],
    says: "?",
  },
  {
    name: "a file system that is full",
    tree: { ...PROGRAM, ".gitignore": "out\n" },
    prepare: ({ folder }) => linkedTo(mounted("size=1m"), folder),
    argv: [LINUX, "--output=out"],
    says: "?",
  },
  {
    name: "a file system that is full from the start",
    tree: { ...PROGRAM, ".gitignore": "out\n" },
    prepare: ({ folder }) => {
      const place = mounted("size=64k");
      execFileSync("sh", [
        "-c",
        `head -c 65536 /dev/zero > ${place}/ballast; mkdir ${place}/dist || true`,
      ]);
      mkdirSync(`${place}/dist`, { recursive: true });
      return linkedTo(place, folder);
    },
    argv: [LINUX, "--output=out/dist"],
    says: "?",
  },
]);
