import type { Node, Program } from "oxc-parser";

/** One source and its syntax tree. */
export interface SourceFile {
  /** Relative to the folder that was read. */
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  /** From an offset in the text to a line, from 1. */
  readonly lineOf: (offset: number) => number;
  readonly imports: readonly ImportedFile[];
}

export interface ImportedFile {
  /** A package by name; an own file relative to the folder that was read. */
  readonly target: string;
  /** False of what only the types need. */
  readonly atRunTime: boolean;
}

export interface FoundNode {
  readonly node: Node;
  /** Outermost first. */
  readonly above: readonly Node[];
  /** `path:line`. */
  readonly where: string;
}

export function readSources(folder: string): readonly SourceFile[];
export function parseSource(path: string, text: string): SourceFile;
export function find<Type extends Node["type"]>(
  source: SourceFile,
  ...types: readonly Type[]
): readonly (FoundNode & { readonly node: Extract<Node, { readonly type: Type }> })[];
export function functionsOf(
  source: SourceFile,
): readonly { readonly path: string; readonly name: string; readonly lines: number }[];
