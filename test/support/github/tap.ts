import { createHash } from "node:crypto";
import { type Answer, type Call, guardedRoutes, type Route } from "../fake-server.ts";

type Tree = ReadonlyMap<string, string>;

interface StoredCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
}

interface StoredPull {
  readonly number: number;
  readonly title: string;
  readonly head: string;
  readonly base: string;
  state: "open" | "closed";
  merged: boolean;
}

const missing: Answer = { status: 404, json: { message: "Not Found" } };
const invalid = (message: string): Answer => ({
  status: 422,
  json: { message, documentation_url: "https://docs.github.com/rest" },
});

/** A repository of formulae or manifests on GitHub: contents, git's objects, branches and pull requests. */
export class FakeTap {
  readonly repository: string;
  readonly token = "ghp_tap_token_for_tests";
  readonly settings = {
    access: "write" as "write" | "read" | "unscoped",
    archived: false,
    /** Whether commits reach the main branch through pull requests alone. */
    protected: false,
  };
  readonly refs = new Map<string, string>();
  readonly commits = new Map<string, StoredCommit>();
  readonly pulls: StoredPull[] = [];
  readonly #trees = new Map<string, Tree>();
  /** Those that it takes. */
  readonly tokens: Set<string>;

  constructor(repository: string, ...tokens: readonly string[]) {
    this.repository = repository;
    this.tokens = new Set([this.token, ...tokens]);
    this.seed({ "README.md": "taps\n" });
  }

