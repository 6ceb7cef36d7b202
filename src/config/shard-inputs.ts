import { planning } from "./commands.ts";
import { callersOwn, choice, type Input, map } from "./input-types.ts";

/** How a release is parted over machines. */
export const shardInputs = {
  shardBy: choice(
    "`os` gives each operating system shards of its own, for cgo on native machines; `archive` deals archives out by what they cost",
    ["archive", "os"],
    "archive",
    { commands: planning },
  ),
  runners: map(
    "machines of the matrix by operating system, `linux=ubuntu-24.04`; `*` is every other one",
    {},
    {
      names: /^(\*|[a-z0-9]+)$/u,
      refuse: (name, value) =>
        value.trim() === "" ? `names no machine for ${name}: give a label` : undefined,
      shown: "`macos-latest`, `windows-latest`, `ubuntu-latest`",
      commands: ["plan"],
      ...callersOwn("which machines a release is built on"),
    },
  ),
} satisfies Record<string, Input<unknown>>;
