import { variable } from "./arguments.ts";
import { beyondCompiling } from "./compile-only.ts";
import { type ConfigFault, quoteValue } from "./config-error.ts";
import type { FileContents } from "./file.ts";
import type { Given } from "./given-input.ts";
import type { Input } from "./input-types.ts";
import { type InputName, inputs, kebab } from "./inputs.ts";

/** A word of the file that may do more than compile, and where it stands. */
interface StartedWord {
  readonly where: string;
  readonly field: string;
  readonly word: string;
}

/** What the file says of a build that may do more than compile. */
export function startedBy(
  file: FileContents,
  effective: ReadonlyMap<InputName, Given>,
): readonly StartedWord[] {
  const heard = file.given.filter((given) => effective.get(given.name) === given);
  return [...heard, ...file.builds.flatMap(({ given }) => given)].flatMap(
    ({ name, raw, where }) => {
      const input: Input<unknown> = inputs[name];
      const reading = input.read(raw);
      const words = "value" in reading ? beyondCompiling(name, reading.value) : [];
      return words.map((word) => ({ where, field: kebab(name), word }));
    },
  );
}

/** What is wrong with such a word where the checkout is somebody else's. */
export function refusedIn(foreign: string) {
  return ({ where, field, word }: StartedWord): ConfigFault => ({
    where,
    field,
    rule: `may start a program or touch other files, and this file belongs to ${foreign}`,
    value: quoteValue(word),
    cure: `give it as a flag (\`--${field}\`), an action or component input, ${variable(field)}, or in a file outside the repository (\`--config\`)`,
  });
}
