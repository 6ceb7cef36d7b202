import { type Answer, type Call, guardedRoutes, type Route } from "../fake-server.ts";
import { user } from "./shapes.ts";

interface StoredMilestone {
  readonly number: number;
  readonly title: string;
  state: "open" | "closed";
}

/** The milestones of a repository, which take another right than its releases. */
export class FakeMilestones {
  readonly all: StoredMilestone[] = [];
  /** Whether the token may write issues. */
  writable = true;

  add(title: string, state: StoredMilestone["state"] = "open"): StoredMilestone {
    const made = { number: this.all.length + 1, title, state };
    this.all.push(made);
    return made;
  }

  routes(root: string, refuse: Parameters<typeof guardedRoutes>[1], origin: () => string): Route[] {
    const route = guardedRoutes(root, refuse);
    return [
      route("GET", "/milestones", ({ url }) => {
        const wanted = url.searchParams.get("state") ?? "open";
        const seen = this.all.filter(({ state }) => wanted === "all" || state === wanted);
        return { status: 200, json: seen.map((one) => this.#shape(one, `${origin()}${root}`)) };
      }),
      route("PATCH", "/milestones/(\\d+)", (call) => this.#update(call, `${origin()}${root}`)),
    ];
  }

  #update({ parts: [number], body }: Call, base: string): Answer {
    if (!this.writable)
      return { status: 403, json: { message: "Resource not accessible by integration" } };
    const found = this.all.find((one) => one.number === Number(number));
    if (found === undefined) return { status: 404, json: { message: "Not Found" } };
    const { state } = JSON.parse(body.toString("utf8")) as { state?: StoredMilestone["state"] };
    found.state = state ?? found.state;
    return { status: 200, json: this.#shape(found, base) };
  }

  #shape({ number, title, state }: StoredMilestone, base: string): unknown {
    const url = `${base}/milestones/${number}`;
    const at = "2026-03-01T10:00:00Z";
    return {
      ...{ url, html_url: url, labels_url: `${url}/labels`, id: number, node_id: "MILESTONE" },
      ...{ number, state, title, description: null, creator: user(base) },
      ...{ open_issues: 0, closed_issues: 0, created_at: at, updated_at: at, due_on: null },
      closed_at: state === "closed" ? at : null,
    };
  }
}
