import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { whereIs } from "../path.ts";
import { type Outcome, watched } from "../program.ts";
import { temporaryFolder } from "../repository.ts";

/** What every image has. */
const ALWAYS = "mktemp rm cut cat sed tar gzip uname sha256sum go git chmod".split(" ");

/** What stands in for the program: it says what it runs on, and what it was given. */
export const BUNDLE = `console.log("bundle ran", process.env.NODE_EXTRA_CA_CERTS ?? "");\n`;

export const NODE_VERSION = "24.19.0";

/** An image in which the component's job runs: the programs on its PATH, and no others. */
export class Image {
  readonly bin: string;
  readonly folder = temporaryFolder("go-release-image-");

  constructor(...programs: readonly string[]) {
    this.bin = join(this.folder, "bin");
    mkdirSync(this.bin);
    for (const name of [...ALWAYS, ...programs]) symlinkSync(whereIs(name), join(this.bin, name));
  }

  /** A program of this image's own. The link to the machine's goes first, or it would be written through. */
  script(name: string, text: string): this {
    const file = join(this.bin, name);
    rmSync(file, { force: true });
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return this;
  }

  without(name: string): this {
    rmSync(join(this.bin, name));
    return this;
  }

  /** Runs the lines that fetch the bundle, then the bundle, as the template's script does; nothing of it may stay. */
  async run(
    shell: readonly string[],
    script: string,
    env: Record<string, string>,
  ): Promise<Outcome> {
    const [file = "", ...args] = shell;
    const whole = `${script}\n"$node" "$bundle"\n`;
    const temporary = mkdtempSync(join(this.folder, "tmp-"));
    const outcome = await watched(file, [...args, "-c", whole], this.folder, {
      TMPDIR: temporary,
      COMPONENT_URL: "",
      COMPONENT_PROJECT: "group/go-release",
      CI_JOB_TOKEN: "job-token-of-a-test",
      ...env,
      PATH: this.bin,
    }).ended;
    expect(readdirSync(temporary)).toEqual([]);
    return outcome;
  }
}

/** `fetch.sh` as a release writes it, for this Node and this bundle. */
export function fetchScript(node: Buffer, bundle: string | Buffer = BUNDLE): string {
  const constants: Readonly<Record<string, string>> = {
    VERSION: "1.2.3",
    SHA256: digest(bundle),
    NODE_VERSION,
    NODE_X64: digest(node),
    NODE_ARM64: digest(node),
  };
  return readFileSync("gitlab-component/fetch.sh", "utf8").replaceAll(
    /@([A-Z0-9_]+)@/gu,
    (_, name: string) => constants[name] ?? "",
  );
}

function digest(bytes: string | Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const platform = `node-v${NODE_VERSION}-linux-${process.arch}`;

/** Where nodejs.org has it, relative to the input \`node-url\`. */
export const NODE_PATH = `/v${NODE_VERSION}/${platform}.tar.gz`;

/** An archive in nodejs.org's form, whose `node` is `script`; the Node of this process unless told. */
export function nodeArchive(script = `exec ${process.execPath} "$@"`): Buffer {
  const folder = temporaryFolder("go-release-node-");
  mkdirSync(join(folder, platform, "bin"), { recursive: true });
  const file = join(folder, platform, "bin/node");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return execFileSync("tar", ["-cz", "-C", folder, platform]);
}
