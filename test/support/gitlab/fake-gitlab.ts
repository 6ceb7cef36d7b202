import { createHash } from "node:crypto";
import { type Answer, type Call, FakeServer, type Refusals, type Route } from "../fake-server.ts";
import { description } from "./description.ts";
import {
  linkEntity,
  packageEntity,
  packageFileEntity,
  projectEntity,
  releaseEntity,
  storedEntity,
} from "./entities.ts";
import { Project, type ProjectOptions, type StoredLink, type StoredRelease } from "./project.ts";
import { FakeGitLabTap } from "./tap.ts";

export const JOB_TOKEN = "job-token-of-a-test";
export const PRIVATE_TOKEN = "private-token-of-a-test";

/** GitLab's API v4 as far as a release needs it: state, permissions of job tokens, and its habits. */
export class FakeGitLab {
  readonly project: Project;
  readonly server: FakeServer;
  /** Where people install from, beside the project. */
  readonly taps = ["homebrew-tap", "homebrew-two", "bucket-one", "bucket-two"].map(
    (name) => new FakeGitLabTap(`octo/${name}`),
  );
  readonly moments: ReturnType<Project["visible"]>[] = [];
  /** Files of other projects' repositories, by `project@ref:path`. */
  readonly repositoryFiles = new Map<string, Buffer>();
  /** The last moment as text. */
  #seen = "undefined";

