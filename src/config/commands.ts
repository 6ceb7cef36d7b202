/** What `node dist/index.js COMMAND` can do. */
export const commands = {
  release: "plan, build, archive, checksum, sign, verify and publish",
  plan: "print the plan, or with `--shards N` a CI matrix",
  build: "build and archive one shard and write its manifest; needs no token",
  publish: "merge the shards under `--from`, then checksum, sign, verify, publish",
  verify: "verify a release as a consumer would: a folder, or a tag or URL on a forge",
  check:
    "say line by line whether a release would fail: configuration, credentials, tag, signing; changes nothing",
  init: "write a workflow or `.gitlab-ci.yml`, and optionally a configuration file",
} as const;

export type CommandName = keyof typeof commands;

export function isCommand(word: string): word is CommandName {
  return Object.hasOwn(commands, word);
}

/** Commands that plan a release; an input that names no commands belongs to these. */
export const planning: readonly string[] = ["release", "plan", "build", "publish", "check"];
/** Those, and `verify --rebuild`, which plans again. */
export const plans: readonly string[] = [...planning, "verify"];

export function belongsTo(
  input: { readonly commands?: readonly string[] | undefined },
  command: CommandName,
): boolean {
  return (input.commands ?? planning).includes(command);
}
