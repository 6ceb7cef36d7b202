import { describe, expect, it } from "vitest";
import { Description } from "./description.ts";
import github from "./github/api.openapi.json" with { type: "json" };

describe("an API's description", () => {
  const api = new Description(github);
  const releases = new URL("http://127.0.0.1/repos/o/r/releases");

  it("finds fault with a request", () => {
    const body = Buffer.from('{"tag_name":1}');
    expect(api.request("POST", releases, "application/json", body)).toEqual([
      "repos/create-release: body: /tag_name must be string",
    ]);
  });

  it("finds fault with an answer", () => {
    expect(api.response("POST", releases, 201, { id: "one" }).join()).toContain(
      "must have required property",
    );
    expect(api.response("POST", releases, 202, {})).toHaveLength(1);
  });

  it("does not know operations beyond it", () => {
    expect(
      api.request("GET", new URL("http://127.0.0.1/user"), "", Buffer.alloc(0)),
    ).toBeUndefined();
  });
});
