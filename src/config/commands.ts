/** What `node dist/index.js COMMAND` can do. */
export const commands = {
  release: "plan, build, pack, checksum, sign, verify, publish",
  plan: "print the plan, or with `--shards N` the matrix of a CI",
  build: "build and pack one shard and write its manifest; needs no token",
  publish: "merge the shards under `--from`, then checksum, sign, verify, publish",
  verify: "check a release, as a consumer would: a folder, or a tag or URL of a forge",
  check: "validate configuration, credentials and permissions; changes nothing",
  init: "write a workflow or `.gitlab-ci.yml`, and a configuration when asked",
} as const;

export type CommandName = keyof typeof commands;

export function isCommand(word: string): word is CommandName {
  return Object.hasOwn(commands, word);
}

/** Commands that plan a release; an input that names no commands belongs to these. */
export const planning: readonly string[] = ["release", "plan", "build", "publish", "check"];

export function belongsTo(
  input: { readonly commands?: readonly string[] | undefined },
  command: CommandName,
): boolean {
  return (input.commands ?? planning).includes(command);
}
