import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { onTestFinished } from "vitest";
import { asRoot } from "../../support/as-root.ts";
import { pathWithGo } from "../../support/path.ts";
import { lines, refuses } from "../../support/refusal.ts";
import { PROGRAM, temporaryFolder } from "../../support/repository.ts";

const LINUX = "--targets=linux/amd64";

/** A small file system of its own. */
function mounted(options: string): string {
  const folder = temporaryFolder();
  const user = process.getuid?.() ?? 0;
  asRoot("mount", "-t", "tmpfs", "-o", `${options},uid=${user}`, "tmpfs", folder);
  onTestFinished(() => void asRoot("umount", "-l", folder));
  return folder;
}

/** `output` as a link beside the module, so that its path is the same in every run. */
function linkedTo(target: string, folder: string): undefined {
  symlinkSync(target, `${folder}/out`);
  return undefined;
}

refuses("the output folder", [
  {
    name: "somebody's files",
    tree: { ...PROGRAM, "dist/precious.txt": "mine\n" },
    argv: [LINUX],
    bundled: true,
    says: lines(
      "error: output <folder>/dist is not empty and was not created by an earlier run (it contains precious.txt)",
      "  → empty it, or choose another `output`; its files would have been overwritten",
    ),
  },
  {
    name: "a file",
    tree: { ...PROGRAM, dist: "not a folder\n" },
    argv: [LINUX],
    says: lines("error: output <folder>/dist is not a folder", "  → choose another `output`"),
  },
  {
    name: "a folder below a file",
    argv: [LINUX, "--output=LICENSE/dist"],
    says: lines(
      "error: <folder>/LICENSE/dist: a part of the path is not a folder",
      "  because ENOTDIR: not a directory, mkdir '<folder>/LICENSE/dist'",
      "  → fix the path",
    ),
  },
  {
    name: "the module itself",
    argv: [LINUX, "--output=."],
    says: lines(
      "error: output <folder> is not empty and was not created by an earlier run (it contains .git)",
      "  → empty it, or choose another `output`; its files would have been overwritten",
    ),
  },
  {
    name: "a link that leads nowhere",
    prepare: ({ folder }) => linkedTo(`${folder}/nowhere`, folder),
    tree: { ...PROGRAM, ".gitignore": "out\n" },
    argv: [LINUX, "--output=out"],
    says: lines(
      "error: output <folder>/out is a broken link",
      "  → create the folder that it points to, or choose another `output`",
    ),
  },
  {
    name: "links in a circle",
    prepare: ({ folder }) => linkedTo("out", folder),
    tree: { ...PROGRAM, ".gitignore": "out\n" },
    argv: [LINUX, "--output=out"],
    says: lines(
      "error: <folder>/out: links form a loop",
      "  because ELOOP: too many symbolic links encountered, stat '<folder>/out'",
      "  → fix the link, or choose another path",
    ),
  },
  {
    name: "a folder on a file system that cannot be written",
    tree: { ...PROGRAM, ".gitignore": "out\n" },
    prepare: ({ folder }) => linkedTo(mounted("ro"), folder),
    argv: [LINUX, "--output=out/a/b"],
    says: lines(
      "error: <folder>/out/a: the file system is read-only",
      "  because EROFS: read-only file system, mkdir '<folder>/out/a'",
      "  → choose an `output` that can be written",
    ),
  },
  {
    name: "a device",
    argv: [LINUX, "--output=/dev/null"],
    says: lines("error: output /dev/null is not a folder", "  → choose another `output`"),
  },
  {
    name: "somebody's .gitignore",
    tree: { ...PROGRAM, "dist/.gitignore": "*.log\n" },
    argv: [LINUX],
    says: lines(
      "error: output <folder>/dist is not empty and was not created by an earlier run (it contains .gitignore)",
      "  → empty it, or choose another `output`; its files would have been overwritten",
    ),
  },
  {
    name: "a file system that cannot be written",
    tree: { ...PROGRAM, ".gitignore": "out\n" },
    prepare: ({ folder }) => linkedTo(mounted("ro"), folder),
    argv: [LINUX, "--output=out"],
    says: lines(
      "error: <folder>/out/.gitignore.<pid>.tmp: the file system is read-only",
      "  because EROFS: read-only file system, open '<folder>/out/.gitignore.<pid>.tmp'",
      "  → choose an `output` that can be written",
    ),
  },
  {
    name: "a file system that is full",
    tree: { ...PROGRAM, ".gitignore": "out\n" },
    prepare: ({ folder }) => linkedTo(mounted("size=1m"), folder),
    argv: [LINUX, "--output=out"],
    opens: "out",
    says: lines(
      "error: go build failed for <target> (exit status 1)",
      "  <goroot>/pkg/tool/<platform>/link: mapping output file failed: no space left on device",
      "  → free some disk space, or move GOCACHE and `output` to a larger disk",
    ),
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
    says: lines(
      "error: no space left",
      "  because ENOSPC: no space left on device, write",
      "  → free some disk space, or choose an `output` on a larger disk",
    ),
  },
  {
    name: "a folder that somebody empties meanwhile",
    env: {
      PATH: pathWithGo(
        '"$REAL" "$@" || exit\nif [ "$1" = build ]; then rm -r dist/.work/release; fi',
      ),
    },
    argv: [LINUX],
    opens: "dist",
    says: lines(
      "error: <folder>/dist/.work/release/tool_1.2.3_linux_amd64.tar.gz: removed during this run",
      "  because ENOENT: no such file or directory, open '<folder>/dist/.work/release/tool_1.2.3_linux_amd64.tar.gz'",
      "  → make sure nothing else removes files there during the run, then run again",
    ),
  },
]);
