import type { Config } from "../config/config.ts";
import type { Facts } from "../facts/facts.ts";
import { REGISTRY_MANIFEST } from "../model/names.ts";
import type { BuildStep, Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";

type Extras = NonNullable<Plan["extraFiles"]>;

interface ProviderScene {
  readonly config: Config;
  readonly facts: Pick<Facts, "registryManifest">;
  readonly name: string;
  readonly version: string;
}

/** The provider's manifest under the name that registries look for. Throws a `Problem` for what they would refuse. */
export function providerExtras({ config, facts, name, version }: ProviderScene): Extras {
  if (config.settings.preset !== "terraform-provider") return [];
  if (!/^terraform-provider-[a-z0-9][a-z0-9-]*$/u.test(name)) {
    throw new Problem(
      "provider-name",
      `preset: a provider cannot be named ${JSON.stringify(name)}`,
      {
        hint: "registries want terraform-provider-NAME in lower case, as the repository is named: set `name`",
      },
    );
  }
  const { checksum, checksumSplit } = config.settings;
  if (checksum.join() !== "sha256" || checksumSplit) {
    throw new Problem("provider-checksum", "preset: registries read one list of sha256 alone", {
      hint: "leave `checksum` and `checksum-split` out",
    });
  }
  if (facts.registryManifest === undefined) return [];
  assertManifest(facts.registryManifest);
  return [{ name: `${name}_${version}_manifest.json`, source: REGISTRY_MANIFEST }];
}

function assertManifest(text: string): void {
  if (isManifest(text)) return;
  throw new Problem(
    "provider-manifest",
    `preset: ${REGISTRY_MANIFEST} is not what registries read`,
    {
      hint: 'write {"version": 1, "metadata": {"protocol_versions": ["6.0"]}} with the protocols of the provider',
    },
  );
}

function isManifest(text: string): boolean {
  try {
    const { version, metadata } = JSON.parse(text) as {
      version?: unknown;
      metadata?: { protocol_versions?: unknown };
    };
    const protocols = metadata?.protocol_versions;
    return (
      version === 1 &&
      Array.isArray(protocols) &&
      protocols.length > 0 &&
      protocols.every((one) => typeof one === "string" && /^\d+\.\d+$/u.test(one))
    );
  } catch {
    return false;
  }
}

/** What the registry will make of it. */
export function providerNotices(
  { config, facts }: Pick<ProviderScene, "config" | "facts">,
  builds: readonly BuildStep[],
): readonly string[] {
  if (config.settings.preset !== "terraform-provider") return [];
  const linux = builds.some(({ target: { os, arch } }) => os === "linux" && arch === "amd64");
  return [
    ...(facts.registryManifest === undefined
      ? [`there is no ${REGISTRY_MANIFEST}: registries take the provider for one of protocol 5.0`]
      : []),
    ...(linux
      ? []
      : ["HCP Terraform runs providers for linux/amd64, which is not among `targets`"]),
  ];
}
