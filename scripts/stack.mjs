// A stack of the bundle with the places in the sources: `npm run stack < report.txt`, in a checkout of the version that
// printed it. The same sources give the same bundle, so its map can be made at any time.
import { SourceMap } from "node:module";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

/** `…/index.js:228:7439` of a stack's lines becomes `src/config/load.ts:26:9`; other lines stay. */
export function readableStack(stack, map) {
  const places = new SourceMap(JSON.parse(map));
  return stack.replaceAll(/[^\s()]*\bindex\.js:(\d+):(\d+)/gu, (all, line, column) => {
    const { originalSource, originalLine, originalColumn } = places.findEntry(line - 1, column - 1);
    if (originalSource === undefined) return all;
    return `${originalSource.replace(/^(\.\.\/)+/u, "")}:${originalLine + 1}:${originalColumn + 1}`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { map } = await bundle();
  process.stdout.write(readableStack(await text(process.stdin), map));
}
