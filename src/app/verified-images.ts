import { readRepository } from "../images/reference.ts";
import type { ReleasedImage } from "../model/image.ts";
import { isSbom } from "../model/names.ts";
import {
  Findings,
  type ReleasedFiles,
  type ReleaseSource,
  type Verdict,
  verifyImage,
  withFindings,
} from "../verification/index.ts";
import type { CommandContext } from "./context.ts";
import { expectedSigner } from "./judge.ts";
import { foreignRegistry } from "./registries.ts";

/**
 * A verdict that speaks of a release's images too. Registries are asked only where the caller said so, and only once
 * the release that names them is sound; without a password, unless the caller gave one for that host.
 */
export async function withImages(
  verdict: Verdict,
  files: ReleasedFiles,
  call: CommandContext,
  source?: ReleaseSource,
): Promise<Verdict> {
  const { images, notices } = verdict;
  const wanted = call.config.settings.verifyImages;
  if (images.length === 0)
    return wanted ? { ...verdict, notices: [...notices, "it names no container images"] } : verdict;
  if (!wanted) return { ...verdict, notices: [...notices, unasked(images)] };
  const findings = new Findings();
  const expected = await expectedSigner(call, source);
  const described = files.names.some(isSbom);
  const scene = { expected, verdict, described, signal: call.signal };
  for (const image of images) {
    const repository = readRepository(image.repository);
    if (repository === undefined) findings.fault(image.repository, "it is no name of an image");
    else
      await call.journal.step({ kind: "verify", of: image.repository }, () =>
        verifyImage(image, foreignRegistry(repository, call), scene, findings),
      );
  }
  return withFindings(verdict, findings);
}

function unasked(images: readonly ReleasedImage[]): string {
  const names = images.map(({ repository, digest }) => `${repository}@${digest}`);
  return `container images, not verified here: ${names.join(", ")}; \`--verify-images\` asks their registries`;
}
