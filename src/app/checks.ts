import { listed } from "../facts/tags.ts";
import { readRepository } from "../images/reference.ts";
import { channelName } from "../model/channel.ts";
import { type Check, type CheckLine, isOk, isUnknown, type Sighting } from "../model/check.ts";
import { defined } from "../model/defined.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { ServerProblem } from "../net/server.ts";
import { gpgOf } from "../plan/gpg.ts";
import { releasedNames } from "../plan/released-names.ts";
import { signingOf } from "../plan/signing.ts";
import { uncommittedProblem } from "../plan/uncommitted.ts";
import { prepareGpg } from "../release/gpg.ts";
import { planSummary } from "../report/plan-table.ts";
import { pointingFor } from "./channels.ts";
import type { CommandContext } from "./context.ts";
import { forgeFor, reachableForge } from "./forge.ts";
import { imageMeansFor } from "./images.ts";
import type { Prepared } from "./preparation.ts";
import { keysFor } from "./publishing.ts";
import { credentialsFor, registriesFor } from "./registries.ts";
import { signingFor } from "./signer.ts";
import { tokenFor } from "./token.ts";
import { servicesFor } from "./trust.ts";

/**
 * All that a release needs, each looked at whatever became of the others. What only lacks credentials, in a run that
 * would publish nothing anyway, nobody can tell: the run that publishes may have them.
 */
export async function checkLines(
  prepared: Prepared,
  call: CommandContext,
): Promise<readonly CheckLine[]> {
  const { plan } = prepared;
  const first: readonly Check[] = [
    { what: "plan", look: async () => await Promise.resolve(isOk(planSummary(plan))) },
    { what: "names", look: async () => seeNames(plan, call) },
    { what: "files", look: async () => await Promise.resolve(seeFiles(prepared)) },
  ];
  const later: readonly Check[] = [
    { what: "signing", look: async () => seeSigning(plan, call) },
    ...gpgChecks(prepared, call),
    ...imageChecks(prepared, call),
    ...channelChecks(plan, call),
  ];
  return [
    ...(await linesOf(first, call)),
    ...(await forgeLines(plan, call)),
    ...(await linesOf(later, call)),
  ];
}

async function linesOf(
  checks: readonly Check[],
  call: CommandContext,
): Promise<readonly CheckLine[]> {
  const lines: CheckLine[] = [];
  for (const { what, look } of checks) lines.push({ what, ...(await sightingOf(look, call)) });
  return lines;
}

