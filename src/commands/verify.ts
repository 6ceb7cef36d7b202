import { join, resolve } from "node:path";
import { type CommandContext, type CommandHandler, printJson } from "../app/context.ts";
import { downloaded } from "../app/download.ts";
import { judge } from "../app/judge.ts";
import { rebuild } from "../app/rebuild.ts";
import { withSumDatabase } from "../app/sum-database.ts";
import { withImages } from "../app/verified-images.ts";
import { Problem, Usage } from "../model/problem.ts";
import { shellWord } from "../model/shell-word.ts";
import { verdictText } from "../report/verdict-text.ts";
import {
  filesOfFolder,
  type ReleasedFiles,
  type ReleaseSource,
  type Verdict,
} from "../verification/index.ts";

/** Checks a release as its consumer would; every fault is told, and any makes it fail. */
export const verify: CommandHandler = async (call) => {
  const { config, folder, host, print } = call;
  const wanted = wantedOf(call);
  const asked = wanted ?? config.settings.output;
  const local = resolve(wanted === undefined ? folder : host.surroundings.folder, asked);
  const here = await isFolder(local, asked, call);
  const examine = async (files: ReleasedFiles, source?: ReleaseSource) => {
    const found = await judge(files, call, source);
    // What says how it was built, and where its images are, is not obeyed when it is not sound.
    const verdict = isSound(found) ? await deeper(found, files, call, source) : found;
    const trusted = config.settings.rebuild && isSound(verdict);
    if (trusted && verdict.absent.length > 0) throw incomplete(verdict.absent);
    return { verdict, differences: trusted ? await rebuild(files, verdict.origin, call) : [] };
  };
  const { verdict, differences } = here
    ? await examine(await filesIn(local, call))
    : await downloaded(asked, call, examine);
  const faults = [
    ...verdict.faults.map(({ file, message }) => `${file}: ${message}`),
    ...differences.map(
      ({ of, field, released, rebuilt }) =>
        `${of}: ${field} was ${released}, rebuilt it is ${rebuilt}`,
    ),
  ];
  if (faults.length > 0) {
    if (!config.settings.json) print(verdictText(verdict, false));
    throw unsound(asked, faults);
  }
  if (verdict.unaccepted !== undefined) {
    if (!config.settings.json) print(verdictText(verdict, false));
    throw unaccepted(asked, verdict.unaccepted, verdict.signatory);
  }
  if (config.settings.json) printJson(call, { ...verdict, rebuilt: config.settings.rebuild });
  else print(verdictText(verdict, config.settings.rebuild));
};

/** What is asked elsewhere, of a release that is sound by itself. */
async function deeper(
  found: Verdict,
  files: ReleasedFiles,
  call: CommandContext,
  source?: ReleaseSource,
): Promise<Verdict> {
  const verdict = await withImages(found, files, call, source);
  if (!call.config.settings.sumDatabase || !isSound(verdict)) return verdict;
  return await withSumDatabase(verdict, files, call);
}

function isSound({ faults, unaccepted }: Verdict): boolean {
  return faults.length === 0 && unaccepted === undefined;
}

/** What is to be checked, as a word of the command line or as an input of a job; absent for what was made here. */
function wantedOf({ config, operand }: CommandContext): string | undefined {
  const { release } = config.settings;
  if (operand === undefined || release === undefined || operand === release)
    return operand ?? release;
  throw new Usage(`verify: ${operand} and \`release\` (${release}) were both given`, {
    hint: "leave one out",
  });
}

/** Whether it is here; otherwise a forge has it. Throws a `Usage` for a file. */
async function isFolder(path: string, asked: string, { world }: CommandContext): Promise<boolean> {
  const kind = (await world.files.stat(path))?.kind;
  if (kind !== "file") return kind === "folder";
  throw new Usage(`verify: ${asked} is a file`, {
    hint: "give the folder that contains it, together with checksums.txt and the signatures",
  });
}

/** The files of a folder, less what the reader put among them to judge the others by. */
async function filesIn(local: string, call: CommandContext): Promise<ReleasedFiles> {
  const { key, trustedRoot } = call.config.settings;
  const brought = [
    ...(key === undefined ? [] : [resolve(call.host.surroundings.folder, key)]),
    ...(trustedRoot === undefined ? [] : [resolve(call.folder, trustedRoot)]),
  ];
  const files = await filesOfFolder(local, call.world.files);
  return { ...files, names: files.names.filter((name) => !brought.includes(join(local, name))) };
}

function incomplete(absent: readonly string[]): Problem {
  return new Problem(
    "incomplete",
    `${absent.length} files of the release are not here: ${absent.join(", ")}`,
    {
      hint: "--rebuild compares a whole release: download the missing files too, or pass the release's tag or URL",
    },
  );
}

export function unsound(asked: string, faults: readonly string[]): Problem {
  return new Problem(
    "unsound",
    [`${asked} failed verification`, ...faults.map((fault) => `  ${fault}`)].join("\n"),
    {
      hint: "do not use it; download it again from where it was published, and if it still fails, report it to the maintainers",
    },
  );
}

/** All is as it was made, and nothing says that whom the reader means has made it. */
export function unaccepted(
  asked: string,
  why: NonNullable<Verdict["unaccepted"]>,
  signatory: Verdict["signatory"],
): Problem {
  const alone = "`--any-signer` checks for corruption only";
  switch (why) {
    case "unsigned":
      return new Problem(
        "unsigned",
        `${asked} is not signed: whoever could change it could change its checksums too`,
        {
          hint: `ask its maintainers to publish signatures; ${alone}`,
        },
      );
    case "throwaway":
      return new Problem(
        "throwaway",
        `a dry run signed ${asked} with a throwaway key, which proves nothing`,
        {
          hint: `published releases are not signed with such a key; ${alone}`,
        },
      );
    case "signer": {
      const { subject = "", issuer = "" } = signatory ?? {};
      return new Problem(
        "signer-unknown",
        `no expected signer of ${asked} was given; it was signed by ${subject}`,
        {
          hint: `if you trust that signer, pass \`--certificate-identity ${shellWord(subject)} --certificate-oidc-issuer ${shellWord(issuer)}\`; ${alone}`,
        },
      );
    }
  }
}
