/** Whether a boolean flag of `go build` is on: `-race`, `--race`, `-race=true`. The last one counts. */
export function hasFlag(flags: readonly string[], name: string): boolean {
  const last = flags.map(normal).findLast((one) => one === name || one.startsWith(`${name}=`));
  return last !== undefined && !/=(0|f|F|false|FALSE|False)$/.test(last);
}

/** The value of a flag of `go build`: `-tags=a`, or `-tags` and `a`. The last one counts. */
export function flag(flags: readonly string[], name: string): string | undefined {
  const all = flags.map(normal);
  const at = all.findLastIndex((one) => one === name || one.startsWith(`${name}=`));
  if (at < 0) return undefined;
  return all[at] === name ? flags[at + 1] : all[at]?.slice(name.length + 1);
}

function normal(flag: string): string {
  return flag.replace(/^--/, "-");
}
