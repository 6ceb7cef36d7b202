import type { Node } from "oxc-parser";
import type { SourceFile } from "./sources.mjs";

/** A text of the sources; `{}` stands for what is filled in. */
export interface WrittenText {
  /** `path:line`. */
  readonly where: string;
  readonly text: string;
}

export function wordsIn(sources: readonly SourceFile[]): readonly WrittenText[];
/** What a literal or a template says, if it is text. */
export function textOf(node: Node): string | undefined;
export function hintsIn(sources: readonly SourceFile[]): readonly WrittenText[];
