import type { Clock } from "../../../src/world/world.ts";
import { Description } from "../description.ts";
import { type Answer, type Call, FakeServer, guardedRoutes, type Route } from "../fake-server.ts";
import document from "./api.openapi.json" with { type: "json" };
import { FakeApp } from "./app.ts";
import { FakeMilestones } from "./milestones.ts";
import { assetShape, commitShape, releaseShape, untagged } from "./shapes.ts";
import { type StoredAsset, type StoredRelease, sha256, snapshot } from "./state.ts";
import { FakeTap } from "./tap.ts";

/** GitHub's description forgets the state that its own text warns of. */
const described = structuredClone(document);
described.components.schemas["release-asset"].properties.state.enum.push("starter");

/** It takes a while to be read, and is the same for every fake. */
const description = new Description(described);

export interface FakeSettings {
  /** What the token may do; a classic one that lacks a scope is told that there is nothing to write to. */
  access: "write" | "read" | "unscoped" | "none";
  /** Whether files carry digests; older servers' do not. */
  digests: boolean;
  /** Whether what is published becomes immutable. */
  immutable: boolean;
  /** Whether the token may read that setting, which takes an administrator's. */
  administers: boolean;
  attestations: "kept" | "forbidden" | "unpaid" | "absent";
  archived: boolean;
  /** Whether a pushed tag is not yet known when a draft is made, which then has a name for the meantime. */
  lateTags: boolean;
  /** Whether a ruleset keeps the token from making tags. */
  protectedTags: boolean;
  /** Whether the repository was renamed. */
  moved: boolean;
  categories: string[];
  /** Content-creating requests allowed in one minute and in one hour. */
  perMinute: number;
  perHour: number;
  /** Whether it says for how long; GitHub does not always. */
  retryAfter: boolean;
}

