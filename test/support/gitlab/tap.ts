import { createHash } from "node:crypto";
import { type Answer, type Call, FakeServer, type Route } from "../fake-server.ts";
import { description } from "./description.ts";

interface Revision {
  readonly id: string;
  readonly files: ReadonlyMap<string, string>;
  /** The commit that last changed each file. */
  readonly changed: ReadonlyMap<string, string>;
  readonly message: string;
  readonly parent: string | undefined;
}

interface Action {
  readonly action: "create" | "update";
  readonly file_path: string;
  readonly content: string;
  readonly last_commit_id?: string;
}

interface CommitRequest {
  readonly branch: string;
  readonly start_sha?: string;
  readonly commit_message: string;
  readonly actions: readonly Action[];
}

const refused = (status: number, message: string): Answer => ({ status, json: { message } });

/** A project with formulae on GitLab: branches, files, commits and merge requests, as docs.gitlab.com/api has them. */
export class FakeGitLabTap {
  readonly project: string;
  readonly token = "glpat-tap-token-of-a-test";
  readonly server: FakeServer;
  readonly settings = { level: 30, protected: false, archived: false };
  readonly branches = new Map<string, string>();
  readonly requests: { branch: string; state: string }[] = [];
  readonly #revisions = new Map<string, Revision>();

  constructor(project = "octo/homebrew-tap") {
    this.project = project;
    const refusals = {
      unauthorized: refused(401, "401 Unauthorized"),
      forbidden: refused(403, "403 Forbidden"),
      tooMany: { ...refused(429, "Retry later"), headers: { "retry-after": "7" } },
      rateLimited: { ...refused(429, "Retry later"), headers: { "retry-after": "30" } },
    };
    this.server = new FakeServer(description(), refusals, [...this.routes(), elsewhere]);
    this.seed({ "README.md": "taps\n" });
  }

  get apiUrl(): string {
    return `${this.server.origin}/api/v4`;
  }

  seed(files: Readonly<Record<string, string>>): void {
    this.#add("main", this.branches.get("main"), new Map(Object.entries(files)), "by hand");
  }

  files(branch = "main"): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#revisions.get(this.branches.get(branch) ?? "")?.files ?? []);
  }

  /** The messages of a branch's commits, the newest first. */
  messages(branch = "main"): readonly string[] {
    const all: string[] = [];
    for (let id = this.branches.get(branch); id !== undefined; ) {
      const revision: Revision | undefined = this.#revisions.get(id);
      all.push(revision?.message ?? "");
      id = revision?.parent;
    }
    return all;
  }

  /** For a server that has other projects too. */
  routes(): Route[] {
    const route = (method: string, path: string, handle: (call: Call) => Answer): Route => ({
      method,
      pattern: new RegExp(`^/api/v4/projects/${encodeURIComponent(this.project)}${path}$`),
      handle: (call) =>
        call.headers["private-token"] === this.token
          ? handle(call)
          : refused(401, "401 Unauthorized"),
    });
    return [
      route("GET", "", () => this.#facts()),
      route("GET", "/repository/branches/([^/]+)", ({ parts }) => this.#branch(parts[0] ?? "")),
      route("GET", "/repository/tree", (call) => this.#tree(call)),
      route("GET", "/repository/files/([^/]+)", (call) => this.#file(call)),
      route("POST", "/repository/commits", (call) => this.#commit(call)),
      route("GET", "/merge_requests", (call) => this.#list(call)),
      route("POST", "/merge_requests", (call) => this.#propose(call)),
    ];
  }

  #facts(): Answer {
    const { level, archived } = this.settings;
    const json = {
      id: 7,
      default_branch: this.branches.has("main") ? "main" : null,
      archived,
      permissions: { project_access: { access_level: level }, group_access: null },
    };
    return { status: 200, json };
  }

  #branch(name: string): Answer {
    const id = this.branches.get(name);
    if (id === undefined) return refused(404, "404 Branch Not Found");
    const { protected: guarded } = this.settings;
    return { status: 200, json: { name, commit: { id }, protected: guarded, can_push: !guarded } };
  }

  #tree({ url }: Call): Answer {
    const { files } = this.#revisions.get(url.searchParams.get("ref") ?? "") ?? {};
    if (files === undefined) return refused(404, "404 Tree Not Found");
    const names = new Set([...files.keys()].map((path) => path.split("/")[0] ?? ""));
    return { status: 200, json: [...names].map((name) => ({ name, path: name })) };
  }

  #file({ url, parts: [path = ""] }: Call): Answer {
    const revision = this.#revisions.get(url.searchParams.get("ref") ?? "");
    const text = revision?.files.get(path);
    if (text === undefined) return refused(404, "404 File Not Found");
    const content = Buffer.from(text).toString("base64");
    const last = revision?.changed.get(path);
    return {
      status: 200,
      json: { file_path: path, encoding: "base64", content, last_commit_id: last },
    };
  }

  #commit({ body }: Call): Answer {
    const wanted = JSON.parse(body.toString("utf8")) as CommitRequest;
    const { branch, start_sha: start, commit_message: message, actions } = wanted;
    if (branch === "main" && this.settings.protected)
      return refused(403, "You are not allowed to push into this branch");
    if (start !== undefined && this.branches.has(branch))
      return refused(400, `A branch called '${branch}' already exists.`);
    const parent = start ?? this.branches.get(branch);
    const before = this.#revisions.get(parent ?? "");
    for (const { action, file_path: path, last_commit_id: last } of actions) {
      const there = before?.files.has(path) === true;
      if (action === "create" && there) return refused(400, "A file with this name already exists");
      if (action === "update" && last !== before?.changed.get(path))
        return refused(400, "You are attempting to update a file that has changed since");
    }
    const files = new Map(actions.map((one) => [one.file_path, one.content]));
    const id = this.#add(branch, parent, files, message);
    return { status: 201, json: { id, web_url: `https://gitlab.example/commit/${id}` } };
  }

  #list({ url }: Call): Answer {
    const branch = url.searchParams.get("source_branch");
    const found = this.requests.filter((one) => one.branch === branch).reverse();
    return { status: 200, json: found.map((one) => this.#shape(one)) };
  }

  #propose({ body }: Call): Answer {
    const { source_branch: branch } = JSON.parse(body.toString("utf8")) as Record<string, string>;
    if (this.requests.some((one) => one.branch === branch && one.state === "opened"))
      return refused(409, "Another open merge request already exists for this source branch: !1");
    const made = { branch: branch ?? "", state: "opened" };
    this.requests.push(made);
    return { status: 201, json: this.#shape(made) };
  }

  #shape(request: { branch: string; state: string }) {
    const number = this.requests.indexOf(request) + 1;
    const url = `https://gitlab.example/-/merge_requests/${number}`;
    return { iid: number, state: request.state, web_url: url };
  }

  #add(
    branch: string,
    parent: string | undefined,
    files: ReadonlyMap<string, string>,
    message: string,
  ): string {
    const before = this.#revisions.get(parent ?? "");
    const id = createHash("sha1")
      .update(JSON.stringify([parent, [...files], this.#revisions.size]))
      .digest("hex");
    const changed = [...files.keys()].map((path) => [path, id] as const);
    this.#revisions.set(id, {
      id,
      files: new Map([...(before?.files ?? []), ...files]),
      changed: new Map([...(before?.changed ?? []), ...changed]),
      message,
      parent,
    });
    this.branches.set(branch, id);
    return id;
  }
}

const elsewhere: Route = {
  method: "GET",
  pattern: /^\/api\/v4\/projects\//u,
  handle: () => refused(404, "404 Project Not Found"),
};
