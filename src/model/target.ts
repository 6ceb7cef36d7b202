import * as z from "zod/mini";

/** One platform a program is built for: `os/arch` as Go names them, and the architecture's level. */
export const Target = z.object({
  os: z.string(),
  arch: z.string(),
  /** The value of GOAMD64, GOARM, GO386, GOARM64, GOMIPS, GOPPC64 or GORISCV64; absent means Go's default. */
  level: z.optional(z.string()),
});
export type Target = z.infer<typeof Target>;

/** `linux/arm/7`: the way a target is written in inputs, logs and manifests. */
export function formatTarget({ os, arch, level }: Target): string {
  return level === undefined ? `${os}/${arch}` : `${os}/${arch}/${level}`;
}
