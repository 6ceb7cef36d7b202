import { join } from "node:path";
import * as z from "zod/mini";
import { type ImageRepository, readBase, readRepository } from "../images/reference.ts";
import { knownHost } from "../images/registry/addresses.ts";
import { checkPush } from "../images/registry/blobs.ts";
import type { RegistryCredentials } from "../images/registry/credentials.ts";
import { Registry } from "../images/registry/registry.ts";
import type { Plan } from "../model/plan.ts";
import { Problem, Usage } from "../model/problem.ts";
import { Secret } from "../model/secret.ts";
import type { CommandContext } from "./context.ts";

/** The registries of a plan's images, where each may be pushed to; none in a dry run. Throws a `Problem`. */
export async function registriesFor(
  { images = [], dryRun }: Plan,
  call: CommandContext,
): Promise<ReadonlyMap<string, Registry>> {
  const registries = new Map<string, Registry>();
  assertNamed(call);
  if (dryRun) return registries;
  const before: ImageRepository[] = [];
  for (const { repository: written, base } of images) {
    const repository = readRepository(written);
    if (repository === undefined) continue;
    // What is there already may be taken over.
    const holders = [readBase(base)?.repository, ...before];
    const siblings = holders.flatMap((one) => (one?.host === repository.host ? [one.name] : []));
    before.push(repository);
    const registry = await registryAt(repository, { siblings }, call);
    await call.journal.step({ kind: "check", of: written }, () => checkPush(registry, call.signal));
    registries.set(written, registry);
  }
  return registries;
}

/** One repository, with who may use it. */
export async function registryAt(
  repository: ImageRepository,
  more: { readonly siblings?: readonly string[]; readonly readOnly?: boolean },
  call: CommandContext,
): Promise<Registry> {
  const { http, clock, random } = call.world;
  const credentials = await credentialsFor(repository.host, call);
  if (credentials !== undefined) call.host.mask(credentials.password);
  return new Registry({
    ...more,
    repository,
    credentials,
    trusted: trustedBy(repository.host, call),
    http,
    clock,
    random,
  });
}

/** GitLab itself gives out the tokens of its registry, which may have another domain. */
function trustedBy(host: string, { host: { surroundings } }: CommandContext): readonly string[] {
  const { registry, serverUrl } = surroundings;
  const isOwn = registry !== undefined && knownHost(registry.host) === knownHost(host);
  return isOwn && serverUrl !== undefined ? [new URL(serverUrl).origin] : [];
}

/** A password without the registry that it is for could go anywhere that a file names. */
function assertNamed({ config: { settings } }: CommandContext): void {
  const { registry, registryUser, registryPassword } = settings;
  if (registryPassword !== undefined && registry === undefined)
    throw new Usage("registry-password is given, and nothing says for which registry it is", {
      hint: "name it with `--registry HOST`, the job's input `registry` or GO_RELEASE_REGISTRY",
    });
  if ((registryPassword === undefined) !== (registryUser === undefined))
    throw new Usage("of registry-user and registry-password only one is given", {
      hint: "give both; the password in GO_RELEASE_REGISTRY_PASSWORD",
    });
}

/**
 * Who pushes to a host: as given for it, else what this place has for it, else what `docker login` left. Nothing else
 * decides it, so that a repository which a file names gets no other password than its own host's.
 */
export async function credentialsFor(
  host: string,
  call: Pick<CommandContext, "config" | "env" | "host" | "world">,
): Promise<RegistryCredentials | undefined> {
  const { config, host: place } = call;
  const wanted = knownHost(host);
  const named = namedCredentials(host, config);
  if (named !== undefined) return named;
  const own = place.surroundings.registry;
  if (own !== undefined && knownHost(own.host) === wanted) return own;
  return await fromDocker(wanted, call);
}

/** Those that the caller gave for this very host. */
function namedCredentials(
  host: string,
  { settings }: CommandContext["config"],
): RegistryCredentials | undefined {
  const { registry, registryUser: user, registryPassword: password } = settings;
  if (registry === undefined || knownHost(registry) !== knownHost(host)) return undefined;
  return password === undefined || user === undefined
    ? undefined
    : { user, password, origin: `the user ${user}` };
}

/**
 * One repository that a release names, to be read: by nobody in particular, or as the caller said for its host. What
 * the job or `docker login` has is not for whom a release names.
 */
export function foreignRegistry(repository: ImageRepository, call: CommandContext): Registry {
  assertNamed(call);
  const { http, clock, random } = call.world;
  const credentials = namedCredentials(repository.host, call.config);
  return new Registry({
    repository,
    credentials,
    trusted: [],
    readOnly: true,
    http,
    clock,
    random,
  });
}

const DockerConfig = z.object({
  auths: z.optional(
    z.record(
      z.string(),
      z.object({
        auth: z.optional(z.string()),
        username: z.optional(z.string()),
        password: z.optional(z.string()),
        identitytoken: z.optional(z.string()),
      }),
    ),
  ),
  credsStore: z.optional(z.string()),
  credHelpers: z.optional(z.record(z.string(), z.string())),
});

/** What `docker login` wrote: `~/.docker/config.json`, which is read and never written. */
async function fromDocker(
  host: string,
  { env, world: { files } }: Pick<CommandContext, "env" | "world">,
): Promise<RegistryCredentials | undefined> {
  const folder = env["DOCKER_CONFIG"] || join(env["HOME"] ?? env["USERPROFILE"] ?? "", ".docker");
  const path = join(folder, "config.json");
  if ((await files.stat(path).catch(() => undefined))?.kind !== "file") return undefined;
  const { auths = {}, credHelpers = {}, credsStore } = readDocker(await files.readText(path), path);
  const [, found] = Object.entries(auths).find(([key]) => hostOfKey(key) === host) ?? [];
  const credentials = found === undefined ? undefined : credentialsIn(found, path);
  if (credentials !== undefined) return credentials;
  const helper = credHelpers[host] ?? (found === undefined ? undefined : credsStore);
  if (helper === undefined) return undefined;
  throw new Problem(
    "registry-helper",
    `${path} leaves the password of ${host} to docker-credential-${helper}, which is not started here`,
    {
      hint: `give \`registry: ${host}\`, \`registry-user\` and GO_RELEASE_REGISTRY_PASSWORD`,
    },
  );
}

function readDocker(text: string, path: string): z.infer<typeof DockerConfig> {
  try {
    return DockerConfig.parse(JSON.parse(text));
  } catch {
    throw new Problem("docker-config", `${path} is no configuration of Docker`, {
      hint: "run `docker login` again, or remove the file",
    });
  }
}

/** Docker Hub is `https://index.docker.io/v1/` there, others their host, some with a path. */
function hostOfKey(key: string): string {
  return knownHost(key.replace(/^https?:\/\//u, "").replace(/\/.*$/u, ""));
}

type DockerEntry = NonNullable<z.infer<typeof DockerConfig>["auths"]>[string];

function credentialsIn(
  { auth = "", username, password, identitytoken }: DockerEntry,
  path: string,
): RegistryCredentials | undefined {
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  const user = username ?? text.slice(0, Math.max(0, colon));
  const secret = identitytoken || (password ?? text.slice(colon + 1));
  if (user === "" || secret === "") return undefined;
  return {
    user,
    password: new Secret(secret),
    origin: `the user ${user} (${path})`,
    refreshes: Boolean(identitytoken),
  };
}
