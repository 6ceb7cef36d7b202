import { join } from "node:path";
import * as z from "zod/mini";
import { Problem } from "../model/problem.ts";
import type { Reach } from "../net/exchange.ts";
import { fetchAnswer } from "../net/follow.ts";
import { BRISK, retry } from "../net/retry.ts";
import type { World } from "../world/world.ts";

/** The rows of https://go.dev/dl/?mode=json. */
const GoReleases = z.array(
  z.object({
    version: z.string(),
    files: z.array(
      z.object({
        filename: z.string(),
        os: z.string(),
        arch: z.string(),
        kind: z.string(),
        sha256: z.string(),
      }),
    ),
  }),
);
type GoRelease = z.infer<typeof GoReleases>[number];

const SITE = "https://go.dev/dl/";
const YOURSELF =
  "install Go yourself and put it on PATH, e.g. with actions/setup-go or a golang image";

/** Installs a Go release from its official download and gives the program. Throws a `Problem`. */
export async function installGo(
  version: string,
  world: Reach & Pick<World, "install" | "machine">,
): Promise<string> {
  const { install, machine } = world;
  try {
    const file = archiveOf(version, await releases(world), machine);
    const folder = await install({
      name: "go",
      version: version.replace(/(rc|beta)/u, ".0-$1."),
      url: SITE + file.filename,
      sha256: file.sha256,
    });
    return join(folder, "bin", machine.platform === "win32" ? "go.exe" : "go");
  } catch (cause) {
    if (cause instanceof Problem && cause.code === "go-unknown") throw cause;
    throw new Problem("go-install", `Go ${version} cannot be installed`, { hint: YOURSELF, cause });
  }
}

/** go.dev redirects to the storage of its downloads. */
async function releases(reach: Reach): Promise<readonly GoRelease[]> {
  const server = { name: "go.dev", code: "go-install", again: YOURSELF, secrets: [] };
  const request = { server, url: `${SITE}?mode=json&include=all` };
  const answer = await fetchAnswer(request, reach, retry(BRISK, reach));
  return answer.as(GoReleases);
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
      : `go-version: Go ${version} is not available for ${os}/${goarch}`,
    { hint: "choose a version listed on go.dev/dl" },
  );
}
