import type { Token } from "markdown-it";
import { normalized, tokensOf } from "./blocks.ts";

/**
 * A normalized text after which another one may follow: a fence or an element that it leaves open is closed, and a
 * comment that never ends, which hides everything after it, is left out.
 */
export function closed(text: string): string {
  const shown = withoutOpenComments(normalized(text));
  const ends = closers(shown);
  return ends === "" ? shown : `${shown.trimEnd()}\n${ends}`;
}

/** What closes everything that is still open at the end of a text; empty when nothing is. */
function closers(text: string): string {
  const tokens = tokensOf(text);
  const fence = openFence(tokens.at(-1), text);
  const elements = openIn(tokens);
  if (elements.length === 0) return fence;
  return `${fence}\n${elements.map((name) => `</${name}>`).join("\n")}`;
}

/** A fence in a list or a quote ends with it; only one at the top level goes on. */
function openFence(last: Token | undefined, text: string): string {
  if (last?.type !== "fence" || last.map === null) return "";
  const [start, end] = last.map;
  const line = text.split("\n")[end - 1] ?? "";
  const mark = last.markup.charAt(0);
  const isEnd = new RegExp(`^ {0,3}${mark}{${last.markup.length},}[ \\t]*$`, "u").test(line);
  return isEnd && end - start > 1 ? "" : last.markup;
}

/** They have no end, or one that may be left out (html.spec.whatwg.org, "Optional tags" and "Void elements"). */
const ENDLESS = new Set(
  "area base br col embed hr img input link meta source track wbr p li dt dd tr td th thead tbody tfoot option optgroup rt rp colgroup caption".split(
    " ",
  ),
);

/** Names of the elements that the HTML in a text opens and leaves open, innermost first. */
export function openElements(text: string): readonly string[] {
  return openIn(tokensOf(text));
}

function openIn(tokens: readonly Token[]): readonly string[] {
  const open: string[] = [];
  for (const html of htmlOf(tokens)) {
    const tags = html.replaceAll(/<!--[\s\S]*?(?:-->|$)/gu, "").matchAll(TAG);
    for (const [, slash, written = "", end] of tags) {
      const name = written.toLowerCase();
      if (slash === "") {
        if (end !== "/" && !ENDLESS.has(name)) open.push(name);
      } else if (open.includes(name)) open.length = open.lastIndexOf(name);
    }
  }
  return open.reverse();
}

const TAG = /<(\/?)([a-z][\w-]*)(?:[^<>"']|"[^"]*"|'[^']*')*?(\/?)>/giu;

function htmlOf(tokens: readonly Token[]): readonly string[] {
  return tokens.flatMap((token) => {
    if (token.children !== null) return htmlOf(token.children);
    return token.type === "html_block" || token.type === "html_inline" ? [token.content] : [];
  });
}

/** One in a list or a quote hides what follows them too, though Markdown's block ends there. */
function withoutOpenComments(text: string): string {
  const lines = text.split("\n");
  // From the end, so that the numbers of the lines before stay right.
  for (const { start, end } of openComments(tokensOf(text)).reverse()) {
    const within = lines.slice(start, end).join("\n");
    const kept = within.slice(0, openComment(within)).trimEnd();
    lines.splice(start, end - start, ...(kept === "" ? [] : [kept]));
  }
  return lines.join("\n");
}

function openComments(tokens: readonly Token[]): { start: number; end: number }[] {
  return tokens.flatMap(({ type, content, map }) =>
    type === "html_block" && map !== null && openComment(content) >= 0
      ? [{ start: map[0], end: map[1] }]
      : [],
  );
}

/** Where a comment begins that does not end; -1 where none does. */
export function openComment(html: string): number {
  return html.indexOf("<!--", html.lastIndexOf("-->") + 1);
}