/** GitHub's releases API for one repository, with state. Written from its description and from what it does. */
export class FakeGitHub {
  readonly repository = "octo/age";
  readonly token = "ghs_fake_token_for_tests";
  readonly server: FakeServer;
  /** Where people install from, of the same owner. */
  readonly tap = new FakeTap("octo/homebrew-tap", this.token);
  readonly taps = [
    this.tap,
    ...["octo/homebrew-two", "octo/bucket-one", "octo/bucket-two"].map(
      (name) => new FakeTap(name, this.token),
    ),
  ];
  readonly app: FakeApp;
  readonly milestones = new FakeMilestones();
  /** Commits, the oldest first, with the users that GitHub takes for their authors. */
  readonly commits: { readonly sha: string; readonly login?: string }[] = [];
  readonly settings: FakeSettings = {
    access: "write",
    digests: true,
    immutable: false,
    administers: false,
    attestations: "kept",
    archived: false,
    lateTags: false,
    protectedTags: false,
    moved: false,
    categories: ["Announcements"],
    perMinute: Number.POSITIVE_INFINITY,
    perHour: Number.POSITIVE_INFINITY,
    retryAfter: true,
  };
  readonly tags = new Map<string, string>();
  /** Annotated tags: the tag object's hash to the commit. */
  readonly annotated = new Map<string, string>();
  /** What annotated tags say, by the tag object's hash. */
  readonly messages = new Map<string, string>();
  /** Names of deleted immutable releases. */
  readonly burned = new Set<string>();
  readonly attestations: unknown[] = [];
  releases: StoredRelease[] = [];
  readonly #clock: Clock;
  #before: StoredRelease[] = [];
  #created: number[] = [];
  #next = 1000;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.app = new FakeApp(this.taps, () => clock.now());
    this.server = new FakeServer(
      description,
      {
        unauthorized: { status: 401, json: { message: "Bad credentials" } },
        forbidden: { status: 403, json: { message: "Resource not accessible by integration" } },
        tooMany: {
          status: 429,
          headers: { "retry-after": "7" },
          json: { message: "Too many requests" },
        },
        rateLimited: () => {
          const reset = Math.ceil(clock.now() / 1000) + 30;
          return {
            status: 403,
            headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) },
            json: { message: "API rate limit exceeded for installation" },
          };
        },
      },
      this.#routes(),
    );
  }

  get origin(): string {
    return this.server.origin;
  }

  /** Another origin than the API's, as on github.com. */
  get uploads(): string {
    return this.origin.replace("127.0.0.1", "localhost");
  }

  published(tag: string): StoredRelease | undefined {
    return this.releases.find((release) => !release.draft && release.tag === tag);
  }

  /** What people find as the latest release: the one that was chosen, else the newest. */
  latest(): StoredRelease | undefined {
    const candidates = this.releases.filter(({ draft, prerelease }) => !draft && !prerelease);
    return candidates.find(({ latest }) => latest === "true") ?? candidates.at(-1);
  }

  /** A release that something else than our program made. */
  seed(release: Partial<StoredRelease> & { tag: string }): StoredRelease {
    const made: StoredRelease = { ...this.#blank(release.tag), ...release };
    this.releases.push(made);
    return made;
  }

  store(release: StoredRelease, name: string, content: string): void {
    release.assets.push(
      this.#asset(name, Buffer.from(content), "application/octet-stream", "uploaded"),
    );
  }

  #routes(): Route[] {
    const repo = `/repos/${this.repository}`;
    const route = guardedRoutes("", (call, needs) => this.#refuse(call, needs));
    return [
      ...this.app.routes(),
      ...this.taps.flatMap((tap) => tap.routes()),
      route("GET", `${repo}/compare/([^/]+)`, ({ url }) => ({
        status: 200,
        json: {
          ...{ status: "ahead", ahead_by: this.commits.length, behind_by: 0 },
          total_commits: this.commits.length,
          commits: this.#commitsOn(url),
        },
      })),
      route("GET", `${repo}/commits`, ({ url }) => ({ status: 200, json: this.#commitsOn(url) })),
      ...this.milestones.routes(
        repo,
        (call, needs) => this.#refuse(call, needs),
        () => this.origin,
      ),
      route("GET", repo, () => this.#facts()),
      route("GET", `${repo}/immutable-releases`, () => this.#immutability()),
      route("GET", "/repos/[^/]+/[^/]+", () => missing),
      route("GET", `${repo}/git/ref/tags(?:%2F|/)(.+)`, (call) => this.#ref(call.parts[0] ?? "")),
      route("GET", `${repo}/git/tags/(.+)`, (call) => this.#annotatedTag(call.parts[0] ?? "")),
      route("GET", `${repo}/releases`, (call) => this.#list(call)),
      route("POST", `${repo}/releases`, (call) => this.#create(call), "write"),
      route("POST", `${repo}/releases/generate-notes`, (call) => this.#notes(call), "write"),
      route("GET", `${repo}/releases/latest`, () => this.#show(this.latest())),
      route("GET", `${repo}/releases/tags/(.+)`, (call) =>
        this.#show(this.#asSeen(call).find(({ draft, tag }) => !draft && tag === call.parts[0])),
      ),
      route("GET", `${repo}/releases/assets/(\\d+)`, (call) => this.#download(call)),
      route("PATCH", `${repo}/releases/assets/(\\d+)`, (call) => this.#rename(call), "write"),
      route("DELETE", `${repo}/releases/assets/(\\d+)`, (call) => this.#removeAsset(call), "write"),
      route("GET", `${repo}/releases/(\\d+)`, (call) =>
        this.#show(this.#asSeen(call).find(({ id }) => id === Number(call.parts[0]))),
      ),
      route("PATCH", `${repo}/releases/(\\d+)`, (call) => this.#update(call), "write"),
      route("DELETE", `${repo}/releases/(\\d+)`, (call) => this.#remove(call), "write"),
      route("GET", `${repo}/releases/(\\d+)/assets`, (call) => this.#assets(call)),
      route("POST", `${repo}/releases/(\\d+)/assets`, (call) => this.#upload(call), "write"),
      route("GET", `${repo}/attestations/(.+)`, (call) => this.#attested(call)),
      route("POST", `${repo}/attestations`, (call) => this.#attest(call), "write"),
      route("POST", "/graphql", (call) => this.#byTag(call)),
      { method: "GET", pattern: /^\/repositories\/1$/, handle: () => this.#facts("octo/years") },
      { method: "GET", pattern: /^\/storage\/(\d+)$/, handle: (call) => this.#storage(call) },
      {
        method: "GET",
        pattern: new RegExp(`^/${this.repository}/releases/download/([^/]+)/(.+)$`),
        handle: (call) => this.#public(call),
      },
    ];
  }

  #refuse({ method, url, headers }: Call, needs: "read" | "write"): Answer | undefined {
    const token = (headers.authorization ?? "").replace(/^(token|bearer) /i, "");
    if (token !== this.token) return { status: 401, json: { message: "Bad credentials" } };
    if (this.settings.access === "none") return missing;
    if (this.settings.moved)
      return {
        status: method === "GET" ? 301 : 307,
        headers: { location: `${this.origin}/repositories/1${url.pathname.slice(16)}` },
        json: { message: "Moved Permanently" },
      };
    if (needs === "write" && this.settings.access === "read")
      return { status: 403, json: { message: "Resource not accessible by integration" } };
    if (needs === "write" && this.settings.access === "unscoped") return missing;
    if (method !== "POST") return undefined;
    const now = this.#clock.now();
    this.#created = this.#created.filter((at) => at > now - 3_600_000);
    const lastMinute = this.#created.filter((at) => at > now - 60_000).length;
    if (lastMinute >= this.settings.perMinute) return this.#secondary("60");
    if (this.#created.length >= this.settings.perHour) return this.#secondary("600");
    this.#created.push(now);
    return undefined;
  }

  #secondary(after: string): Answer {
    return {
      status: 403,
      headers: this.settings.retryAfter ? { "retry-after": after } : {},
      json: { message: "You have exceeded a secondary rate limit." },
    };
  }

  #facts(name = this.repository): Answer {
    return {
      status: 200,
      json: {
        id: 1,
        full_name: name,
        archived: this.settings.archived,
        html_url: `${this.origin}/${this.repository}`,
        visibility: "public",
      },
    };
  }

  #commitsOn(url: URL): readonly unknown[] {
    const size = Number(url.searchParams.get("per_page") ?? 30);
    const from = (Number(url.searchParams.get("page") ?? 1) - 1) * size;
    const base = `${this.origin}/repos/${this.repository}`;
    return this.commits
      .slice(from, from + size)
      .map(({ sha, login }) => commitShape(base, sha, login));
  }

  #immutability(): Answer {
    const { administers, immutable } = this.settings;
    if (!administers)
      return { status: 403, json: { message: "Resource not accessible by integration" } };
    if (!immutable) return missing;
    return { status: 200, json: { enabled: true, enforced_by_owner: false } };
  }

  #ref(tag: string): Answer {
    const sha = this.tags.get(tag);
    if (sha === undefined) return missing;
    const type = this.annotated.has(sha) ? "tag" : "commit";
    const url = `${this.origin}/repos/${this.repository}/git/${type}s/${sha}`;
    return {
      status: 200,
      json: { ref: `refs/tags/${tag}`, node_id: "REF", url, object: { type, sha, url } },
    };
  }

  #annotatedTag(sha: string): Answer {
    const commit = this.annotated.get(sha);
    if (commit === undefined) return missing;
    const url = `${this.origin}/repos/${this.repository}/git/commits/${commit}`;
    const tagger = { date: "2026-03-01T10:00:00Z", email: "octo@example.com", name: "octo" };
    return {
      status: 200,
      json: {
        node_id: "TAG",
        tag: "v",
        sha,
        url,
        message: this.messages.get(sha) ?? "",
        tagger,
        object: { type: this.annotated.has(commit) ? "tag" : "commit", sha: commit, url },
      },
    };
  }

  #list({ url, fault }: Call): Answer {
    const all = this.#asSeen({ fault });
    const seen = this.settings.access === "write" ? all : all.filter(({ draft }) => !draft);
    return this.#page(
      url,
      [...seen].reverse().map((release) => this.#shape(release)),
    );
  }

  /** What a server that lags behind knows. */
  #asSeen({ fault }: Pick<Call, "fault">): readonly StoredRelease[] {
    return fault === "stale" ? this.#before : this.releases;
  }

  #page(url: URL, all: readonly unknown[]): Answer {
    const size = Number(url.searchParams.get("per_page") ?? 30);
    const page = Number(url.searchParams.get("page") ?? 1);
    const next = new URL(url.pathname + url.search, this.origin);
    next.searchParams.set("page", String(page + 1));
    const more = all.length > page * size;
    return {
      status: 200,
      json: all.slice((page - 1) * size, page * size),
      ...(more ? { headers: { link: `<${next.href}>; rel="next"` } } : {}),
    };
  }

  #create(call: Call): Answer {
    const fields = JSON.parse(call.body.toString("utf8")) as Fields;
    const tag = fields.tag_name ?? "";
    if (fields.draft !== true && this.published(tag) !== undefined)
      return taken("Release", "tag_name");
    this.#remember();
    const release = this.#blank(tag);
    this.releases.push(release);
    this.#apply(release, fields);
    if (fields.draft !== true) this.#publish(release);
    else if (this.settings.lateTags) release.tag = untagged(release.id);
    return { status: 201, json: this.#shape(release) };
  }

  #update(call: Call): Answer {
    const release = this.#byId(call);
    if (release === undefined) return missing;
    const fields = JSON.parse(call.body.toString("utf8")) as Fields;
    const category = fields.discussion_category_name;
    if (category !== undefined && !this.settings.categories.includes(category)) return missing;
    const publishes = fields.draft === false && release.draft;
    const tag = fields.tag_name ?? release.tag;
    if (publishes && this.burned.has(tag))
      return failed({ field: "tag_name", message: "tag_name was used by an immutable release" });
    if (publishes && this.published(tag) !== undefined) return taken("Release", "tag_name");
    if (publishes && this.settings.protectedTags && !this.tags.has(tag)) return restricted;
    this.#remember();
    this.#apply(release, fields);
    if (publishes) this.#publish(release);
    return { status: 200, json: this.#shape(release) };
  }

  #apply(release: StoredRelease, fields: Fields): void {
    if ((fields.body ?? "").length > 125_000)
      this.server.violations.push("the body is longer than 125,000 characters");
    release.tag = fields.tag_name ?? release.tag;
    release.name = fields.name ?? release.name;
    release.body = fields.body ?? release.body;
    release.prerelease = fields.prerelease ?? release.prerelease;
    // Whoever is chosen stays the latest until another one is.
    if (fields.make_latest === "true") for (const other of this.releases) other.latest = "false";
    release.latest = fields.make_latest ?? release.latest;
    release.discussion = fields.discussion_category_name ?? release.discussion;
  }

  #publish(release: StoredRelease): void {
    if (!this.tags.has(release.tag))
      this.server.violations.push(`publishing made the tag ${release.tag}`);
    if (release.assets.some(({ state }) => state === "starter"))
      this.server.violations.push("published with a starter asset");
    if (release.latest === "legacy")
      this.server.violations.push(`GitHub had to guess whether ${release.tag} is the latest`);
    release.draft = false;
    release.immutable = this.settings.immutable;
    release.published = this.#time();
  }

  #remove(call: Call): Answer {
    const release = this.#byId(call);
    if (release === undefined) return missing;
    if (!release.draft) this.server.violations.push("a published release was deleted");
    this.#remember();
    this.releases = this.releases.filter(({ id }) => id !== release.id);
    return { status: 204 };
  }

  #assets(call: Call): Answer {
    const release = this.#asSeen(call).find(({ id }) => id === Number(call.parts[0]));
    if (release === undefined) return call.fault === "stale" ? this.#page(call.url, []) : missing;
    return this.#page(
      call.url,
      release.assets.map((asset) => this.#assetShape(release, asset)),
    );
  }

  #upload(call: Call): Answer {
    const release = this.#byId(call);
    const name = call.url.searchParams.get("name") ?? "";
    if (call.headers.host !== new URL(this.uploads).host)
      this.server.violations.push(`uploaded to ${call.headers.host}, not to the upload_url`);
    if (release === undefined || this.#asSeen(call).every(({ id }) => id !== release.id))
      return missing;
    if (
      call.headers["transfer-encoding"] !== undefined ||
      call.headers["content-length"] === undefined
    )
      return { status: 400 };
    if (release.immutable) return invalid("Cannot upload assets to an immutable release.");
    if (call.body.length === 0) return invalid("size must be greater than 0");
    if (!/^[A-Za-z0-9_+@-][A-Za-z0-9._+@-]*$/.test(name))
      this.server.violations.push(`GitHub would rename ${name}`);
    if (release.assets.some((asset) => asset.name === name)) return taken("ReleaseAsset", "name");
    if (release.assets.length >= 1000) return invalid("too many assets");
    this.#remember();
    const starter = call.fault === "starter";
    const type = call.headers["content-type"] ?? "";
    const stored = this.#asset(
      name,
      starter ? Buffer.alloc(0) : call.body,
      type,
      starter ? "starter" : "uploaded",
    );
    release.assets.push(stored);
    if (starter) return { status: 502, json: { message: "Server Error" } };
    return { status: 201, json: this.#assetShape(release, stored) };
  }

  #rename(call: Call): Answer {
    const [release, asset] = this.#find(call);
    if (release === undefined || asset === undefined) return missing;
    const { name } = JSON.parse(call.body.toString("utf8")) as { name: string };
    if (release.assets.some((one) => one.name === name && one.id !== asset.id))
      return taken("ReleaseAsset", "name");
    this.#remember();
    asset.name = name;
    return { status: 200, json: this.#assetShape(release, asset) };
  }

  #removeAsset(call: Call): Answer {
    const [release, asset] = this.#find(call);
    if (release === undefined || asset === undefined) return missing;
    if (release.immutable) return invalid("Cannot delete asset from an immutable release");
    this.#remember();
    release.assets.splice(release.assets.indexOf(asset), 1);
    return { status: 204 };
  }

  #download(call: Call): Answer {
    const [release, asset] = this.#find(call);
    if (release === undefined || asset === undefined) return missing;
    if (call.headers.accept !== "application/octet-stream")
      return { status: 200, json: this.#assetShape(release, asset) };
    return { status: 302, headers: { location: `${this.uploads}/storage/${asset.id}` } };
  }

  #storage(call: Call): Answer {
    if (call.headers.authorization !== undefined)
      this.server.violations.push("the token was sent to the storage");
    const asset = this.#find(call)[1];
    return asset === undefined
      ? missing
      : {
          status: 200,
          headers: { "content-type": "application/octet-stream" },
          body: asset.content,
        };
  }

  #public({ parts: [tag = "", name = ""] }: Call): Answer {
    const asset = this.published(tag)?.assets.find((one) => one.name === name);
    return asset === undefined
      ? missing
      : {
          status: 200,
          headers: { "content-type": "application/octet-stream" },
          body: asset.content,
        };
  }

  #notes(call: Call): Answer {
    const { tag_name, previous_tag_name } = JSON.parse(call.body.toString("utf8")) as Record<
      string,
      string
    >;
    return {
      status: 200,
      json: {
        name: tag_name ?? "",
        body: `## What's Changed\n\n**Full Changelog**: ${previous_tag_name ?? "…"}...${tag_name}\n`,
      },
    };
  }

  /** Of an immutable release GitHub keeps a statement of its own, about every file. */
  #attested({ url }: Call): Answer {
    if (this.settings.attestations === "absent") return missing;
    const own = this.releases.some(({ immutable }) => immutable) ? [releaseStatement] : [];
    const bundles =
      url.searchParams.get("predicate_type") === "provenance"
        ? this.attestations
        : [...this.attestations, ...own];
    return {
      status: 200,
      json: {
        attestations: bundles.map((bundle) => ({ bundle, repository_id: 1, bundle_url: "" })),
      },
    };
  }

  #attest(call: Call): Answer {
    if (this.settings.attestations === "absent") return missing;
    if (this.settings.attestations === "forbidden")
      return { status: 403, json: { message: "Resource not accessible by integration" } };
    if (this.settings.attestations === "unpaid")
      return {
        status: 403,
        json: { message: "Feature not available for user-owned private repositories." },
      };
    this.attestations.push((JSON.parse(call.body.toString("utf8")) as { bundle: unknown }).bundle);
    return { status: 201, json: { id: this.attestations.length } };
  }

  /** The one GraphQL query that `gh release` makes: a draft of a tag. */
  #byTag(call: Call): Answer {
    const { variables } = JSON.parse(call.body.toString("utf8")) as {
      variables: { tagName?: string };
    };
    const found = this.releases.find(({ tag }) => tag === variables.tagName);
    const release = found === undefined ? null : { databaseId: found.id, isDraft: found.draft };
    return { status: 200, json: { data: { repository: { release } } } };
  }

  #show(release: StoredRelease | undefined): Answer {
    return release === undefined ? missing : { status: 200, json: this.#shape(release) };
  }

  #byId({ parts }: Call): StoredRelease | undefined {
    return this.releases.find(({ id }) => id === Number(parts[0]));
  }

  #find({ parts }: Call): [StoredRelease | undefined, StoredAsset | undefined] {
    const release = this.releases.find(({ assets }) =>
      assets.some(({ id }) => id === Number(parts[0])),
    );
    return [release, release?.assets.find(({ id }) => id === Number(parts[0]))];
  }

  #blank(tag: string): StoredRelease {
    const created = this.#time();
    this.#next += 1;
    return {
      id: this.#next,
      tag,
      name: tag,
      body: "",
      draft: true,
      prerelease: false,
      latest: "legacy",
      immutable: false,
      discussion: undefined,
      created,
      published: null,
      assets: [],
    };
  }

  #asset(
    name: string,
    content: Buffer,
    contentType: string,
    state: StoredAsset["state"],
  ): StoredAsset {
    this.#next += 1;
    return {
      id: this.#next,
      name,
      state,
      contentType,
      content,
      sha256: sha256(content),
      created: this.#time(),
    };
  }

  #remember(): void {
    this.#before = snapshot(this.releases);
  }

  #time(): string {
    return new Date(this.#clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
  }

  #shape(release: StoredRelease) {
    return releaseShape(this.origin, this.uploads, this.repository, release, this.settings.digests);
  }

  #assetShape(release: StoredRelease, asset: StoredAsset) {
    return assetShape(this.origin, this.repository, release, asset, this.settings.digests);
  }
}

