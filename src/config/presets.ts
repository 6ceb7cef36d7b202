import type { InputName } from "./inputs.ts";

/** What a kind of project releases: values for what nobody gave. */
interface Preset {
  readonly values: Partial<Readonly<Record<InputName, unknown>>>;
  /** Name of each program that has none, a template. */
  readonly binary: string;
}

export type PresetName = "none" | "terraform-provider";

/** A project that is released as its registry asks (developer.hashicorp.com/terraform/registry/providers/publishing). */
export const presets: Readonly<Record<Exclude<PresetName, "none">, Preset>> = {
  "terraform-provider": {
    values: {
      targets: [
        "darwin/amd64",
        "darwin/arm64",
        "linux/amd64",
        "linux/arm64",
        "linux/arm/6",
        "windows/amd64",
      ],
      archive: "zip",
      archiveName: "{name}_{version}_{os}_{arch}",
      names: { "arm/6": "arm" },
      checksumName: "{name}_{version}_SHA256SUMS",
      signGpg: "binary",
    },
    binary: "{name}_v{version}",
  },
};
