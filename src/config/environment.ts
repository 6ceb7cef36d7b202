import { isFileOnly, variable } from "./arguments.ts";
import { suggest } from "./config-error.ts";
import type { Given } from "./given-input.ts";
import { type InputName, inputs, kebab } from "./inputs.ts";

interface Gathered {
  readonly given: readonly Given[];
  /** Names that are near an input and are none. */
  readonly warnings: readonly string[];
}

const names = (Object.keys(inputs) as InputName[]).filter((name) => !isFileOnly(name));

/** Inputs of a host (`with:` on GitHub, `inputs:` on GitLab), by kebab-case name. Blank means not given. */
export function fromHost(values: Readonly<Record<string, string>>): Gathered {
  const byKebab = new Map(
    names
      .filter((name) => inputs[name].from.includes("host"))
      .map((name) => [kebab(name), name] as const),
  );
  const given: Given[] = [];
  const warnings: string[] = [];
  for (const [key, raw] of Object.entries(values)) {
    const name = byKebab.get(key);
    if (key === "command" || raw.trim() === "") continue;
    if (name === undefined) {
      warnings.push(
        `unknown input \`${key}\`; ${suggest(key, [...byKebab.keys()]) ?? "it is ignored"}`,
      );
    } else given.push({ name, raw, where: `input ${key}`, from: "host" });
  }
  return { given, warnings };
}

/** What users have among their secrets already; the GO_RELEASE_ form comes before it. */
const aliases: readonly { readonly variable: string; readonly name: InputName }[] = [
  { variable: "COSIGN_PRIVATE_KEY", name: "signKey" },
  { variable: "GPG_PRIVATE_KEY", name: "gpgKey" },
  { variable: "GPG_PASSPHRASE", name: "gpgPassphrase" },
  { variable: "APK_PRIVATE_KEY", name: "apkKey" },
  { variable: "APK_PASSPHRASE", name: "apkPassphrase" },
];

/** `GO_RELEASE_<NAME>`. Blank means not given. */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Gathered {
  const byVariable = new Map(names.map((name) => [variable(name), name]));
  const given: Given[] = aliases.flatMap(({ variable: where, name }) => {
    const raw = env[where];
    return raw === undefined || raw.trim() === ""
      ? []
      : [{ name, raw, where, from: "environment" }];
  });
  const warnings: string[] = [];
  for (const [key, raw] of Object.entries(env)) {
    if (!key.startsWith("GO_RELEASE_") || raw === undefined || raw.trim() === "") continue;
    const name = byVariable.get(key);
    if (name !== undefined) given.push({ name, raw, where: key, from: "environment" });
    else if (key !== "GO_RELEASE_COMMAND" && key !== "GO_RELEASE_INPUTS") {
      warnings.push(
        `unknown variable ${key}; ${suggest(key, [...byVariable.keys()]) ?? "it is ignored"}`,
      );
    }
  }
  return { given, warnings };
}
