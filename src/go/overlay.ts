/** For `-overlay`: the build runs as if a folder were not there (`go help build`). */
export function overlayWithout(folder: string): string {
  return `${JSON.stringify({ Replace: { [folder]: "" } })}\n`;
}

/** What stands in place of each file, by their paths as written; empty where nothing does. Undefined for no overlay. */
export function readOverlay(text: string): ReadonlyMap<string, string> | undefined {
  try {
    const { Replace } = JSON.parse(text) as { readonly Replace?: Readonly<Record<string, string>> };
    return new Map(Object.entries(Replace ?? {}));
  } catch {
    return undefined;
  }
}
