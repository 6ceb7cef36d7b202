import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { satisfies } from "semver";
import { beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../scripts/bundle.mjs";

const require = createRequire(import.meta.url);

/** Short cuts of scripts/bundle.mjs that an upgrade of a dependency may move away under. */
describe("the bundle's short cuts into packages", () => {
  type Inputs = Awaited<ReturnType<typeof bundle>>["metafile"]["inputs"];
  let inputs: Inputs = {};
  beforeAll(async () => {
    ({ inputs } = (await bundle()).metafile);
  });

  /** Who loads a file, and under which name it was asked for. */
  function importersOf(path: string): readonly string[] {
    return Object.entries(inputs)
      .filter(([, { imports }]) => imports.some((one) => one.path === path))
      .map(([importer]) => importer)
      .sort();
  }

  it("undici: the shim has what undici's own index exports, made into the same prototypes", () => {
    const [shim, whole] = [require("../scripts/undici.cjs"), require("undici")];
    expect(Object.keys(shim).sort()).toEqual(["Agent", "ProxyAgent"]);
    for (const name of Object.keys(shim)) expect(shim[name]).toBe(whole[name]);
    const methods = Object.keys(require("../node_modules/undici/lib/api"));
    expect(methods).toContain("request");
    for (const method of methods) expect(new shim.Agent()[method]).toBeTypeOf("function");
  });

  it("undici: whoever uses the shim uses nothing that it lacks, where we call it", () => {
    const users = importersOf("scripts/undici.cjs");
    const used = users.map((path) => [path, usedOfUndici(readFileSync(path, "utf8"))]);
    expect(Object.fromEntries(used)).toEqual({
      "node_modules/@actions/http-client/lib/index.js": ["ProxyAgent"],
      "node_modules/@actions/github/node_modules/@actions/http-client/lib/index.js": ["ProxyAgent"],
      // Octokit's own way to the network, which `octokitOver` replaces by `World.http`.
      "node_modules/@actions/github/lib/internal/utils.js": ["fetch"],
      "src/world/node/http.ts": ["Agent", "ProxyAgent"],
    });
  });

  it("make-fetch-happen: nobody asks for it but those of @sigstore/sign whom we never call", () => {
    expect(importersOf("scripts/empty.cjs")).toEqual([
      "node_modules/@sigstore/sign/dist/external/fetch.js",
      "node_modules/@sigstore/sign/dist/identity/ci.js",
    ]);
  });

  it("@sigstore/core: one copy, of the version that verifying asks for", () => {
    const copies = Object.keys(inputs).filter((path) =>
      path.endsWith("@sigstore/core/dist/index.js"),
    );
    expect(copies).toEqual(["node_modules/@sigstore/core/dist/index.js"]);
    const { version } = manifestOf("@sigstore/core");
    expect(
      satisfies(version, manifestOf("@sigstore/verify").dependencies["@sigstore/core"] ?? ""),
    ).toBe(true);
  });
});

/** `{ Agent } = await import("undici")` and `import { ProxyAgent } from "undici"`, types left out; `undici_1.ProxyAgent`. */
function usedOfUndici(text: string): readonly string[] {
  const patterns = [
    /const \{([^{}]*)\} = await import\("undici"\)/gu,
    /import \{([^{}]*)\} from ["']undici["']/gu,
  ];
  const lists = patterns.flatMap((pattern) => [...text.matchAll(pattern)]);
  const names = [...lists, ...text.matchAll(/\bundici_1\.(\w+)/gu)].flatMap(([, list = ""]) =>
    list.split(",").map((name) => name.trim()),
  );
  return [...new Set(names)].sort();
}

function manifestOf(name: string): {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
} {
  return JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
}
