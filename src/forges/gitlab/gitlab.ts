import type { Check } from "../../model/check.ts";
import type { Destination, ReleaseSpec } from "../../model/plan.ts";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import type { Reach } from "../../net/exchange.ts";
import type { ClosedMilestone, Forge, Staged, TagMessage } from "../forge.ts";
import { latestTag } from "../latest.ts";
import { Api } from "./api.ts";
import { closeMilestone } from "./milestones.ts";
import { checkNames, packageName } from "./names.ts";
import { descriptionOf } from "./notes.ts";
import { Packages } from "./packages.ts";
import { checks, noGeneratedNotes, preflight } from "./preflight.ts";
import { PackageStore } from "./release-assets.ts";
import { Releases } from "./releases.ts";
import { StagedRelease } from "./staged.ts";
import { tagMessage } from "./tag.ts";
import { tokenOf } from "./token.ts";
import { packageVersion } from "./version.ts";

export interface GitLabOptions extends Reach {
  readonly destination: Destination;
  /** The name of the generic package: the plan's. */
  readonly name: string;
  /** Absent when there is none, which is told when one is needed. */
  readonly token: Secret | undefined;
}

/** Releases on GitLab.com and self-managed instances: files in generic packages, then a release with links to them. */
export function gitlab(options: GitLabOptions): Forge {
  return new GitLab(options);
}

class GitLab implements Forge {
  readonly #options: GitLabOptions;

  constructor(options: GitLabOptions) {
    this.#options = options;
  }

  checkNames(names: readonly string[], { tag }: ReleaseSpec): void {
    checkNames(names);
    if (tag !== null) packageVersion(tag);
  }

  async check(spec: ReleaseSpec, signal?: AbortSignal): Promise<void> {
    const { api, packages, releases } = this.#open(spec);
    const { replace } = this.#options.destination;
    await preflight(spec, { api, packages, releases, replace }, signal);
  }

  checks(spec: ReleaseSpec): readonly Check[] {
    const { name, destination } = this.#options;
    const open = () => {
      const api = this.#api();
      return { api, packages: new Packages(api, packageName(name)) };
    };
    return checks(spec, open, () => ({ ...this.#open(spec), replace: destination.replace }));
  }

  async tagMessage(tag: string, signal?: AbortSignal): Promise<TagMessage> {
    return await tagMessage(this.#api(), tag, signal);
  }

  /** GitLab's commits have names and addresses, and whose an address is only administrators may ask. */
  async handles(): Promise<ReadonlyMap<string, string>> {
    return await Promise.resolve(new Map());
  }

  async notes(spec: ReleaseSpec): Promise<string> {
    if (spec.notes === null) throw noGeneratedNotes();
    return descriptionOf({ spec, mark: "", project: this.#options.destination }).text;
  }

  async isNewest(spec: ReleaseSpec, signal?: AbortSignal): Promise<boolean> {
    if (spec.latest !== "auto") return spec.latest;
    const { releases, tag } = this.#open(spec);
    const published = (await releases.all(signal)).map(({ tag_name }) => tag_name);
    return latestTag({ tag, prerelease: spec.prerelease }, published) === tag;
  }

  async closeMilestone(title: string, signal?: AbortSignal): Promise<ClosedMilestone> {
    return await closeMilestone(this.#api(), title, signal);
  }

  async stage(spec: ReleaseSpec, signal?: AbortSignal): Promise<Staged> {
    const { api, packages, releases, tag } = this.#open(spec);
    const { replace } = this.#options.destination;
    const there = await releases.find(signal);
    return new StagedRelease({
      spec,
      project: this.#options.destination,
      releases,
      replace,
      api,
      shelf: new PackageStore(packages, api, packageVersion(tag)),
      frozen: there !== undefined && !replace,
    });
  }

  #open({ tag }: ReleaseSpec) {
    if (tag === null) throw new Error("a snapshot is not published");
    const api = this.#api();
    const packages = new Packages(api, packageName(this.#options.name));
    return { api, packages, releases: new Releases(api, tag), tag };
  }

  #api(): Api {
    const { destination, token, http, clock, random } = this.#options;
    if (token === undefined) {
      throw new Problem("gitlab-token", `no token for ${destination.repository} on GitLab`, {
        hint: "a job has one for its own instance; for another instance, or outside CI, set `token` (the variable GO_RELEASE_TOKEN) to a project access token with the role Developer and the scope api",
      });
    }
    const { apiUrl, repository: project } = destination;
    return new Api({ http, clock, random, token: tokenOf(token), apiUrl, project });
  }
}