interface Fields {
  readonly tag_name?: string;
  readonly name?: string;
  readonly body?: string;
  readonly draft?: boolean;
  readonly prerelease?: boolean;
  readonly make_latest?: string;
  readonly discussion_category_name?: string;
}

const missing: Answer = {
  status: 404,
  json: { message: "Not Found", documentation_url: "https://docs.github.com/rest" },
};

const releaseStatement = { dsseEnvelope: { signatures: [{ sig: "of GitHub" }] } };

function taken(resource: string, field: string): Answer {
  return {
    status: 422,
    json: {
      message: "Validation Failed",
      documentation_url: "",
      errors: [{ resource, code: "already_exists", field }],
    },
  };
}

/** Rules of a release's own that were broken, in GitHub's words. */
function failed(
  ...faults: readonly { readonly field?: string; readonly message: string }[]
): Answer {
  return {
    status: 422,
    json: {
      message: "Validation Failed",
      documentation_url: "",
      errors: faults.map((fault) => ({ resource: "Release", code: "custom", ...fault })),
    },
  };
}

/** As GitHub answers when publishing would make a tag that a ruleset forbids. */
const restricted = failed(
  {
    field: "pre_receive",
    message:
      "pre_receive Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n",
  },
  { message: "Published releases must have a valid tag" },
);

function invalid(message: string): Answer {
  return {
    status: 422,
    json: { message, documentation_url: "" },
  };
}