  constructor(options: ProjectOptions = {}) {
    this.project = new Project(options);
    this.server = new FakeServer(description(), refusals, this.#routes());
    this.server.changed = () => this.#look();
  }

  get apiUrl(): string {
    return `${this.serverUrl}/api/v4`;
  }

  get serverUrl(): string {
    return `${this.server.origin}${this.project.options.prefix}`;
  }

  get projectUrl(): string {
    return `${this.serverUrl}/${this.project.options.path}`;
  }

  #look(): void {
    const now = Object.assign(
      {},
      ...[...this.project.releases.keys()].map((tag) => this.project.visible(tag)),
    );
    const moment = this.project.releases.size === 0 ? undefined : now;
    const text = JSON.stringify(moment) ?? "undefined";
    if (text === this.#seen) return;
    this.#seen = text;
    this.moments.push(moment);
  }

  #routes(): readonly Route[] {
    const { jobTags } = this.project.options;
    const read = { job: true, policy: "read_packages" };
    const write = { job: true, policy: "admin_packages" };
    const open = { job: true };
    const publish = { job: true, policy: "admin_releases" };
    return [
      ...this.taps.flatMap((tap) => tap.routes()),
      {
        method: "GET",
        pattern: /\/api\/v4\/projects\/([^/]+)\/repository\/files\/([^/]+)\/raw$/,
        handle: ({ parts: [project, path], url, headers }) => {
          const body = this.repositoryFiles.get(
            `${project}@${url.searchParams.get("ref")}:${path}`,
          );
          if (headers["job-token"] !== JOB_TOKEN) return hidden;
          return body === undefined ? notFound : { status: 200, body };
        },
      },
      this.#route("GET", "", { job: false }, () => ok(projectEntity(this.project))),
      this.#route(
        "GET",
        "/repository/tags",
        { job: jobTags, policy: "read_repositories" },
        (call) => this.#listTags(call),
      ),
      this.#route("GET", "/repository/tags/([^/]+)", { job: false }, (call, [tag = ""]) =>
        this.#tag(tag),
      ),
      this.#route("GET", "/milestones", { job: false }, ({ url }) =>
        ok(this.#milestones().filter(({ title }) => title === url.searchParams.get("title"))),
      ),
      this.#route("PUT", "/milestones/(\\d+)", { job: false }, (call, [id]) =>
        this.#closeMilestone(call, Number(id)),
      ),
      this.#route("GET", "/packages", read, (call) => this.#listPackages(call)),
      this.#route("GET", "/packages/(\\d+)/package_files", read, (call, [id]) =>
        this.#listFiles(call, Number(id)),
      ),
      this.#route("DELETE", "/packages/(\\d+)/package_files/(\\d+)", write, (call, [, id]) =>
        this.#removeFile(Number(id)),
      ),
      this.#route("PUT", "/packages/generic/([^/]+)/([^/]+)/([^/]+)", write, (call, parts) =>
        this.#upload(call, parts),
      ),
      this.#route("GET", "/packages/generic/([^/]+)/([^/]+)/([^/]+)", read, (call) =>
        this.#download(call),
      ),
      this.#route("GET", "/releases", open, (call) =>
        this.#page(
          call,
          this.project.latestFirst().map((one) => this.#entity(one)),
        ),
      ),
      this.#route("POST", "/releases", publish, (call) => this.#create(call)),
      this.#route("GET", "/releases/([^/]+)", open, (call, [tag = ""]) =>
        this.#with(tag, (one) => ok(this.#entity(one))),
      ),
      this.#route("PUT", "/releases/([^/]+)", open, (call, [tag = ""]) =>
        this.#with(tag, (one) => this.#describe(one, call)),
      ),
      this.#route("GET", "/releases/([^/]+)/downloads/(.+)", open, (call, [tag = "", path = ""]) =>
        this.#with(tag, (one) => permalink(one, path)),
      ),
      this.#route("GET", "/releases/([^/]+)/assets/links", open, (call, [tag = ""]) =>
        this.#with(tag, (one) =>
          this.#page(
            call,
            one.links.map((link) => this.#link(one, link)),
          ),
        ),
      ),
      this.#route("POST", "/releases/([^/]+)/assets/links", open, (call, [tag = ""]) =>
        this.#with(tag, (one) => this.#addLink(one, call)),
      ),
      this.#route("PUT", "/releases/([^/]+)/assets/links/(\\d+)", open, (call, [tag = "", id]) =>
        this.#with(tag, (one) => this.#changeLink(one, Number(id), call)),
      ),
      this.#route("DELETE", "/releases/([^/]+)/assets/links/(\\d+)", open, (call, [tag = "", id]) =>
        this.#with(tag, (one) => this.#removeLink(one, Number(id))),
      ),
    ];
  }

  #milestones() {
    const { options, closedMilestones } = this.project;
    return options.milestones.map((title, index) => ({
      id: index + 1,
      iid: index + 1,
      project_id: options.id,
      title,
      description: "",
      state: closedMilestones.has(title) ? "closed" : "active",
    }));
  }

  #closeMilestone({ body }: Call, id: number): Answer {
    const { state_event: event } = JSON.parse(body.toString()) as { state_event?: string };
    const found = this.#milestones().find((one) => one.id === id);
    if (found === undefined) return notFound;
    if (event === "close") this.project.closedMilestones.add(found.title);
    return ok({ ...found, state: "closed" });
  }

  /** A route of the project, behind the permissions of whoever asks. */
  #route(
    method: string,
    path: string,
    { job, policy = "" }: { readonly job: boolean; readonly policy?: string },
    handle: (call: Call, parts: readonly string[]) => Answer,
  ): Route {
    const { prefix, id, path: name, formerPath } = this.project.options;
    const pattern = new RegExp(`^${prefix}/api/v4/projects/([^/]+)${path}$`);
    return {
      method,
      pattern,
      handle: (call) => {
        const [project, ...parts] = call.parts;
        const known = [String(id), name, formerPath].includes(project);
        const refused = known ? this.#refuse(call, job, policy) : hidden;
        if (refused !== undefined) return refused;
        if (project === formerPath && formerPath !== undefined) return this.#moved(call);
        return this.#missing(path) ?? handle(call, parts);
      },
    };
  }

  #moved({ method, url }: Call): Answer {
    if (method !== "GET") {
      const message = "Non GET methods are not allowed for moved projects";
      return { status: 405, json: { message } };
    }
    const location = url.href.replace(/(?<=\/projects\/)[^/]+/, String(this.project.options.id));
    return { status: 301, headers: { location } };
  }

  /** What is switched off. */
  #missing(path: string): Answer | undefined {
    const { packages, releases } = this.project.options;
    if (!packages && path.startsWith("/packages")) return nothing;
    return !releases && path.startsWith("/releases") ? forbidden : undefined;
  }

  #refuse({ method, headers, fault }: Call, job: boolean, policy: string): Answer | undefined {
    const { visibility, role, jobTokens, denied } = this.project.options;
    const write = method !== "GET";
    if (fault === "starter") return { status: 502, json: { message: "502 Bad Gateway" } };
    const token = headers["private-token"] ?? headers["job-token"];
    if (headers["private-token"] !== undefined && token !== PRIVATE_TOKEN) return unauthorized;
    if (headers["job-token"] !== undefined && token !== JOB_TOKEN) return unauthorized;
    // A job token on a route that is not for job tokens counts as none at all.
    const asJob = token === JOB_TOKEN && job;
    if (asJob && jobTokens === false && visibility === "private") return unlisted;
    if (asJob && denied === policy) return lacking(policy);
    const known = token === PRIVATE_TOKEN || (asJob && jobTokens === true);
    if (!known) return visibility === "public" ? (write ? unauthorized : undefined) : hidden;
    return write && role === "reporter" ? forbidden : undefined;
  }

  /** Fuzzy, with the tag of that very name first. */
  #listTags(call: Call): Answer {
    const search = call.url.searchParams.get("search")?.toLowerCase() ?? "";
    const found = Object.keys(this.project.options.tags)
      .filter((tag) => tag.toLowerCase().includes(search))
      .sort((a, b) => Number(b.toLowerCase() === search) - Number(a.toLowerCase() === search));
    return this.#page(
      call,
      found.map((tag) => this.#tag(tag).json),
    );
  }

  #tag(tag: string): Answer {
    const commit = this.project.options.tags[tag];
    if (commit === undefined) return { status: 404, json: { message: "404 Tag Not Found" } };
    const { protectedTag, messages } = this.project.options;
    const message = messages[tag];
    const target =
      message === undefined ? commit : createHash("sha1").update(message).digest("hex");
    return ok({
      name: tag,
      message: message ?? null,
      target,
      commit: { id: commit },
      protected: protectedTag,
    });
  }

  #listPackages(call: Call): Answer {
    if (!this.project.options.registry) return forbidden;
    const name = call.url.searchParams.get("package_name") ?? "";
    const version = call.url.searchParams.get("package_version");
    const found = this.project.packages
      // Fuzzy, as GitLab's search is.
      .filter((one) => one.name.includes(name) && (version === null || one.version === version))
      .filter((one) => one.status === "default");
    return this.#page(
      call,
      found.map((one) => packageEntity(one)),
    );
  }

  #listFiles(call: Call, id: number): Answer {
    if (!this.project.packages.some((one) => one.id === id && one.status === "default"))
      return notFound;
    const files = this.project.files.filter((file) => file.package === id);
    const listed = call.fault === "stale" ? files.slice(0, -1) : files;
    return this.#page(
      call,
      listed.map((file) => packageFileEntity(file, this.project.options.digests)),
    );
  }

  #removeFile(id: number): Answer {
    if (this.project.options.role !== "maintainer") return forbidden;
    const index = this.project.files.findIndex((file) => file.id === id);
    if (index < 0) return notFound;
    this.project.files.splice(index, 1);
    return { status: 204 };
  }

  #upload({ body, url }: Call, [name = "", version = "", file = ""]: readonly string[]): Answer {
    const { registry, protectedPackage, largest, duplicates, selects, digests } =
      this.project.options;
    if (!registry) return forbidden;
    if (protectedPackage)
      return { status: 403, json: { message: "403 Forbidden - Package protected." } };
    if (!/^[A-Za-z0-9._+-]+$/.test(name))
      return { status: 400, json: { error: "package_name is invalid" } };
    if (!/^(?!.*\.\.)[\w+.-]+$/.test(version))
      return { status: 400, json: { error: "package_version is invalid" } };
    if (!/^[A-Za-z0-9._+-]+$/.test(file))
      return { status: 400, json: { error: "file_name is invalid" } };
    if (body.length > largest)
      return { status: 400, json: { message: "400 Bad request - File is too large" } };
    const taken = this.project.filesOf(name, version).some((one) => one.name === file);
    if (taken && !duplicates) {
      return {
        status: 400,
        json: { message: "400 Bad request - Duplicate package is not allowed" },
      };
    }
    const stored = this.project.store(name, version, file, body);
    if (selects && url.searchParams.get("select") === "package_file")
      return ok(storedEntity(stored, digests));
    return { status: 201, json: { message: "201 Created" } };
  }

  #download(call: Call): Answer {
    const file = this.project.at(call.url.pathname);
    if (file === undefined) return notFound;
    const { storage } = this.project.options;
    if (storage !== undefined)
      return { status: 302, headers: { location: `${storage}/${file.id}` } };
    return {
      status: 200,
      headers: { "content-type": "application/octet-stream" },
      body: file.bytes,
    };
  }

  #create(call: Call): Answer {
    const wanted = JSON.parse(call.body.toString()) as {
      readonly tag_name: string;
      readonly name?: string;
      readonly description?: string;
      readonly milestones?: readonly string[];
      readonly released_at?: string;
      readonly assets?: { readonly links?: readonly WantedLink[] };
    };
    const { protectedTag, milestones, tags } = this.project.options;
    if (protectedTag) {
      return {
        status: 403,
        json: { message: "You are not allowed to create this tag as it is protected." },
      };
    }
    if (this.project.releases.has(wanted.tag_name)) {
      return { status: 409, json: { message: "Release already exists" } };
    }
    const unknown = (wanted.milestones ?? []).filter((one) => !milestones.includes(one));
    if (unknown.length > 0) {
      return { status: 400, json: { message: `Milestone(s) not found: ${unknown.join(", ")}` } };
    }
    const commit = tags[wanted.tag_name];
    if (commit === undefined) return { status: 422, json: { message: "Ref is not specified" } };
    if ((wanted.description ?? "").length > 1_000_000) {
      const message = "Validation failed: Description is too long (maximum is 1000000 characters)";
      return { status: 400, json: { message } };
    }
    const release: StoredRelease = {
      tag: wanted.tag_name,
      name: wanted.name ?? wanted.tag_name,
      description: wanted.description ?? "",
      commit,
      milestones: wanted.milestones ?? [],
      releasedAt: wanted.released_at ?? "2026-03-01T12:00:00.000Z",
      links: [],
      evidences: [`evidence of ${wanted.tag_name}`],
    };
    for (const link of wanted.assets?.links ?? []) {
      const faults = linkFaults(release, link);
      if (faults.length > 0)
        return { status: 400, json: { message: `Links ${faults.join(", ")}` } };
      release.links.push(this.#stored(link));
    }
    this.project.releases.set(release.tag, release);
    return { status: 201, json: this.#entity(release) };
  }

  #describe(release: StoredRelease, call: Call): Answer {
    const wanted = JSON.parse(call.body.toString()) as Record<string, string> & {
      milestones?: string[];
    };
    release.name = wanted["name"] ?? release.name;
    release.description = wanted["description"] ?? release.description;
    release.milestones = wanted.milestones ?? release.milestones;
    release.releasedAt = wanted["released_at"] ?? release.releasedAt;
    return ok(this.#entity(release));
  }

  #addLink(release: StoredRelease, call: Call): Answer {
    const wanted = JSON.parse(call.body.toString()) as WantedLink;
    const faults = linkFaults(release, wanted);
    if (faults.length > 0) return { status: 400, json: { message: faults } };
    const link = this.#stored(wanted);
    release.links.push(link);
    return { status: 201, json: this.#link(release, link) };
  }

  #changeLink(release: StoredRelease, id: number, call: Call): Answer {
    const link = release.links.find((one) => one.id === id);
    if (link === undefined) return notFound;
    const wanted = JSON.parse(call.body.toString()) as Partial<WantedLink>;
    const next = { name: link.name, url: link.url, ...wanted };
    const faults = linkFaults(
      { ...release, links: release.links.filter((one) => one !== link) },
      next,
    );
    if (faults.length > 0) return { status: 400, json: { message: faults } };
    // What is not sent again is lost.
    Object.assign(link, this.#stored(next), { id });
    return ok(this.#link(release, link));
  }

  #removeLink(release: StoredRelease, id: number): Answer {
    const index = release.links.findIndex((one) => one.id === id);
    const [link] = index < 0 ? [] : release.links.splice(index, 1);
    return link === undefined ? notFound : ok(this.#link(release, link));
  }

  #stored({ name, url, direct_asset_path, filepath, link_type }: WantedLink): StoredLink {
    return {
      id: this.project.nextId(),
      name,
      url,
      path: direct_asset_path ?? filepath,
      type: link_type ?? "other",
    };
  }

  #with(tag: string, answer: (release: StoredRelease) => Answer): Answer {
    const release = this.project.releases.get(tag);
    return release === undefined ? notFound : answer(release);
  }

  #entity = (release: StoredRelease) => releaseEntity(release, this.projectUrl);

  #link = (release: StoredRelease, link: StoredLink) =>
    linkEntity(link, release.tag, this.projectUrl);

  #page({ url }: Call, all: readonly unknown[]): Answer {
    const page = Number(url.searchParams.get("page") ?? 1);
    const size = Math.min(100, Number(url.searchParams.get("per_page") ?? 20));
    const more = all.length > page * size;
    return {
      status: 200,
      headers: {
        "x-page": String(page),
        "x-next-page": more ? String(page + 1) : "",
        "x-total": String(all.length),
      },
      json: all.slice((page - 1) * size, page * size),
    };
  }
}

