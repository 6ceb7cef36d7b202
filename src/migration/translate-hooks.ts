import { UNIVERSAL } from "../go/universal.ts";
import type { Target } from "../model/target.ts";
import { UnknownTemplate } from "./go-template.ts";
import { commandOf, isMapping, textsOf } from "./goreleaser-file.ts";
import { type TemplateScope, translated } from "./placeholders.ts";

/**
 * A hook as one of our commands: its own variables are set by `env`. Throws `UnknownTemplate` for what has no
 * counterpart.
 */
export function translateHook(hook: unknown, scope: TemplateScope, target?: Target): string {
  const { dir, env } = isMapping(hook) ? hook : {};
  if (dir !== undefined && dir !== "." && dir !== "")
    throw new UnknownTemplate(`a folder of its own (\`dir: ${JSON.stringify(dir)}\`)`);
  const whole = [...variables(env), commandOf(hook)].join(" ");
  return (target === undefined ? translated(whole, scope) : textAt(whole, scope, target)).trim();
}

function variables(env: unknown): readonly string[] {
  const given = textsOf(env).map((one) => (/[\s'"]/u.test(one) ? `'${one}'` : one));
  return given.length === 0 ? [] : ["env", ...given];
}

/** A text for one target; for a universal program what both architectures have, `{arch}` where they differ. */
export function textAt(template: string, scope: TemplateScope, target: Target): string {
  if (target.arch !== UNIVERSAL) return translated(template, scope, { target });
  const [first = "", second = ""] = (["amd64", "arm64"] as const).map((arch) =>
    translated(template, scope, { target: { os: target.os, arch } }),
  );
  if (first === second) return first;
  const general = first.replaceAll("amd64", "{arch}");
  if (general === second.replaceAll("arm64", "{arch}")) return general;
  throw new UnknownTemplate("a text that differs for the architectures of a universal program");
}
