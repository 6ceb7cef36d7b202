/** `archiveName` → `archive-name`: how people write an input. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
}
