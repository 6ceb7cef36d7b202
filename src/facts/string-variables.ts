/**
 * The string variables that a Go file, as gofmt writes it, declares at its top level: what the linker's `-X` can set
 * (cmd/link).
 */
export function stringVariables(source: string): readonly string[] {
  const alone = source.matchAll(/^var (\w+)(?: string(?: *\/\/.*)?$| string =| = ["`])/gmu);
  const grouped = [...source.matchAll(/^var \(\n([^]*?)^\)/gmu)].flatMap(([, group = ""]) => [
    ...group.matchAll(/^\t(\w+)(?: +string(?: *\/\/.*)?$| +string += | += ["`])/gmu),
  ]);
  return [...alone, ...grouped].map(([, name = ""]) => name);
}
