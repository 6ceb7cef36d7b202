import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { call } from "../../support/program.ts";
import { repositoryOf, SMALL, temporaryFolder } from "../../support/repository.ts";
import { describeWith } from "../../support/tools.ts";

const LONG = 300_000;
const SHELLS = ["dash", "busybox sh", "bash", "mksh"];
const FORMATS = ["tar.gz", "zip", "none", "gz"];

/** A GitLab's downloads: `tag/file` by what lies in folders. */
class Downloads {
  readonly asked: string[] = [];
  readonly folders = new Map<string, string>();
  /** Changes what is sent. */
  change: ((name: string, bytes: Buffer) => Buffer) | undefined;
  url = "";

  async listen(): Promise<this> {
    const server = createServer(({ url = "" }, response) => {
      const [, tag = "", name = ""] =
        /\/-\/releases\/([^/]+)\/downloads\/([^/]+)$/u.exec(url) ?? [];
      this.asked.push(name);
      const path = join(this.folders.get(tag) ?? "/nowhere", name);
      if (!existsSync(path)) {
        response.writeHead(404).end("not here\n");
        return;
      }
      const bytes = readFileSync(path);
      response.writeHead(200).end(this.change?.(name, bytes) ?? bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return this;
  }
}

async function released(downloads: Downloads, format: string, tags = ["v1.2.3"]): Promise<string> {
  const config = `installer: true\ntargets: [linux/amd64, windows/amd64]\nwrap: "{name}-{version}"\narchive: ${format}\n`;
  const repository = repositoryOf({ ...SMALL, ".go-release.yaml": config }, null);
  const place = ["--forge=gitlab", "--repository=group/tool", `--api-url=${downloads.url}/api/v4`];
  for (const tag of tags) {
    repository.commit(tag);
    const { status, stderr } = await call(["--dry-run=true", ...place], repository.folder);
    expect(stderr).not.toContain("error:");
    expect(status).toBe(0);
    const kept = temporaryFolder();
    cpSync(join(repository.folder, "dist"), kept, { recursive: true });
    downloads.folders.set(tag, kept);
  }
  return repository.folder;
}

interface Ran {
  readonly status: number | null;
  readonly said: string;
  /** What lies where temporary files are. */
  readonly left: readonly string[];
}

/** What `curl … | sh -s -- ARGS` does with a script. */
async function piped(
  shell: string,
  script: string,
  args: readonly string[],
  path: string = process.env["PATH"] ?? "",
): Promise<Ran> {
  const [file = "", ...first] = shell.split(" ");
  const temporary = temporaryFolder();
  const child = spawn(file, [...first, "-s", "--", ...args], {
    // A group of its own, as a terminal has it.
    detached: true,
    env: { PATH: path, HOME: "/nonexistent", TMPDIR: temporary },
  });
  let said = "";
  child.stdout.on("data", (text: Buffer) => {
    said += text.toString();
  });
  child.stderr.on("data", (text: Buffer) => {
    said += text.toString();
  });
  child.stdin.on("error", () => {});
  child.stdin.end(script);
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, said, left: readdirSync(temporary) };
}

function scriptOf(downloads: Downloads, tag = "v1.2.3"): string {
  return readFileSync(join(downloads.folders.get(tag) ?? "", "install.sh"), "utf8");
}

/** Programs before those on PATH. */
function before(programs: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return `${folder}:${process.env["PATH"] ?? ""}`;
}

/** Nothing but busybox, in whose own way everything is done. */
function onlyBusybox(): string {
  const folder = temporaryFolder();
  const busybox = execFileSync("sh", ["-c", "command -v busybox"], { encoding: "utf8" }).trim();
  const applets = execFileSync("busybox", ["--list"], { encoding: "utf8" }).trim().split("\n");
  for (const applet of applets) symlinkSync(busybox, join(folder, applet));
  return folder;
}

function versionOf(program: string): string {
  return execFileSync("sh", ["-c", `"$0" 2>&1`, program], { encoding: "utf8" }).split(" ")[0] ?? "";
}

describeWith(
  "dash",
  "busybox",
  "bash",
  "mksh",
  "curl",
)("install.sh", () => {
  it.each(FORMATS)("installs from %s, in every shell", { timeout: LONG }, async (format) => {
    const downloads = await new Downloads().listen();
    await released(downloads, format);
    for (const shell of SHELLS) {
      const to = join(temporaryFolder(), "new/bin");
      const ran = await piped(shell, scriptOf(downloads), ["--to", to]);
      expect(ran).toMatchObject({ status: 0, left: [] });
      expect(ran.said).toContain(`tool: installed ${to}/tool\n`);
      expect(ran.said).toContain(`tool: ${to} is not on PATH\n`);
      expect(readdirSync(to)).toEqual(["tool"]);
      expect(versionOf(join(to, "tool"))).toBe("1.2.3");
    }
    const to = temporaryFolder();
    const alone = await piped(
      execFileSync("sh", ["-c", "command -v busybox"], { encoding: "utf8" }).trim().concat(" sh"),
      scriptOf(downloads),
      ["--to", to],
      onlyBusybox(),
    );
    expect(alone).toMatchObject({ status: 0, left: [] });
    expect(readdirSync(to)).toEqual(["tool"]);
  });

  it("installs from tar.zst, where zstd is", { timeout: LONG }, async () => {
    const downloads = await new Downloads().listen();
    await released(downloads, "tar.gz");
    const files = downloads.folders.get("v1.2.3") ?? "";
    const file = "tool_1.2.3_linux_amd64.tar.gz";
    execFileSync("sh", [
      "-c",
      'gzip -dc "$0.gz" | zstd -q >"$0.zst"',
      join(files, "tool_1.2.3_linux_amd64.tar"),
    ]);
    const bytes = readFileSync(join(files, file.replace(/gz$/u, "zst")));
    const sum = createHash("sha256").update(bytes).digest("hex");
    const script = scriptOf(downloads)
      .replaceAll("tar.gz\n", "tar.zst\n")
      .replace(/^ {4}sum=.*$/mu, `    sum=${sum}`);
    for (const shell of SHELLS) {
      const to = temporaryFolder();
      expect(await piped(shell, script, ["--to", to])).toMatchObject({ status: 0, left: [] });
      expect(versionOf(join(to, "tool"))).toBe("1.2.3");
    }
  });

  it("is one of the release's files, checked as all others", { timeout: LONG }, async () => {
    const downloads = await new Downloads().listen();
    const folder = await released(downloads, "tar.gz");
    const list = readFileSync(join(folder, "dist/checksums.txt"), "utf8");
    expect(list).toMatch(/ {2}install\.sh$/mu);
    expect(list).toMatch(/ {2}install\.ps1$/mu);
    expect((await call(["verify", "dist", "--any-signer"], folder)).status).toBe(0);
    const place = [
      `--api-url=${downloads.url}/api/v4`,
      "--forge=gitlab",
      "--repository=group/tool",
    ];
    const again = await call(["verify", "dist", "--any-signer", "--rebuild", ...place], folder);
    expect(again.status, again.stderr).toBe(0);
    const script = join(folder, "dist/install.sh");
    writeFileSync(script, `${readFileSync(script, "utf8")}\n`);
    expect((await call(["verify", "dist", "--any-signer"], folder)).status).toBe(1);
  });

  it("refuses what was not released, and leaves what was there", { timeout: LONG }, async () => {
    const downloads = await new Downloads().listen();
    await released(downloads, "tar.gz");
    const to = temporaryFolder();
    writeFileSync(join(to, "tool"), "old");
    const wrong: Readonly<Record<string, (name: string, bytes: Buffer) => Buffer>> = {
      "its sha256 is": (_, bytes) => {
        const changed = Buffer.from(bytes);
        changed[100] = (changed[100] ?? 0) ^ 1;
        return changed;
      },
      "not what was released": (_, bytes) => bytes.subarray(0, 1000),
    };
    for (const shell of SHELLS)
      for (const [says, change] of Object.entries(wrong)) {
        downloads.change = change;
        const ran = await piped(shell, scriptOf(downloads), ["--to", to]);
        expect(ran).toMatchObject({ status: 1, left: [] });
        expect(ran.said).toContain(says);
        expect(readFileSync(join(to, "tool"), "utf8")).toBe("old");
        expect(readdirSync(to)).toEqual(["tool"]);
      }
    downloads.change = undefined;
    for (const [args, says] of [
      [["--to"], "--to needs a value"],
      [["--what"], "unknown option --what"],
      [["--from", "http://127.0.0.1:9/x", "--to", to], "cannot be downloaded"],
      [["--to", "/proc/nothing/bin"], "cannot be made: choose another folder with --to"],
      [["--version", "9.9.9"], "release 9.9.9 has no install.sh"],
      [["--version", "$(id)"], "is not a version"],
    ] as const) {
      const ran = await piped("dash", scriptOf(downloads), args);
      expect(ran).toMatchObject({ status: 1, left: [] });
      expect(ran.said).toContain(says);
    }
  });

  it("that comes only in part does nothing", { timeout: LONG }, async () => {
    const downloads = await new Downloads().listen();
    await released(downloads, "tar.gz");
    const script = scriptOf(downloads);
    const to = temporaryFolder();
    for (const shell of SHELLS)
      for (let length = 0; length < script.length - 1; length += 1499)
        await piped(shell, script.slice(0, length), ["--to", to]);
    for (const length of [2, 5, 8, 14, 20])
      await piped("dash", script.slice(0, -length), ["--to", to]);
    expect(readdirSync(to)).toEqual([]);
    expect(downloads.asked).toEqual([]);
  });

  it("installs another release by its own script", { timeout: LONG }, async () => {
    const downloads = await new Downloads().listen();
    await released(downloads, "tar.gz", ["v1.2.3", "v1.3.0"]);
    const to = temporaryFolder();
    for (const shell of SHELLS) {
      const newer = scriptOf(downloads, "v1.3.0");
      expect((await piped(shell, newer, ["--to", to])).status).toBe(0);
      expect(versionOf(join(to, "tool"))).toBe("1.3.0");
      const older = await piped(shell, newer, ["--to", to, "--version=v1.2.3"]);
      expect(older).toMatchObject({ status: 0, left: [] });
      expect(versionOf(join(to, "tool"))).toBe("1.2.3");
    }
  });

  it("has cosign look at the signature, where it is there", { timeout: LONG }, async () => {
    const downloads = await new Downloads().listen();
    await released(downloads, "tar.gz");
    const files = downloads.folders.get("v1.2.3") ?? "";
    const list = "list=checksums.txt\n";
    const script = scriptOf(downloads)
      .replace("list=\n", list)
      .replace(/verify_list\(\) \{\n.*\n/u, 'verify_list() {\n  cosign "$@"\n');
    expect(script).toContain(list);
    const bundle = (issuer: string) => {
      const rawBytes = Buffer.from(`0\u{82}\u{2}${issuer}`, "latin1").toString("base64");
      const text = JSON.stringify({ verificationMaterial: { certificate: { rawBytes } } });
      writeFileSync(join(files, "checksums.txt.sigstore.json"), text);
    };
    const to = temporaryFolder();
    const path = before({ cosign: 'echo "cosign says no"; exit "${COSIGN:-1}"' });
    const run = (args: readonly string[] = [], where = path) =>
      piped("dash", script, ["--to", to, ...args], where);
    bundle("sigstore.dev");
    const real = readFileSync(join(files, "checksums.txt"), "utf8");
    const refused = await run();
    expect(refused).toMatchObject({ status: 1, left: [] });
    expect(refused.said).toContain("cosign says no");
    expect(refused.said).toContain("error: cosign does not accept the signature of checksums.txt");
    expect((await run(["--no-cosign"])).status).toBe(0);
    const accepting = before({ cosign: '[ -s "$1" ] && [ -s "$2" ]' });
    const accepted = await run([], accepting);
    expect(accepted.said).toContain("tool: cosign accepts the signature of checksums.txt");
    expect(accepted.status).toBe(0);
    writeFileSync(join(files, "checksums.txt"), real.replaceAll(/^[0-9a-f]/gmu, "x"));
    expect((await run([], accepting)).said).toContain("another digest of");
    bundle("somebody.example");
    expect((await run()).said).toContain("not by the public instance of sigstore");
    downloads.change = undefined;
    writeFileSync(join(files, "checksums.txt"), real);
  });

  const STEPS = [
    "uname",
    "id",
    "mktemp",
    "curl",
    "sha256sum",
    "tar",
    "mkdir",
    "cp",
    "chmod",
    "mv",
    "rm",
  ];
  const wrapper = (step: string, real: string, signal: string) =>
    ({
      early: `kill -${signal} 0; sleep 1; exec ${real} "$@"`,
      late: `${real} "$@"; kill -${signal} 0; sleep 1`,
      step,
    }) as const;

  it.each(["TERM", "INT", "HUP", "KILL"])(
    "killed by %s at any step leaves nothing half",
    { timeout: LONG },
    async (signal) => {
      const downloads = await new Downloads().listen();
      await released(downloads, "tar.gz");
      const script = scriptOf(downloads);
      const faults: string[] = [];
      for (const shell of signal === "TERM" ? SHELLS : ["dash"])
        for (const step of STEPS)
          for (const when of ["early", "late"] as const) {
            const real = execFileSync("sh", ["-c", `command -v ${step}`], {
              encoding: "utf8",
            }).trim();
            const path = before({ [step]: wrapper(step, real, signal)[when] });
            const to = temporaryFolder();
            writeFileSync(join(to, "tool"), "old");
            const ran = await piped(shell, script, ["--to", to], path);
            const text = readFileSync(join(to, "tool"));
            const whole = text.toString() === "old" || versionOf(join(to, "tool")) === "1.2.3";
            const hidden =
              signal === "KILL" ? [] : readdirSync(to).filter((name) => name !== "tool");
            const left = signal === "KILL" ? [] : ran.left;
            if (!whole || hidden.length > 0 || left.length > 0)
              faults.push(
                `${shell} ${step} ${when}: ${hidden.join(" ")} ${left.join(" ")} ${ran.said}`,
              );
          }
      expect(faults).toEqual([]);
    },
  );

  it("does without the folder of a run that was killed before", { timeout: LONG }, async () => {
    const downloads = await new Downloads().listen();
    await released(downloads, "tar.gz");
    const to = join(temporaryFolder(), "bin");
    const path = before({ cp: "exit 1" });
    const ran = await piped("dash", scriptOf(downloads), ["--to", to], path);
    expect(ran).toMatchObject({ status: 1, left: [] });
    expect(existsSync(to)).toBe(false);
    mkdirSync(join(to, "tool"), { recursive: true });
    const there = await piped("dash", scriptOf(downloads), ["--to", to]);
    expect(there.said).toContain(`${to}/tool is a folder`);
  });
});
