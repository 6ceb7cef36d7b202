import { formatTarget, type Target } from "../model/target.ts";
import { evaluate, parseTemplate, type TemplateNode, UnknownTemplate } from "./go-template.ts";
import { lookupOf, type TemplateScope, translated } from "./placeholders.ts";

/** A text of ours for several targets, with the spellings that make it say what GoReleaser's said. */
export interface TranslatedName {
  readonly template: string;
  readonly names: Readonly<Record<string, string>>;
}

/** The spellings that say something: what is written as Go writes it needs none. */
export function needed(names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(names).filter(([key, text]) => text !== defaultName(key)),
  );
}

/**
 * One template of ours for all targets; undefined when the texts depend on the targets in a way that it cannot
 * say: then each operating system, or each target, has a template of its own. Throws `UnknownTemplate`.
 */
export function translateName(
  template: string,
  targets: readonly Target[],
  scope: TemplateScope,
  binary?: string,
): TranslatedName | undefined {
  const names = new Map<string, string>();
  const texts = segmentsOf(template, targets, scope, binary).map((segment) =>
    templateOf(segment, targets, names),
  );
  if (texts.includes(undefined)) return undefined;
  return { template: texts.join(""), names: Object.fromEntries(names) };
}

/** The text of one piece of a template for each target, in their order. */
type Segment = readonly string[];

function segmentsOf(
  template: string,
  targets: readonly Target[],
  scope: TemplateScope,
  binary: string | undefined,
): readonly Segment[] {
  const nodes = parseTemplate(template);
  const pieces = nodes.map((node) => targets.map((target) => textOf(node, target, scope, binary)));
  const merged: Segment[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    // `{{ .Arch }}{{ if .Arm }}v{{ .Arm }}{{ end }}` is one text of the architecture.
    if (
      last !== undefined &&
      isOfArch(last, targets) &&
      isOfArch(piece, targets) &&
      !isConstant(piece)
    )
      merged[merged.length - 1] = last.map((text, at) => text + (piece[at] ?? ""));
    else merged.push(piece);
  }
  return merged;
}

function textOf(
  node: TemplateNode,
  target: Target,
  scope: TemplateScope,
  binary: string | undefined,
): string {
  const at = binary === undefined ? { target } : { target, binary };
  return evaluate([node], lookupOf(scope, at)).replaceAll("\uE000", "{").replaceAll("\uE001", "}");
}

function isConstant(segment: Segment): boolean {
  return segment.every((text) => text === segment[0]);
}

/** What a spelling of an architecture is called. */
export function archKey({ arch, level }: Target): string {
  return level === undefined ? arch : `${arch}/${level}`;
}

/** Whether targets that are one by `key` have one text. */
function isOf(
  segment: Segment,
  targets: readonly Target[],
  key: (target: Target) => string,
): boolean {
  const texts = new Map<string, string>();
  return targets.every((target, at) => {
    const text = segment[at] ?? "";
    const known = texts.get(key(target)) ?? text;
    texts.set(key(target), known);
    return known === text;
  });
}

function isOfArch(segment: Segment, targets: readonly Target[]): boolean {
  return !isConstant(segment) && isOf(segment, targets, archKey);
}

/** A segment as a template; what it needs spelt is added to `names`, and undefined said when that is taken. */
function templateOf(
  segment: Segment,
  targets: readonly Target[],
  names: Map<string, string>,
): string | undefined {
  if (isConstant(segment)) return segment[0] ?? "";
  if (isOf(segment, targets, ({ os }) => os)) return osTemplate(segment, targets, names);
  if (isOfArch(segment, targets)) return archTemplate(segment, targets, names);
  return undefined;
}

function osTemplate(
  segment: Segment,
  targets: readonly Target[],
  names: Map<string, string>,
): string | undefined {
  const titled = (os: string): string => os.charAt(0).toUpperCase() + os.slice(1);
  if (targets.every(({ os }, at) => segment[at] === titled(os))) return "{os|title}";
  return targets.every(({ os }, at) => spell(os, segment[at] ?? "", names)) ? "{os}" : undefined;
}

function archTemplate(
  segment: Segment,
  targets: readonly Target[],
  names: Map<string, string>,
): string | undefined {
  return targets.every((target, at) => {
    const text = segment[at] ?? "";
    return spell(archKey(target), text, names);
  })
    ? "{arch}"
    : undefined;
}

/** What `{os}` or `{arch}` is without any spelling. */
function defaultName(key: string): string {
  const [arch = "", level] = key.split("/");
  if (level === undefined) return arch;
  if (arch === "arm") return `armv${level}`;
  return level.startsWith("v") ? arch + level : `${arch}_${level}`;
}

function spell(key: string, text: string, names: Map<string, string>): boolean {
  const known = names.get(key) ?? text;
  names.set(key, known);
  return known === text;
}

/** A template for each group of targets that one can say: all, those of each operating system, or each alone. */
export function translateByGroup<T>(
  targets: readonly Target[],
  translate: (targets: readonly Target[]) => T | undefined,
): readonly { readonly targets: readonly Target[]; readonly translated: T }[] {
  const whole = translate(targets);
  if (whole !== undefined) return [{ targets, translated: whole }];
  const keys = [({ os }: Target) => os, formatTarget];
  const key = keys.find((one) => new Set(targets.map(one)).size > 1);
  if (key === undefined) throw new UnknownTemplate("a text that differs for one target");
  return [...new Set(targets.map(key))].flatMap((group) =>
    translateByGroup(
      targets.filter((target) => key(target) === group),
      translate,
    ),
  );
}

/** Texts that belong to no target: titles, names of lists. */
export function translateText(template: string, scope: TemplateScope): string {
  return translated(template, scope).trim();
}
