import { describe, expect, it } from "vitest";
import { evaluate, parseTemplate, UnknownTemplate } from "../../../src/migration/go-template.ts";

const fields: Readonly<Record<string, string | boolean>> = {
  ProjectName: "tool",
  Version: "1.2.3",
  Os: "linux",
  Arch: "amd64",
  Arm: "",
  IsSnapshot: false,
  "Env.PKG": "example.com/tool",
};

function of(template: string): string {
  return evaluate(parseTemplate(template), { field: (path) => fields[path.join(".")] });
}

describe("Go templates", () => {
  it.each([
    ["plain", "plain"],
    ["{{ .ProjectName }}_{{.Version}}", "tool_1.2.3"],
    ["{{- .ProjectName }}_\n  {{- .Os -}}\n  _x", "tool_linux_x"],
    [
      '{{ if eq .Arch "amd64" }}x86_64{{ else if eq .Arch "386" }}i386{{ else }}{{ .Arch }}{{ end }}',
      "x86_64",
    ],
    ['{{ if eq .Os "darwin" "linux" }}unix{{ end }}', "unix"],
    ["{{ if .Arm }}v{{ .Arm }}{{ end }}|", "|"],
    ["{{ with .Arm }}v{{ . }}{{ else }}none{{ end }}", "none"],
    ["{{ with .Os }}<{{ . }}>{{ end }}", "<linux>"],
    ["{{ title .Os }}", "Linux"],
    ["{{ .Os | title | toupper }}", "LINUX"],
    ['{{ replace .Version "." "-" }}', "1-2-3"],
    ['{{ if not (eq .Arch "arm64") }}a{{ end }}', "a"],
    ['{{ if and (eq .Os "linux") (not .IsSnapshot) }}b{{ end }}', "b"],
    ['{{ trimsuffix "x.txt" ".txt" }}', "x"],
    ["{{ .Env.PKG }}.Version", "example.com/tool.Version"],
    ["{{/* a comment */}}x", "x"],
    ['{{ printf "%s-%s" .Os .Arch }}', "linux-amd64"],
    ["{{ `raw` }}", "raw"],
  ])("%j is %j", (template, text) => {
    expect(of(template)).toBe(text);
  });

  it.each([
    "{{ .A",
    "{{ if .A }}",
    "{{ end }}",
    "{{ range .A }}{{ end }}",
    "{{ nothing .A }}",
    "{{ $x := 1 }}",
  ])("%j is not understood, and says so", (template) => {
    expect(() => of(template)).toThrow(UnknownTemplate);
  });
});
