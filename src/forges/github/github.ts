import type { Destination } from "../../model/plan.ts";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import type { Reach } from "../../net/exchange.ts";
import { retry } from "../../net/retry.ts";
import type { Forge, Staged } from "../forge.ts";
import { AssetDownloads } from "./asset-downloads.ts";
import { check, checks } from "./check.ts";
import type { ReleaseDesk } from "./desk.ts";
import { generatedNotes, openDraft, wordsOf } from "./drafts.ts";
import { explain } from "./errors.ts";
import { handles } from "./handles.ts";
import { makeLatest } from "./make-latest.ts";
import { closeMilestone } from "./milestones.ts";
import { checkNames } from "./names.ts";
import { bodyOf, commitsUrl } from "./notes.ts";
import { octokitOver } from "./octokit.ts";
import { GitHubRepository } from "./repository.ts";
import { GITHUB_PATIENCE, githubServer } from "./server.ts";
import { StagedDraft } from "./staged-draft.ts";
import { StagedPublished } from "./staged-published.ts";
import { type Tagged, tagged } from "./tagged.ts";

export interface GitHubOptions extends Reach {
  readonly destination: Destination;
  readonly token: Secret | undefined;
}

/** GitHub's releases, on github.com and on own servers: a draft is filled, then published by one call. */
export function github(options: GitHubOptions): Forge {
  const { repository } = options.destination;
  let desk: Promise<ReleaseDesk> | undefined;
  const open = () => (desk ??= openDesk(options));
  return {
    checkNames,
    check: (spec, signal) =>
      explained({ repository, tag: spec.tag }, signal, async () =>
        check(await open(), tagged(spec), signal),
      ),
    checks: (spec) =>
      checks(open, spec).map(({ what, look }) => ({
        what,
        look: (signal) => explained({ repository, tag: spec.tag }, signal, () => look(signal)),
      })),
    ...besideReleases(repository, open),
    notes: async (spec, signal) => {
      const notes =
        spec.notes ??
        (await explained({ repository, tag: spec.tag }, signal, async () =>
          generatedNotes(await open(), tagged(spec), signal),
        ));
      return bodyOf({ notes, commits: commitsUrl(urlOf(options.destination), spec) }).text;
    },
    isNewest: (spec, signal) =>
      explained({ repository, tag: spec.tag }, signal, async () => {
        const desk = await open();
        return (await makeLatest(desk, tagged(spec), signal)) === "true";
      }),
    stage: (spec, signal) => {
      const what = { repository, tag: spec.tag };
      return explained(what, signal, async () =>
        explainedStage(what, await stage(await open(), tagged(spec), signal)),
      );
    },
  };
}

/** What a release asks of GitHub that is no release. */
function besideReleases(
  repository: string,
  open: () => Promise<ReleaseDesk>,
): Pick<Forge, "tagMessage" | "handles" | "closeMilestone"> {
  return {
    tagMessage: (tag, signal) =>
      explained({ repository, tag }, signal, async () =>
        (await open()).repository.tagMessage(tag, signal),
      ),
    handles: (range, signal) =>
      explained({ repository, tag: null }, signal, async () =>
        handles(await open(), range, signal),
      ),
    closeMilestone: (title, signal) =>
      explained({ repository, tag: null }, signal, async () =>
        closeMilestone(await open(), title, signal),
      ),
  };
}

async function stage(
  desk: ReleaseDesk,
  spec: Tagged,
  signal: AbortSignal | undefined,
): Promise<Staged> {
  const words = await wordsOf(desk, spec, signal);
  const there = await desk.repository.published(spec.tag, signal);
  if (there !== undefined) return new StagedPublished(desk, spec, there, words);
  const draft = await openDraft(desk, spec, words.fields, signal);
  if (draft === undefined) return await stage(desk, spec, signal);
  if (!draft.draft) return new StagedPublished(desk, spec, draft, words);
  return new StagedDraft(desk, spec, draft, words);
}

async function openDesk({ destination, token, ...reach }: GitHubOptions): Promise<ReleaseDesk> {
  const { apiUrl, repository, replace } = destination;
  if (token === undefined)
    throw new Problem("github-token", `no token for ${repository}`, {
      hint: "give `token` (the variable GO_RELEASE_TOKEN) or set GITHUB_TOKEN; in a workflow the token is provided automatically; add to the job:\n    permissions:\n      contents: write",
    });
  const server = githubServer(token);
  const again = retry(GITHUB_PATIENCE, reach);
  const options = { apiUrl, token, server, reach, again };
  return {
    repository: new GitHubRepository(await octokitOver(options), repository, server, apiUrl),
    storage: new AssetDownloads(options),
    again,
    pace: reach,
    run: Buffer.from(reach.random(16)).toString("hex"),
    doubt: { draft: false },
    url: urlOf(destination),
    replace,
  };
}

function urlOf({ serverUrl, repository }: Destination): string {
  return `${serverUrl}/${repository}`;
}

/** What is released, for the words of a refusal. */
type Released = Parameters<typeof explain>[1];

function explainedStage(what: Released, staged: Staged): Staged {
  return {
    existing: (name, signal) => explained(what, signal, () => staged.existing(name, signal)),
    put: (asset, signal) => explained(what, signal, () => staged.put(asset, signal)),
    becomesImmutable: (signal) => explained(what, signal, () => staged.becomesImmutable(signal)),
    publish: (assets, signal, postscript) =>
      explained(what, signal, () => staged.publish(assets, signal, postscript)),
  };
}

async function explained<T>(
  what: Released,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw explain(error, what);
  }
}
