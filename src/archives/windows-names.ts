/**
 * Why Windows has no file of such a name, when it has none (learn.microsoft.com, "Naming Files, Paths, and
 * Namespaces"): what unpacks an archive there fails, or writes another file.
 */
export function windowsFault(name: string): string | undefined {
  for (const part of name.split("/")) {
    const [odd] = /[<>:"|?*]/u.exec(part) ?? [];
    if (odd !== undefined) return `it contains ${odd}`;
    if (/[. ]$/u.test(part)) return "it ends in a dot or a space";
    const [device] = DEVICE.exec(part) ?? [];
    if (device !== undefined) return `${device.toUpperCase()} is a reserved device name`;
  }
  return undefined;
}

/** Whatever extension follows. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=$|\.| *$| *\.)/iu;
