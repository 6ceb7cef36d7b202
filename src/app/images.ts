import { join } from "node:path";
import { withoutPasswords } from "../go/credentials.ts";
import { pemOf } from "../images/certificates.ts";
import { readBase } from "../images/reference.ts";
import { type Base, baseAt } from "../images/registry/base.ts";
import { defined } from "../model/defined.ts";
import type { PlannedImage } from "../model/image.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { ROOTS } from "../provenance/image-materials.ts";
import type { ImageMeans } from "../release/release-run.ts";
import type { CommandContext } from "./context.ts";
import type { Prepared } from "./preparation.ts";
import { registriesFor, registryAt } from "./registries.ts";

/** What the images of a plan are made of, looked for before anything is built; undefined where there are none. */
export async function imageMeansFor(
  { plan, toolchain }: Pick<Prepared, "plan" | "toolchain">,
  call: CommandContext,
): Promise<ImageMeans | undefined> {
  const { images = [] } = plan;
  if (images.length === 0) return undefined;
  const registries = await registriesFor(plan, call);
  const wants = (what: "certificates" | "timeZones") => images.some((image) => image[what]);
  return await call.journal.step({ kind: "download", of: "what images hold" }, async () => ({
    ...defined({
      certificates: wants("certificates") ? await certificates(toolchain, call) : undefined,
      timeZones: wants("timeZones") ? await timeZones(plan, toolchain, call) : undefined,
    }),
    bases: await basesOf(images, call),
    registries,
  }));
}

/** What images are built on, as far as it is no `scratch`. */
async function basesOf(
  images: readonly PlannedImage[],
  call: CommandContext,
): Promise<ReadonlyMap<string, Base>> {
  const bases = new Map<string, Base>();
  for (const image of images) {
    const base = readBase(image.base);
    if (base === undefined) continue;
    const registry = await registryAt(base.repository, { readOnly: true }, call);
    bases.set(image.repository, await baseAt(registry, image, call.signal));
  }
  return bases;
}

type Go = Prepared["toolchain"];

/** Through the proxies that the user has for modules, against their sums. */
async function certificates(
  { go, fetching }: Go,
  { world: { capture, files } }: CommandContext,
): Promise<string> {
  const cwd = await files.temporary();
  try {
    const args = ["mod", "download", "-json", `${ROOTS.module}@${ROOTS.version}`];
    const { stdout, stderr } = await capture({ file: go, args, cwd, env: fetching });
    const { Dir, Sum, Error: fault = stderr } = parsed(stdout);
    if (Dir === undefined) throw noCertificates(fault);
    if (Sum !== ROOTS.sum) throw noCertificates(`its sum is ${Sum}, and not ${ROOTS.sum}`);
    return pemOf(await files.read(join(Dir, ROOTS.file)));
  } finally {
    await files.remove(cwd);
  }
}

interface Download {
  readonly Dir?: string;
  readonly Sum?: string;
  readonly Error?: string;
}

function parsed(text: string): Download {
  try {
    return JSON.parse(text) as Download;
  } catch {
    return {};
  }
}

function noCertificates(why: string): Problem {
  return new Problem(
    "image-certificates",
    `the certificates for the images are not available: ${ROOTS.module}@${ROOTS.version}: ${withoutPasswords(why).trim()}`,
    {
      hint: "check the network and GOPROXY, or set `certificates: false` in `images` where the program verifies no TLS",
    },
  );
}

async function timeZones(
  { go: version }: Plan,
  { go, env }: Go,
  { folder, world: { capture, files } }: CommandContext,
): Promise<Buffer> {
  const { stdout } = await capture({ file: go, args: ["env", "GOROOT"], cwd: folder, env });
  const path = join(stdout.trim(), "lib", "time", "zoneinfo.zip");
  if ((await files.stat(path))?.kind === "file") return await files.read(path);
  throw new Problem("image-time-zones", `${version} has no time zones for the images: no ${path}`, {
    hint: 'use a Go from go.dev (`go-version`), or set `time-zones: false` in `images` and import _ "time/tzdata" in the program',
  });
}