  /** A commit of a person's on the main branch. */
  seed(files: Readonly<Record<string, string>>, branch = "main"): string {
    const parent = this.refs.get(branch);
    const tree = new Map([...this.#treeOf(parent), ...Object.entries(files)]);
    const sha = this.#commit(this.#store(tree), parent === undefined ? [] : [parent], "by hand");
    this.refs.set(branch, sha);
    return sha;
  }

  /** No commit at all. */
  empty(): void {
    this.refs.clear();
  }

  files(branch = "main"): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#treeOf(this.refs.get(branch)));
  }

  /** The messages of a branch's commits, the newest first. */
  messages(branch = "main"): readonly string[] {
    const all: string[] = [];
    for (let sha = this.refs.get(branch); sha !== undefined; ) {
      const commit: StoredCommit | undefined = this.commits.get(sha);
      all.push(commit?.message ?? "");
      sha = commit?.parents[0];
    }
    return all;
  }

  routes(): Route[] {
    const repo = `/repos/${this.repository}`;
    const route = guardedRoutes(repo, (call, needs) => this.#refuse(call, needs));
    return [
      route("GET", "", () => this.#facts()),
      route("POST", "/releases/generate-notes", () => notes, "write"),
      route("GET", "/branches/(.+)", ({ parts }) => this.#branch(parts[0] ?? "")),
      route("GET", "/contents(?:/(.*))?", (call) => this.#contents(call)),
      route("GET", "/git/commits/(.+)", ({ parts }) => this.#shown(parts[0] ?? "", 200)),
      route("POST", "/git/trees", (call) => this.#makeTree(call), "write"),
      route("POST", "/git/commits", (call) => this.#makeCommit(call), "write"),
      route("POST", "/git/refs", (call) => this.#makeRef(call), "write"),
      route("PATCH", "/git/refs/heads(?:%2F|/)(.+)", (call) => this.#moveRef(call), "write"),
      route("GET", "/pulls", (call) => this.#listPulls(call)),
      route("POST", "/pulls", (call) => this.#makePull(call), "write"),
    ];
  }

  #refuse({ headers }: Call, needs: "read" | "write"): Answer | undefined {
    const token = (headers.authorization ?? "").replace(/^(token|bearer) /i, "");
    if (!this.tokens.has(token)) return { status: 401, json: { message: "Bad credentials" } };
    if (needs === "read" || this.settings.access === "write") return undefined;
    return this.settings.access === "unscoped"
      ? missing
      : { status: 403, json: { message: "Resource not accessible by personal access token" } };
  }

  #facts(): Answer {
    const { archived } = this.settings;
    return {
      status: 200,
      json: { id: 2, full_name: this.repository, default_branch: "main", archived },
    };
  }

  #branch(name: string): Answer {
    const sha = this.refs.get(name);
    if (sha === undefined) return { status: 404, json: { message: "Branch not found" } };
    const url = `https://example.com/${this.repository}/commit/${sha}`;
    const json = {
      name,
      commit: { sha, node_id: "C", url, html_url: url, comments_url: url },
      _links: { html: url, self: url },
      protected: this.settings.protected && name === "main",
      protection: {},
      protection_url: url,
    };
    return { status: 200, json };
  }

  #contents({ parts: [path = ""], url }: Call): Answer {
    const tree = this.#treeOf(url.searchParams.get("ref") ?? this.refs.get("main"));
    const text = tree.get(path);
    if (text !== undefined)
      return {
        status: 200,
        json: {
          ...entry(path, "file"),
          size: Buffer.byteLength(text),
          encoding: "base64",
          content: Buffer.from(text).toString("base64"),
        },
      };
    const within = path === "" ? "" : `${path}/`;
    const below = [...tree.keys()].filter((one) => one.startsWith(within));
    if (below.length === 0) return missing;
    const names = new Set(below.map((one) => one.slice(within.length).split("/")[0] ?? ""));
    return {
      status: 200,
      json: [...names].map((name) =>
        entry(`${within}${name}`, tree.has(`${within}${name}`) ? "file" : "dir"),
      ),
    };
  }

  #makeTree({ body }: Call): Answer {
    const { base_tree: base, tree } = JSON.parse(body.toString("utf8")) as {
      base_tree: string;
      tree: readonly { path: string; content: string }[];
    };
    const before = this.#trees.get(base);
    if (before === undefined) return invalid("base_tree is not a valid tree oid");
    const after = new Map([...before, ...tree.map((one) => [one.path, one.content] as const)]);
    const url = "https://example.com/tree";
    return { status: 201, json: { sha: this.#store(after), url, truncated: false, tree: [] } };
  }

  #makeCommit({ body }: Call): Answer {
    const { message, tree, parents } = JSON.parse(body.toString("utf8")) as StoredCommit;
    if (!this.#trees.has(tree)) return invalid("Tree SHA does not exist");
    return this.#shown(this.#commit(tree, parents, message), 201);
  }

  #makeRef({ body }: Call): Answer {
    const { ref, sha } = JSON.parse(body.toString("utf8")) as { ref: string; sha: string };
    const name = ref.replace("refs/heads/", "");
    if (this.refs.has(name)) return invalid("Reference already exists");
    if (!this.commits.has(sha)) return invalid("Object does not exist");
    this.refs.set(name, sha);
    return this.#ref(name, 201);
  }

  #moveRef({ body, parts: [name = ""] }: Call): Answer {
    const { sha } = JSON.parse(body.toString("utf8")) as { sha: string };
    if (this.settings.protected && name === "main")
      return invalid(
        "Repository rule violations found\n\nChanges must be made through a pull request.",
      );
    if (!this.#descends(sha, this.refs.get(name))) return invalid("Update is not a fast forward");
    this.refs.set(name, sha);
    return this.#ref(name, 200);
  }

  #ref(name: string, status: number): Answer {
    const sha = this.refs.get(name) ?? "";
    const url = `https://example.com/commits/${sha}`;
    const json = {
      ref: `refs/heads/${name}`,
      node_id: "R",
      url,
      object: { type: "commit", sha, url },
    };
    return { status, json };
  }

  #listPulls({ url }: Call): Answer {
    const head = url.searchParams.get("head")?.replace("octo:", "");
    const found = this.pulls.filter((pull) => pull.head === head).reverse();
    return { status: 200, json: found.map(shapeOf) };
  }

  #makePull({ body }: Call): Answer {
    const { title, head, base } = JSON.parse(body.toString("utf8")) as StoredPull;
    if (!this.refs.has(head)) return invalid("Validation Failed");
    if (this.pulls.some((pull) => pull.head === head && pull.state === "open"))
      return invalid(`A pull request already exists for octo:${head}.`);
    const number = this.pulls.length + 1;
    const pull: StoredPull = { number, title, head, base, state: "open", merged: false };
    this.pulls.push(pull);
    return { status: 201, json: { ...shapeOf(pull), ...counts } };
  }

  #shown(sha: string, status: number): Answer {
    const commit = this.commits.get(sha);
    if (commit === undefined) return missing;
    const url = `https://example.com/${this.repository}/commit/${sha}`;
    const person = { name: "octo", email: "octo@example.com", date: "2026-03-01T10:00:00Z" };
    const json = {
      sha,
      node_id: "C",
      url,
      html_url: url,
      author: person,
      committer: person,
      message: commit.message,
      tree: { sha: commit.tree, url },
      parents: [],
      verification: {
        verified: true,
        reason: "valid",
        signature: null,
        payload: null,
        verified_at: null,
      },
    };
    return { status, json };
  }

  #descends(sha: string, from: string | undefined): boolean {
    if (from === undefined || sha === from) return true;
    return this.commits.get(sha)?.parents.some((one) => this.#descends(one, from)) ?? false;
  }

  #treeOf(commit: string | undefined): Tree {
    return this.#trees.get(this.commits.get(commit ?? "")?.tree ?? "") ?? new Map();
  }

  #store(tree: Tree): string {
    const sha = sha1(JSON.stringify([...tree].sort()));
    this.#trees.set(sha, tree);
    return sha;
  }

  #commit(tree: string, parents: readonly string[], message: string): string {
    const sha = sha1(JSON.stringify([tree, parents, message, this.commits.size]));
    this.commits.set(sha, { sha, tree, parents, message });
    return sha;
  }
}

const notes: Answer = { status: 200, json: { name: "", body: "" } };

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

function entry(path: string, type: "file" | "dir") {
  const url = `https://example.com/${path}`;
  return {
    type,
    size: 0,
    name: path.split("/").at(-1),
    path,
    sha: sha1(path),
    url,
    git_url: url,
    html_url: url,
    download_url: url,
    _links: { git: url, html: url, self: url },
  };
}

const counts = {
  additions: 1,
  changed_files: 1,
  comments: 0,
  commits: 1,
  deletions: 0,
  mergeable: null,
  mergeable_state: "unknown",
  merged: false,
  maintainer_can_modify: false,
  review_comments: 0,
};

function shapeOf({ number, title, state, merged }: StoredPull) {
  const url = `https://example.com/pull/${number}`;
  const at = "2026-03-01T10:00:00Z";
  return {
    id: number,
    node_id: "P",
    number,
    title,
    state,
    url,
    html_url: url,
    body: null,
    locked: false,
    created_at: at,
    updated_at: at,
    closed_at: state === "closed" ? at : null,
    merged_at: merged ? at : null,
    merge_commit_sha: null,
    author_association: "MEMBER",
    comments_url: url,
    commits_url: url,
    diff_url: url,
    issue_url: url,
    patch_url: url,
    review_comment_url: url,
    review_comments_url: url,
    statuses_url: url,
  };
}
