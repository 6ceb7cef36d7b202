import { describe, expect, it } from "vitest";
import {
  needed,
  translateByGroup,
  translateName,
  translateText,
} from "../../../src/migration/archive-names.ts";
import type { Target } from "../../../src/model/target.ts";

const scope = {
  env: { PKG: "example.com/x" },
  variables: { owner: "acme" },
  project: "tool",
  shortened: 8,
};

function targetsOf(...written: readonly string[]): readonly Target[] {
  return written.map((one) => {
    const [os = "", arch = "", level] = one.split("/");
    return level === undefined ? { os, arch } : { os, arch, level };
  });
}

const usual = targetsOf(
  "linux/amd64",
  "linux/386",
  "linux/arm/6",
  "linux/arm/7",
  "darwin/arm64",
  "windows/amd64",
);

describe("names of archives", () => {
  it.each([
    [
      "{{ .ProjectName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}{{ with .Arm }}v{{ . }}{{ end }}",
      "{name}_{version}_{os}_{arch}",
      {},
    ],
    ["{{ .ProjectName }}-{{ .Tag }}-{{ title .Os }}", "{name}-{tag}-{os|title}", {}],
    [
      '{{- .ProjectName }}_\n{{- .Version }}_\n{{- .Os }}_\n{{- if eq .Arch "amd64" }}x86_64\n{{- else if eq .Arch "386" }}32-bit\n{{- else if eq .Arch "arm" }}armv{{ .Arm }}\n{{- else }}{{ .Arch }}{{ end }}',
      "{name}_{version}_{os}_{arch}",
      { amd64: "x86_64", "386": "32-bit" },
    ],
    [
      '{{ .ProjectName }}_{{ if eq .Os "darwin" }}macOS{{ else }}{{ .Os }}{{ end }}_{{ .Arch }}{{ if .Arm }}{{ .Arm }}{{ end }}',
      "{name}_{os}_{arch}",
      { darwin: "macOS", "arm/6": "arm6", "arm/7": "arm7" },
    ],
    [
      "{{ .Binary }}-{{ .Env.PKG }}-{{ .Var.owner }}-{{ .Env.CHANNEL }}",
      "{binary}-example.com/x-acme-{env:CHANNEL}",
      {},
    ],
  ])("%j is %j", (template, ours, names) => {
    const found = translateName(template, usual, scope);
    expect(found?.template).toBe(ours);
    expect(needed(found?.names ?? {})).toEqual(names);
  });

  it("that no one template can say are several", () => {
    const template = 'x_{{ if eq .Os "darwin" }}all{{ else }}{{ .Os }}_{{ .Arch }}{{ end }}';
    const groups = translateByGroup(usual, (targets) => translateName(template, targets, scope));
    expect(groups.map(({ targets, translated }) => [targets.length, translated.template])).toEqual([
      [4, "x_{arch}"],
      [1, "x_all"],
      [1, "x_windows_amd64"],
    ]);
  });
});

describe("texts without a target", () => {
  it.each([
    ["Release {{ .Tag }}", "Release {tag}"],
    ['{{ time "2006-01-02" }}', "{day}"],
    ["{{ .ProjectName | toupper }}", "{name|upper}"],
    ['{{ envOrDefault "X" "y" }}', "{env:X|default:y}"],
    ["{{ if .IsNightly }}x{{ end }}y", "y"],
  ])("%j are %j", (template, ours) => {
    expect(translateText(template, scope)).toBe(ours);
  });

  it.each([
    "{{ .ReleaseURL }}",
    '{{ replace .Version "." "-" }}',
    '{{ if eq .Branch "main" }}x{{ end }}',
  ])("%j have no counterpart, which is told", (template) => {
    expect(() => translateText(template, scope)).toThrow();
  });
});
