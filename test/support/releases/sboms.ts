import type { BuildInfo } from "../../../src/model/binary.ts";
import { sbomsFor } from "../../../src/sboms/index.ts";
import { agePlan, binaryOf, linux, windows } from "./binaries.ts";

/** Every kind of module that build information knows. */
const odd: Partial<BuildInfo> = {
  deps: [
    { path: "github.com/BurntSushi/toml", version: "v1.4.0", sum: "h1:aaaa" },
    { path: "github.com/docker/docker", version: "v28.0.0+incompatible", sum: "h1:bbbb" },
    {
      path: "example.com/fork",
      version: "v1.0.0",
      replace: { path: "example.com/Ours", version: "v1.0.1", sum: "h1:cccc" },
    },
    { path: "example.com/local", version: "v0.0.0", replace: { path: "../local", version: "" } },
    { path: "gopkg.in/yaml.v3", version: "v3.0.1", sum: "h1:dddd" },
  ],
};
/** Binaries of the same modules. */
export const same = [binaryOf(linux), binaryOf(windows)];
/** Binaries of different ones. */
export const different = [binaryOf(linux), binaryOf(windows, odd)];

export function sbom(kind: "cyclonedx" | "spdx", binaries = same) {
  return sbomsFor(binaries, { ...agePlan, sbom: kind });
}
