import { resolve } from "node:path";
import type { Config } from "../config/config.ts";
import type { Signing } from "../model/plan.ts";
import { Problem, Usage } from "../model/problem.ts";
import { githubInstance, isGithubInstance } from "../signers/trust/github.ts";
import {
  type InstanceName,
  obtainTrust,
  publicGoodInstance,
  type SigstoreInstance,
  type SigstoreTrust,
} from "../signers/trust/obtain.ts";
import { embeddedServices, type SigstoreServices } from "../signers/trust/services.ts";
import { readTrustedRoot } from "../signers/trust/trusted-root.ts";
import { cacheFolder, tufCache } from "../signers/tuf/cache.ts";
import type { CommandContext } from "./context.ts";

/** What is asked for once in a run, however many need it. */
type TrustAsker = CommandContext["trust"];
type Caller = Omit<CommandContext, "trust">;

/** Who is trusted, as the caller said or as the instance's TUF repository says today; asked when first needed. */
export function trustAsker(call: Caller): TrustAsker {
  const answers = new Map<InstanceName | undefined, Promise<SigstoreTrust>>();
  return (instance) => {
    const answer = answers.get(instance) ?? trustFor(call, instance);
    answers.set(instance, answer);
    return answer;
  };
}

async function trustFor(call: Caller, which?: InstanceName): Promise<SigstoreTrust> {
  const { config, env, signal, world, journal } = call;
  assertTogether(config);
  const { offline } = config.settings;
  const given = await givenRoot(call);
  if (given !== undefined) return given;
  // Whoever names an instance of their own trusts no other.
  const isGithubs = which === "github" && config.settings.tufRoot === undefined;
  const instance = isGithubs ? githubInstance() : await instanceOf(call);
  const folder = cacheFolder(env, world.machine.platform);
  const cache = tufCache(instance.repository.url, folder, world.files);
  const trust = await obtainTrust(instance, { cache, offline, signal }, world);
  for (const message of trust.warnings) journal.tell({ type: "warning", message });
  return trust;
}

/** What only makes sense together, or apart. Throws a `Usage`. */
function assertTogether({ settings }: Config): void {
  const { trustedRoot, tufRoot, tufUrl } = settings;
  if (tufRoot === undefined) return;
  if (trustedRoot !== undefined)
    throw new Usage("`trusted-root` and `tuf-root` were both given: each says who is trusted", {
      hint: "leave one out",
    });
  if (tufUrl === undefined)
    throw new Usage("`tuf-root` was given without the repository that it is the root of", {
      hint: "give `tuf-url` too",
    });
}

/** With a trusted root of the caller's nobody is asked. */
async function givenRoot(call: Caller): Promise<SigstoreTrust | undefined> {
  const { trustedRoot: path } = call.config.settings;
  if (path === undefined) return undefined;
  const { text, known } = await textAt("trustedRoot", path, call);
  // Whoever uses it later does not know where it came from.
  readTrustedRoot(text, known);
  const services = embeddedServices(call.world.clock.now());
  return { trustedRoot: text, services, known, warnings: [] };
}

async function instanceOf(call: Caller): Promise<SigstoreInstance> {
  const { tufUrl, tufRoot } = call.config.settings;
  if (tufRoot === undefined || tufUrl === undefined) return publicGoodInstance(tufUrl);
  const { text } = await textAt("tufRoot", tufRoot, call);
  return { name: "the own root", repository: { url: tufUrl, root: Buffer.from(text) } };
}

async function textAt(name: "trustedRoot" | "tufRoot", given: string, call: Caller) {
  const { config, folder, world } = call;
  const input = name === "tufRoot" ? "tuf-root" : "trusted-root";
  const path = resolve(folder, given);
  const where = config.origins.get(name) ?? input;
  if ((await world.files.stat(path))?.kind === "file")
    return { text: await world.files.readText(path), known: `${path} (${where})` };
  throw new Problem(`no-${input}`, `${input} (${where}): ${path} is not a file`, {
    hint: `give the path of a ${name === "tufRoot" ? "root" : "trusted_root"}.json`,
  });
}

/** Something for each service of an own instance that has not been asked yet; undefined for the public one. */
export function servicesWhoeverSigns(config: Config): SigstoreServices | undefined {
  assertTogether(config);
  const { tufRoot, tufUrl = "" } = config.settings;
  if (tufRoot === undefined) return undefined;
  const logs = ([1, 2] as const).map((version) => ({ url: tufUrl, version }));
  return { fulcioUrls: [tufUrl], logs, tsaUrls: [tufUrl] };
}

/** What the instance names that signs this plan; undefined where the plan needs none of it. */
export async function servicesFor(
  signing: Signing,
  call: CommandContext,
): Promise<SigstoreServices | undefined> {
  const isAsked = isTrustNeeded(signing) && instanceFor(signing) === undefined;
  return isAsked ? (await call.trust()).services : undefined;
}

/** Whose signature it is to be, where that is not the instance that the caller or the public decides. */
export function instanceFor({ mode, fulcioUrl }: Signing): InstanceName | undefined {
  return mode === "keyless" && isGithubInstance(fulcioUrl) ? "github" : undefined;
}

/** A throw-away key, and a key without a log, need nobody's word. */
export function isTrustNeeded({ mode, rekorUrl }: Signing): boolean {
  return mode === "keyless" || (mode === "key" && rekorUrl !== null);
}
