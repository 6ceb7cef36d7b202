import { formatTarget, type Target } from "../model/target.ts";
import type { MigrationFindings } from "./findings.ts";
import type { GoReleaserBuild } from "./goreleaser-builds.ts";
import { listOf, mapping, textOf, textsOf } from "./goreleaser-file.ts";
import type { TemplateScope } from "./placeholders.ts";
import { textAt } from "./translate-hooks.ts";

/** A row of our `overrides`. */
export type OverrideRow = Readonly<Record<string, unknown>> & {
  readonly targets: readonly string[];
};

type TheirRow = Readonly<Record<string, unknown>>;

/** Keys that tell which target a row is for. */
const OF_TARGET = /^go(os|arch|arm|arm64|amd64|386|mips|ppc64|riscv64)$/u;
const KNOWN = /^(ldflags|flags|tags|env|gcflags|asmflags|buildmode)$/u;

/** The rows of `overrides` that are for any of these targets (goreleaser.com/customization/builds/go). */
export function translateOverrides(
  { row }: GoReleaserBuild,
  targets: readonly Target[],
  key: string,
  scope: TemplateScope,
  findings: MigrationFindings,
): readonly OverrideRow[] {
  return listOf(row["overrides"])
    .map(mapping)
    .flatMap((theirs, index) => {
      const named = targets.filter((target) => isFor(theirs, target));
      const [first] = named;
      if (first === undefined) return [];
      const place = `${key}.overrides[${index}]`;
      for (const name of Object.keys(theirs).filter(
        (one) => !OF_TARGET.test(one) && !KNOWN.test(one),
      ))
        findings.left(`${place}.${name}`, "has no counterpart");
      const ours = findings.attempt(place, () => translatedRow(theirs, first, scope));
      if (ours === undefined) return [];
      findings.kept(place, `overrides for ${named.map(formatTarget).join(", ")}`);
      return [{ targets: named.map(formatTarget), ...ours }];
    });
}

function isFor(row: TheirRow, { os, arch, level }: Target): boolean {
  const levels = Object.keys(row).filter(
    (name) => OF_TARGET.test(name) && !/^go(os|arch)$/u.test(name),
  );
  return (
    (textOf(row["goos"]) ?? os) === os &&
    (textOf(row["goarch"]) ?? arch) === arch &&
    levels.every((name) => level === undefined || textOf(row[name]) === level)
  );
}

function translatedRow(row: TheirRow, target: Target, scope: TemplateScope): TheirRow {
  const text = (value: unknown): readonly string[] =>
    textsOf(value).map((one) => textAt(one, scope, target).trim());
  const flags = [
    ...text(row["flags"]).filter((one) => one !== "-trimpath" && !one.startsWith("-mod=")),
    ...(["gcflags", "asmflags", "buildmode"] as const).flatMap((name) =>
      text(row[name]).map((one) => `-${name}=${one}`),
    ),
  ];
  const env = text(row["env"]).map((one) => {
    const at = one.indexOf("=");
    return [one.slice(0, at), one.slice(at + 1)];
  });
  const tags = text(row["tags"]).flatMap((one) => one.split(/[\s,]+/u));
  return {
    ...(row["ldflags"] === undefined
      ? {}
      : { ldflags: ["-buildid=", ...text(row["ldflags"])].join(" ") }),
    ...(flags.length === 0 ? {} : { flags: ["-trimpath", ...flags] }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(env.length === 0 ? {} : { env: Object.fromEntries(env) as Record<string, string> }),
  };
}
