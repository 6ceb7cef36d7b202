import MarkdownIt, { type Env, type Token } from "markdown-it";

/** One block at the top level of a text, as a renderer sees it (spec.commonmark.org). */
export interface Block {
  readonly kind: "heading" | "paragraph" | "fence" | "html" | "rule" | "definition" | "other";
  /** Its lines, counted from 0; `end` is the first one after it. */
  readonly start: number;
  readonly end: number;
  /** Rank of a heading, 1 to 6; 0 for anything else. */
  readonly depth: number;
  /** What a heading or a paragraph says, still with its marks. */
  readonly inline: string;
}

/** A text taken apart into its lines and blocks. */
export interface Outline {
  readonly lines: readonly string[];
  readonly blocks: readonly Block[];
  /** What it says without marks, links by their words alone. */
  readonly plain: (inline: string) => string;
}

const parser = new MarkdownIt("commonmark");

/** Line ends and the byte order mark as the parser expects them. */
export function normalized(text: string): string {
  return text
    .replace(/^\uFEFF/u, "")
    .replace(/\r\n?/gu, "\n")
    .replaceAll("\0", "\uFFFD");
}

/** Takes a normalized text apart. */
export function outline(text: string): Outline {
  const lines = text.split("\n");
  const env: Env = {};
  const tokens: Token[] = [];
  parser.block.parse(text, parser, env, tokens);
  return {
    lines,
    blocks: withFootnotes(
      tokens.flatMap((token, at) => blockOf(token, tokens[at + 1])),
      lines,
    ),
    // Most headings are words alone.
    plain: (inline) =>
      /[^\p{L}\p{N} .,:'"()-]/u.test(inline) ? plainText(parser.parseInline(inline, env)) : inline,
  };
}

/** Every token of a normalized text, those inside of lines as children. */
export function tokensOf(text: string): readonly Token[] {
  return parser.parse(text, {});
}

const KINDS: Readonly<Record<string, Block["kind"]>> = {
  heading_open: "heading",
  paragraph_open: "paragraph",
  fence: "fence",
  html_block: "html",
  hr: "rule",
  reference_definition: "definition",
};

function blockOf(token: Token, next: Token | undefined): readonly Block[] {
  if (token.level > 0 || token.nesting < 0 || token.map === null) return [];
  const [start, end] = token.map;
  const kind = KINDS[token.type] ?? "other";
  const depth = kind === "heading" ? Number(token.tag.slice(1)) : 0;
  return [{ kind, start, end, depth, inline: next?.type === "inline" ? next.content : "" }];
}

/** Not of CommonMark: both forges know them, with further paragraphs indented below. */
function withFootnotes(blocks: readonly Block[], lines: readonly string[]): readonly Block[] {
  const found: Block[] = [];
  for (const block of blocks) {
    const first = lines[block.start] ?? "";
    const last = found.at(-1);
    if (last !== undefined && isFootnote(lines[last.start] ?? "") && /^( {4}|\t)/u.test(first))
      found[found.length - 1] = { ...last, end: block.end };
    else found.push(isFootnote(first) ? { ...block, kind: "definition" } : block);
  }
  return found;
}

function isFootnote(line: string): boolean {
  return /^ {0,3}\[\^[^\]\s]+\]:/u.test(line);
}

/** The label that a line defines, in the form in which labels are compared. */
export function labelOf(line: string): string | undefined {
  const [, label] = /^ {0,3}\[((?:\\.|[^\]\\])+)\]:/u.exec(line) ?? [];
  return label === undefined ? undefined : sameLabel(label);
}

/** Labels are equal whatever their case and spaces. */
export function sameLabel(label: string): string {
  return label.trim().replaceAll(/\s+/gu, " ").toLowerCase();
}

function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.children !== null) return plainText(token.children);
      if (token.type === "softbreak" || token.type === "hardbreak") return " ";
      return token.type === "html_inline" ? "" : token.content;
    })
    .join("");
}
