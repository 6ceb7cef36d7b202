import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** Secrets that a run was given, by name; and where any of them is found that should be nowhere. */
export class Secrets {
  readonly #values = new Map<string, string>();

  add(name: string, value: string): void {
    this.#values.set(name, value);
  }

  /** The names of the secrets that `text` holds, plainly or in a usual disguise. */
  in(text: string): readonly string[] {
    return [...this.#values].flatMap(([name, value]) =>
      disguises(value).some((form) => text.includes(form)) ? [name] : [],
    );
  }

  /** `FILE: NAME` for every file in `folder` and below that holds one. */
  below(folder: string): readonly string[] {
    return (readdirSync(folder, { recursive: true }) as string[]).flatMap((name) => {
      const path = join(folder, name);
      if (!statSync(path).isFile()) return [];
      const found = this.in(`${name}\n${readFileSync(path, "utf8")}`);
      return found.map((secret) => `${relative(folder, path)}: ${secret}`);
    });
  }
}

/** As it is, each line of a PEM body, the parts of a JWT that are secret, and the encodings a client may use. */
function disguises(value: string): readonly string[] {
  const parts = value.startsWith("-----BEGIN")
    ? value.split("\n").filter((line) => line.length > 20 && !line.startsWith("-----"))
    : /^ey[\w-]+\.ey/u.test(value)
      ? [value, value.slice(0, value.lastIndexOf("."))]
      : [value];
  return parts.flatMap((part) => {
    const bytes = Buffer.from(part);
    return [
      part,
      ...["base64", "base64url", "hex"].map((form) =>
        bytes.toString(form as BufferEncoding).replace(/=+$/u, ""),
      ),
      encodeURIComponent(part),
      JSON.stringify(part).slice(1, -1),
    ];
  });
}
