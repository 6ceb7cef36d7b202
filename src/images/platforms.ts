import type { Target } from "../model/target.ts";

/**
 * The variant of a platform, as container runtimes compare it (containerd's `platforms`): levels of amd64, ARM and
 * ARM64; absent for the usual level, and where an architecture has none.
 */
export function variantOf({ arch, level }: Target): string | undefined {
  const plain = level?.replace(/,.*$/u, "");
  switch (arch) {
    case "arm":
      return `v${plain ?? "7"}`;
    case "amd64":
      return plain === undefined || plain === "v1" ? undefined : plain;
    case "arm64":
      return plain === undefined || plain === "v8.0" ? undefined : plain.replace(/\.0$/u, "");
    default:
      return undefined;
  }
}
