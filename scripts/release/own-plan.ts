import { prerelease } from "semver";
import { defined } from "../../src/model/defined.ts";
import { CHECKSUMS } from "../../src/model/names.ts";
import { type Plan, type ReleaseSpec, SCHEMA, type Signing } from "../../src/model/plan.ts";
import { Problem } from "../../src/model/problem.ts";
import type { Surroundings } from "../../src/model/surroundings.ts";
import { changelogSection } from "../../src/plan/changelog/section.ts";
import { chooseSigning } from "../../src/signers/choose.ts";

/** What a release of this project follows from. */
export interface OwnReleaseFacts {
  /** Of package.json. */
  readonly version: string;
  readonly commit: string;
  /** The commit's date, ISO 8601 in UTC with whole seconds. */
  readonly date: string;
  /** The text of CHANGELOG.md. */
  readonly changelog: string;
  readonly dryRun: boolean;
  readonly host: { readonly surroundings: Surroundings };
  /** Other services than the public ones. */
  readonly services?: Partial<
    Pick<Signing, "fulcioUrl" | "rekorUrl"> & { readonly tsaUrl: string }
  >;
}

/** A plan of which only the end is left: nothing is compiled. Throws a `Problem` where tag and sources disagree. */
export function ownPlan(facts: OwnReleaseFacts): Plan {
  const { version, dryRun, host } = facts;
  const { repository = "", apiUrl = "", serverUrl = "" } = host.surroundings;
  return {
    schema: SCHEMA,
    generator: version,
    name: "go-release-action",
    module: { path: "go-release-action", folder: ".", vendored: false },
    release: releaseOf(facts),
    go: "",
    builds: [],
    archives: [],
    generated: [],
    uncommitted: [],
    modified: false,
    skipped: [],
    checksum: { algorithm: "sha256", name: CHECKSUMS },
    sbom: "none",
    provenance: true,
    signing: signingOf(facts),
    // A person's own dry run goes nowhere.
    destination: {
      forge: repository === "" ? "directory" : "github",
      repository,
      apiUrl,
      serverUrl,
      replace: false,
    },
    dryRun,
    notices: [],
    channels: [],
    metadata: {},
    parameters: {},
  };
}

function releaseOf({
  version,
  commit,
  date,
  changelog,
  dryRun,
  host,
}: OwnReleaseFacts): ReleaseSpec {
  const tag = `v${version}`;
  const { ref } = host.surroundings;
  if (!dryRun && (ref?.kind !== "tag" || ref.name !== tag)) {
    throw new Problem("own-tag", `package.json says ${version}, and this run is not for ${tag}`, {
      hint: "set the version with `npm version`, run `npm run render`, and push that tag",
    });
  }
  const section = changelogSection(changelog, { version, names: [], named: false });
  if (!dryRun && section.kind !== "found") {
    throw new Problem("own-notes", `CHANGELOG.md has no section ${version}`, {
      hint: "give what is unreleased there its version and date",
    });
  }
  return {
    tag,
    version,
    commit,
    date,
    snapshot: false,
    title: tag,
    notes: section.kind === "found" ? section.text : "",
    previousTag: null,
    draft: false,
    prerelease: prerelease(version) !== null,
    latest: "auto",
    milestones: [],
  };
}

function signingOf({ dryRun, host, services = {} }: OwnReleaseFacts): Signing {
  const { forge, identity, serverUrl, public: open } = host.surroundings;
  return chooseSigning(
    {
      sign: dryRun ? "auto" : "keyless",
      key: false,
      everyArchive: false,
      trustedRoot: services.fulcioUrl !== undefined,
      ...services,
    },
    defined({ dryRun, identity: identity !== undefined, public: open, forge, serverUrl }),
  );
}