/** A server that is busy or does not answer says nothing about the release; one that refuses or cannot be asked does. */
async function sightingOf(
  look: Check["look"],
  { signal }: Pick<CommandContext, "signal">,
): Promise<Sighting> {
  try {
    return await look(signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    const result = error instanceof ServerProblem && error.mayPass ? "cannot tell" : "will fail";
    return { result, detail: error.message, ...defined({ cure: error.hint }) };
  }
}

/** A snapshot has met no forge yet. */
async function seeNames(plan: Plan, call: CommandContext): Promise<Sighting> {
  const names = releasedNames(plan);
  (await forgeFor(plan, call))?.checkNames(names, plan.release);
  return isOk(`${names.length} names, each of which is kept as it is`);
}

function seeFiles({ plan, facts }: Prepared): Sighting {
  const { uncommitted, release } = plan;
  if (uncommitted.length > 0) throw uncommittedProblem(release.tag ?? "a release", uncommitted);
  const dirty = facts.git?.dirty ?? [];
  if (dirty.length > 0)
    return isUnknown(
      `the work tree has changes that are not committed: ${listed(dirty)}`,
      "commit them and check again: a release is its commit",
    );
  if (facts.git === undefined) return isUnknown("there is no git repository here");
  return isOk("everything that is built and packed is in the commit or declared in `generated`");
}

/** The first of a forge's own is what all others need. */
async function forgeLines(plan: Plan, call: CommandContext): Promise<readonly CheckLine[]> {
  const { destination, release } = plan;
  if (destination.forge === "directory")
    return [{ what: "destination", ...isOk("the output folder alone") }];
  const [token, ...others] = (await forgeFor(plan, call))?.checks(release) ?? [];
  if (token === undefined) return [];
  const lines = await linesOf([{ ...token, look: () => seeToken(token, plan, call) }], call);
  const isKnown = lines.every(({ result }) => result === "ok");
  const instead = others.map(({ what }) => ({ what, ...isUnknown("it needs the token") }));
  return [
    ...lines,
    ...(isKnown
      ? await linesOf(
          others.map((one) => inTime(one, plan)),
          call,
        )
      : instead),
    ...tagLines(plan),
  ];
}

/** A tag that is made here and not pushed yet is early, not wrong. */
function inTime({ what, look }: Check, { dryRun }: Plan): Check {
  const early = async (signal?: AbortSignal): Promise<Sighting> => {
    try {
      return await look(signal);
    } catch (error) {
      const isEarly =
        error instanceof Problem && /^(github-tag|gitlab-tag-missing)$/u.test(error.code);
      if (!dryRun || !isEarly) throw error;
      return isUnknown(`${error.message} yet`, error.hint);
    }
  };
  return { what, look: early };
}

async function seeToken(token: Check, plan: Plan, call: CommandContext): Promise<Sighting> {
  await reachableForge(plan, call);
  if (!plan.dryRun || tokenFor(plan.destination, call) !== undefined)
    return await token.look(call.signal);
  return isUnknown(
    `no token for ${plan.destination.repository} was given here`,
    "give the one that releases: `token` (the variable GO_RELEASE_TOKEN)",
  );
}

function tagLines({ release }: Plan): readonly CheckLine[] {
  if (release.tag !== null) return [];
  return [
    {
      what: "tag",
      ...isUnknown(
        "this commit has no tag yet",
        "when all else is right: `git tag v1.2.3 && git push origin v1.2.3`",
      ),
    },
  ];
}

/** As a real release would be signed from here. */
async function seeSigning(plan: Plan, call: CommandContext): Promise<Sighting> {
  const { config, host } = call;
  const { sign } = config.settings;
  const lacks =
    sign === "key" ? !config.given.has("signKey") : host.surroundings.identity === undefined;
  if (plan.dryRun && lacks && (sign === "key" || sign === "keyless"))
    return isUnknown(
      `\`sign: ${sign}\`, and there is ${sign === "key" ? "no key" : "no identity token"} here`,
      "run `check` where the release is made",
    );
  const signing = await meantSigning(plan, call);
  if (signing.mode !== "none") {
    await signingFor({ ...plan, signing }, call);
    return isOk(`${signing.mode}: ${signing.reason}`);
  }
  const detail = `nothing would be signed: ${signing.reason}`;
  return plan.dryRun && sign === "auto" ? isUnknown(detail) : isOk(detail);
}

async function meantSigning(plan: Plan, call: CommandContext): Promise<Plan["signing"]> {
  if (!plan.dryRun) return plan.signing;
  const { config, host } = call;
  const known = { config, surroundings: host.surroundings, dryRun: false };
  const offhand = signingOf(known);
  const services = await servicesFor(offhand, call);
  return services === undefined ? offhand : signingOf({ ...known, services });
}

/** The key that was given is tried, also where a dry run would use another one. */
function gpgChecks({ plan, toolchain }: Prepared, call: CommandContext): readonly Check[] {
  if (plan.gpg === undefined && plan.packageSigning?.openpgp !== true) return [];
  const { config, world, journal, signal } = call;
  const look = async (): Promise<Sighting> => {
    if (plan.dryRun && config.settings.gpgKey === undefined)
      return isUnknown("no OpenPGP key was given here", "set GPG_PRIVATE_KEY from a secret");
    const gpg = plan.gpg === undefined ? undefined : gpgOf(config, plan.checksum, false);
    const meant = { ...plan, ...defined({ gpg }) };
    const temporary = await world.files.temporary();
    try {
      const { gpgKey } = keysFor(meant, call);
      const place = { world, journal, signal, toolchain, output: { temporary } };
      await prepareGpg({ plan: meant, ...defined({ gpgKey }), ...place });
      return isOk("the key can be read and signs");
    } finally {
      await world.files.remove(temporary);
    }
  };
  return [{ what: "OpenPGP key", look }];
}

function imageChecks(prepared: Prepared, call: CommandContext): readonly Check[] {
  const { plan } = prepared;
  const { images = [] } = plan;
  if (images.length === 0) return [];
  const seeContents = async (): Promise<Sighting> => {
    await imageMeansFor({ ...prepared, plan: { ...plan, dryRun: true } }, call);
    return isOk("what images are built on is available");
  };
  const pushes = images.map((image) => ({
    what: `image ${image.repository}`,
    look: async (): Promise<Sighting> => {
      const host = readRepository(image.repository)?.host ?? "";
      if (plan.dryRun && (await credentialsFor(host, call)) === undefined)
        return isUnknown(
          `no password for ${host} was given here`,
          "give `registry`, `registry-user` and GO_RELEASE_REGISTRY_PASSWORD, or use `docker login`",
        );
      await registriesFor({ ...plan, images: [image], dryRun: false }, call);
      return isOk("it may be pushed to");
    },
  }));
  return [{ what: "images", look: seeContents }, ...pushes];
}

function channelChecks(plan: Plan, call: CommandContext): readonly Check[] {
  return plan.channels.map((channel) => ({
    what: channelName(channel),
    look: async (): Promise<Sighting> => {
      try {
        await pointingFor({ ...plan, channels: [channel], dryRun: false }, call);
      } catch (error) {
        const isMissing = error instanceof Problem && error.code === "channel-token";
        if (!plan.dryRun || !isMissing) throw error;
        return isUnknown(error.message, error.hint);
      }
      return isOk("it may be written to");
    },
  }));
}
