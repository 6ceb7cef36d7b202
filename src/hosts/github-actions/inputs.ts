const PREFIX = "INPUT_";

/** The job's own token: a fact of this place, not something that somebody chose. */
const OWN_TOKEN = "INPUT_GITHUB-TOKEN";

/** `with:` arrives as `INPUT_<NAME>` in upper case, hyphens kept and spaces as underscores; blanks are left out. */
export function inputsOf(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) =>
      key.startsWith(PREFIX) && key !== OWN_TOKEN && value !== undefined && value.trim() !== ""
        ? [[key.slice(PREFIX.length).toLowerCase().replaceAll("_", "-"), value]]
        : [],
    ),
  );
}