interface WantedLink {
  readonly name: string;
  readonly url: string;
  readonly direct_asset_path?: string;
  readonly filepath?: string;
  readonly link_type?: string;
}

function linkFaults(
  { links }: StoredRelease,
  { name, url, direct_asset_path: path, link_type }: WantedLink,
): string[] {
  return [
    ...(links.some((one) => one.name === name) ? ["Name has already been taken"] : []),
    ...(links.some((one) => one.url === url) ? ["Url has already been taken"] : []),
    ...(path !== undefined && links.some((one) => one.path === path)
      ? ["Filepath has already been taken"]
      : []),
    ...(path !== undefined && !/^\/[^/](?!.*\/\/.*)[-.\w/]+[\da-zA-Z]+$/.test(path)
      ? ["Filepath is in an invalid format"]
      : []),
    ...(path !== undefined && path.length > 128
      ? ["Filepath is too long (maximum is 128 characters)"]
      : []),
    ...(["other", "runbook", "image", "package"].includes(link_type ?? "other")
      ? []
      : ["link_type does not have a valid value"]),
  ];
}

function permalink({ links }: StoredRelease, path: string): Answer {
  const link = links.find((one) => one.path === `/${path}`);
  return link === undefined ? notFound : { status: 302, headers: { location: link.url } };
}

function ok(json: unknown): Answer {
  return { status: 200, json };
}
const unauthorized: Answer = { status: 401, json: { message: "401 Unauthorized" } };
const forbidden: Answer = { status: 403, json: { message: "403 Forbidden" } };
const hidden: Answer = { status: 404, json: { message: "404 Project Not Found" } };
const unlisted: Answer = {
  status: 403,
  json: {
    message: "403 Forbidden - Authentication by CI/CD job token not allowed from app to age.",
  },
};
function lacking(policy: string): Answer {
  return {
    status: 403,
    json: {
      message: `403 Forbidden - Insufficient permissions to access this resource in project age. The following token permission is required: ${policy}.`,
    },
  };
}
const nothing: Answer = { status: 404, json: { message: "404 Not Found" } };
const notFound: Answer = { status: 404, json: { message: "404 Not found" } };

const refusals: Refusals = {
  unauthorized,
  forbidden,
  tooMany: {
    status: 429,
    headers: { "retry-after": "2" },
    json: { message: "429 Too Many Requests" },
  },
  // What the application's own limiter says: a text, and no Retry-After.
  rateLimited: () => ({
    status: 429,
    headers: { "content-type": "text/plain" },
    body: Buffer.from("Retry later\n"),
  }),
};
