import { join } from "node:path";
import { Problem } from "../model/problem.ts";
import type { World } from "../world/world.ts";

/** One row of https://go.dev/dl/?mode=json. */
interface GoRelease {
  readonly version: string;
  readonly files: readonly {
    readonly filename: string;
    readonly os: string;
    readonly arch: string;
    readonly kind: string;
    readonly sha256: string;
  }[];
}

const SITE = "https://go.dev/dl/";

/** Installs a Go release from its official download and gives the program. Throws a `Problem`. */
export async function installGo(
  version: string,
  { http, install, machine }: Pick<World, "http" | "install" | "machine">,
): Promise<string> {
  try {
    const file = archiveOf(version, await releases(http), machine);
    const folder = await install({
      name: "go",
      version: version.replace(/(rc|beta)/u, ".0-$1."),
      url: SITE + file.filename,
      sha256: file.sha256,
    });
    return join(folder, "bin", machine.platform === "win32" ? "go.exe" : "go");
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem("go-install", `Go ${version} cannot be installed`, {
      hint: "install Go yourself and put it on PATH, e.g. with actions/setup-go or a golang image",
      cause,
    });
  }
}

/** go.dev redirects to the storage of its downloads. */
async function releases(http: World["http"]): Promise<readonly GoRelease[]> {
  const answer = await http({ method: "GET", url: `${SITE}?mode=json&include=all` });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${SITE} answered ${answer.status}`);
  return JSON.parse(text) as readonly GoRelease[];
}

const oses: Readonly<Record<string, string>> = {
  win32: "windows",
  darwin: "darwin",
  linux: "linux",
};
const arches: Readonly<Record<string, string>> = {
  x64: "amd64",
  arm64: "arm64",
  ia32: "386",
  arm: "armv6l",
};

function archiveOf(
  version: string,
  all: readonly GoRelease[],
  { platform, arch }: Pick<World["machine"], "platform" | "arch">,
): GoRelease["files"][number] {
  const release = all.find((one) => one.version === `go${version}`);
  const os = oses[platform] ?? platform;
  const goarch = arches[arch] ?? arch;
  const file = release?.files.find(
    (one) => one.kind === "archive" && one.os === os && one.arch === goarch,
  );
  if (file !== undefined) return file;
  throw new Problem(
    "go-unknown",
    release === undefined
      ? `go-version: there is no Go release ${version}`
      : `go-version: Go ${version} is not offered for ${os}/${goarch}`,
    { hint: "choose one of go.dev/dl" },
  );
}
