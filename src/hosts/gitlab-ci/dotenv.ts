/**
 * A dotenv report as GitLab reads it: `NAME=value` lines without quotes or newlines, 5 KiB and 20 variables in
 * all. An output `release-url` becomes `GO_RELEASED_RELEASE_URL`: a name that is no input's, since later jobs
 * inherit it.
 */
export function dotenv(outputs: Readonly<Record<string, string>>): string {
  return Object.entries(outputs)
    .map(([name, value]) => `${variable(name)}=${value.replaceAll(/\s*[\r\n]+\s*/g, " ")}\n`)
    .join("");
}

function variable(name: string): string {
  return `GO_RELEASED_${name.toUpperCase().replaceAll("-", "_")}`;
}
