import { defined } from "../model/defined.ts";
import type { Diagnostic } from "../model/event.ts";

/**
 * What `go build` wrote, as diagnostics: `# package` opens a package's errors, `file:line:col: message` is one,
 * and an indented line goes on with the one above.
 */
export function diagnosticsOf(lines: readonly string[], target: string): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  let inPackage: string | undefined;
  for (const line of lines) {
    const heading = /^# (\S+)/u.exec(line)?.[1];
    const last = found.at(-1);
    if (heading !== undefined) inPackage = heading;
    else if (/^\s/u.test(line) && last !== undefined) {
      found[found.length - 1] = { ...last, message: `${last.message}\n${line}` };
    } else if (
      line.trim() !== "" &&
      !/: too many errors$|^go: (downloading|finding) /u.test(line)
    ) {
      found.push(
        defined({
          ...placed(line),
          package: inPackage,
          targets: [target],
        }),
      );
    }
  }
  return found;
}

function placed(line: string): Pick<Diagnostic, "file" | "line" | "column" | "message"> {
  const [, file, row, column, message] =
    /^(?:vet: )?(.+?\.(?:go|s|c|h|mod|sum)):(\d+)(?::(\d+))?: (.*)$/su.exec(line) ?? [];
  if (file === undefined || message === undefined) return { message: line };
  return {
    file: file.replace(/\\/gu, "/").replace(/^\.\//u, ""),
    line: Number(row),
    ...(column === undefined ? {} : { column: Number(column) }),
    message,
  };
}

export function formatDiagnostic({ file, line, column, message }: Diagnostic): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return place === "" ? message : `${place}: ${message}`;
}

/** The same complaint of several targets, said once. */
export function merged(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const byText = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const key = formatDiagnostic(diagnostic);
    const known = byText.get(key);
    byText.set(
      key,
      known === undefined
        ? diagnostic
        : { ...known, targets: [...known.targets, ...diagnostic.targets] },
    );
  }
  return [...byText.values()];
}
