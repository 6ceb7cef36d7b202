import { releaseVariables } from "../model/template.ts";
import { plans } from "./commands.ts";
import { choice, flag, type Input, text } from "./input-types.ts";
import { rows } from "./rows.ts";

/** Commands that plan, and `verify --rebuild`, which plans again. */
const inNames = { variables: releaseVariables, commands: plans };

/** What is released beside what is built. */
export const besideInputs = {
  source: flag(
    "also release the commit's files in an archive, as `git archive` makes it from the whole repository",
    false,
    { commands: plans },
  ),
  sourceFormat: choice("format of that archive", ["tar.gz", "zip", "tar.zst"], "tar.gz", {
    commands: plans,
  }),
  sourceName: text("its name, without an extension", "{name}-{version}", inNames),
  sourceWrap: text(
    "folder inside it that everything lies in; an empty text for none",
    "{name}-{version}",
    inNames,
  ),
  sourceSubmodules: flag("also pack the files of submodules, as the commit records them", false, {
    commands: plans,
  }),
  installer: flag(
    "also release `install.sh` and `install.ps1`, which install this release's programs on any machine that it has them for",
    false,
    { commands: plans },
  ),
  extraFiles: rows(
    "files to release as they are, as globs: in the checksums and the provenance like all others",
    {
      from: text("glob, relative to the module", ""),
      name: text("name of the released file, for a glob that matches one alone", undefined, {
        shown: "its own",
        ...inNames,
      }),
    },
    { shorthand: "from", required: ["from"], shown: "none", commands: plans },
  ),
} satisfies Record<string, Input<unknown>>;
