import { createHash } from "node:crypto";

export interface StoredFile {
  readonly id: number;
  readonly package: number;
  readonly name: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

export interface StoredPackage {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  /** A hidden package is not listed, and neither are its files; who knows a file's URL can have it. */
  status: "default" | "hidden";
}

export interface StoredLink {
  readonly id: number;
  name: string;
  url: string;
  path: string | undefined;
  type: string;
}

export interface StoredRelease {
  readonly tag: string;
  name: string;
  description: string;
  /** Where the tag was when the release was made. */
  readonly commit: string;
  milestones: readonly string[];
  releasedAt: string;
  readonly links: StoredLink[];
  readonly evidences: readonly string[];
}

export interface ProjectOptions {
  readonly id?: number;
  readonly path?: string;
  readonly visibility?: "public" | "private";
  /** Of the user whom the tokens belong to. */
  readonly role?: "reporter" | "developer" | "maintainer";
  readonly registry?: boolean;
  /** False where an administrator has switched packages off for the whole instance. */
  readonly packages?: boolean;
  /** Whether the project shows releases at all. */
  readonly releases?: boolean;
  /** Whether a second file of the same name may be uploaded. */
  readonly duplicates?: boolean;
  readonly protectedPackage?: boolean;
  readonly protectedTag?: boolean;
  /** Bytes. */
  readonly largest?: number;
  readonly milestones?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Messages of annotated tags. */
  readonly messages?: Readonly<Record<string, string>>;
  /** Whether the job's project is on the allowlist; `hidden` for an older instance, which does not say so. */
  readonly jobTokens?: boolean | "hidden";
  /** Whether job tokens may list tags, as on newer instances. */
  readonly jobTags?: boolean;
  /** The fine-grained permission that the job's project lacks, as GitLab names it. */
  readonly denied?: "admin_packages" | "read_packages" | "admin_releases" | "read_repositories";
  /** An older path, which leads to the project and cannot be written to. */
  readonly formerPath?: string;
  /** Whether an upload is answered with the stored file when it is asked for. */
  readonly selects?: boolean;
  /** Whether digests are computed; older instances have files without. */
  readonly digests?: boolean;
  /** A foreign origin that downloads are redirected to. */
  readonly storage?: string;
  /** The relative URL that the instance lives under, e.g. `/gitlab`. */
  readonly prefix?: string;
}

/** What a GitLab project keeps of releases and packages. */
export class Project {
  readonly options: Required<Omit<ProjectOptions, "storage" | "tags" | "denied" | "formerPath">> & {
    storage?: string;
    denied?: ProjectOptions["denied"];
    formerPath?: string;
    tags: Readonly<Record<string, string>>;
  };
  readonly packages: StoredPackage[] = [];
  readonly files: StoredFile[] = [];
  readonly closedMilestones = new Set<string>();
  readonly releases = new Map<string, StoredRelease>();
  #last = 100;

  constructor(options: ProjectOptions) {
    this.options = {
      id: 42,
      path: "group/age",
      visibility: "private",
      role: "developer",
      registry: true,
      packages: true,
      releases: true,
      duplicates: true,
      protectedPackage: false,
      protectedTag: false,
      largest: 5 * 2 ** 30,
      milestones: [],
      tags: { "v1.0.0": COMMIT },
      messages: {},
      jobTokens: true,
      jobTags: true,
      selects: true,
      digests: true,
      prefix: "",
      ...options,
    };
  }

  nextId(): number {
    return ++this.#last;
  }

  /** As GitLab lists releases, and takes the first one for the latest. */
  latestFirst(): readonly StoredRelease[] {
    return [...this.releases.values()]
      .reverse()
      .sort((a, b) => Date.parse(b.releasedAt) - Date.parse(a.releasedAt));
  }

  /** Appends, as GitLab does: a second file of a name hides the first one. */
  store(name: string, version: string, file: string, bytes: Buffer): StoredFile {
    let owner = this.packages.find((one) => one.name === name && one.version === version);
    if (owner === undefined) {
      owner = { id: this.nextId(), name, version, status: "default" };
      this.packages.push(owner);
    }
    const stored: StoredFile = {
      id: this.nextId(),
      package: owner.id,
      name: file,
      bytes,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    };
    this.files.push(stored);
    return stored;
  }

  filesOf(name: string, version: string): readonly StoredFile[] {
    const owner = this.packages.find((one) => one.name === name && one.version === version);
    return this.files.filter((file) => file.package === owner?.id);
  }

  /** The file that a package URL leads to: the latest of its name. */
  at(url: string): StoredFile | undefined {
    const [, name = "", version = "", file = ""] =
      /\/packages\/generic\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(url) ?? [];
    return this.filesOf(decodeURIComponent(name), decodeURIComponent(version))
      .filter((one) => one.name === decodeURIComponent(file))
      .at(-1);
  }

  /** sha256 by name as users see them; `dead` for a link that leads nowhere. */
  visible(tag: string): Readonly<Record<string, string>> | undefined {
    const release = this.releases.get(tag);
    if (release === undefined) return undefined;
    return Object.fromEntries(
      release.links.map(({ name, url }) => [name, this.at(url)?.sha256 ?? "dead"]),
    );
  }

  /** Files that no link leads to, and second copies. */
  orphans(): readonly string[] {
    const linked = [...this.releases.values()].flatMap(({ links }) =>
      links.map(({ url }) => this.at(url)),
    );
    const known = new Map(this.packages.map((one) => [one.id, one]));
    return this.files
      .filter((file) => !linked.includes(file))
      .map((file) => `${known.get(file.package)?.version ?? ""}/${file.name}`);
  }

  /** Linked files of which the package holds a second one by the same name. */
  ambiguous(): readonly string[] {
    const linked = [...this.releases.values()].flatMap(({ links }) =>
      links.map(({ url }) => this.at(url)),
    );
    return linked.flatMap((file) => {
      const copies = this.files.filter(
        (one) => one.package === file?.package && one.name === file.name,
      );
      return copies.length > 1 && file !== undefined ? [`${copies.length} × ${file.name}`] : [];
    });
  }
}

export const COMMIT = "5d0e1a9c8b7f6e5d4c3b2a1908f7e6d5c4b3a291";
