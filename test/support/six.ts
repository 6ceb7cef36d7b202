import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FakeRegistry } from "./images/fake-registry.ts";

/** Where a release with six channels goes, as tests see it. */
export interface SixChannels {
  readonly taps: readonly TapLike[];
  readonly registries: readonly FakeRegistry[];
  /** Inputs of the run that publishes. */
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  close(): Promise<void>;
}

interface TapLike {
  seed(files: Readonly<Record<string, string>>): unknown;
  files(): Readonly<Record<string, string>>;
}

export const IMAGE = "octo/age";

/** Two taps, two buckets, and an image in two registries. */
export async function sixChannels(
  taps: readonly TapLike[],
  token: string,
  folder: string,
): Promise<SixChannels> {
  const registries = [new FakeRegistry(), new FakeRegistry()];
  for (const registry of registries) await registry.listen();
  const images = registries.map(({ host }) => ({
    repository: `${host}/${IMAGE}`,
    timeZones: false,
    certificates: false,
  }));
  const path = join(folder, "six.yaml");
  const targets = ["linux/amd64", "darwin/arm64", "windows/amd64"];
  writeFileSync(path, JSON.stringify({ targets, images }));
  return {
    taps,
    registries,
    env: {
      GO_RELEASE_HOMEBREW: "octo/homebrew-tap,octo/homebrew-two",
      GO_RELEASE_SCOOP: "octo/bucket-one,octo/bucket-two",
      GO_RELEASE_METADATA: "description=Tells its age\nlicense=MIT",
      GO_RELEASE_TAP_TOKEN: token,
    },
    args: ["--config", path],
    close: async () => {
      for (const registry of registries) await registry.close();
    },
  };
}

/** Lets a registry refuse to move a tag. */
export function freeze(registry: FakeRegistry | undefined, tag: string): void {
  if (registry === undefined) return;
  registry.traits = {
    fault: (_, { method, path }) =>
      method === "PUT" && path.endsWith(`/manifests/${tag}`)
        ? { status: 403, code: "DENIED", message: "tag is immutable" }
        : undefined,
  };
}

/** Which of the six point at the release, in the order of taps, buckets, images. */
export function pointing({ taps, registries }: SixChannels): readonly boolean[] {
  return [
    ...taps.map((tap) => Object.values(tap.files()).some((text) => text.includes("1.2.3"))),
    ...registries.map((registry) => registry.tags(IMAGE)["latest"] !== undefined),
  ];
}
