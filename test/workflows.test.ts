import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "..");
const read = (path: string) => parse(readFileSync(join(root, path), "utf8"));

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job extends Step {
  readonly steps?: readonly Step[];
}

const workflows = [".github/workflows", "examples/workflows"].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
);
const action = read("action.yml");
const reusable = read(".github/workflows/release.yml");
const uses = (path: string): Step[] =>
  Object.values(read(path).jobs as Record<string, Job>).flatMap((job) => [
    job,
    ...(job.steps ?? []),
  ]);

/** What an action or workflow of ours accepts; undefined for others'. */
function accepted(name: string | undefined): readonly string[] | undefined {
  if (name === "./" || name?.startsWith("org/go-release-action@") === true)
    return Object.keys(action.inputs);
  if (name?.startsWith("org/go-release-action/") === true)
    return Object.keys(reusable.on.workflow_call.inputs);
  return undefined;
}

describe.each(workflows)("%s", (path) => {
  it("gives only inputs that exist", () => {
    for (const step of uses(path)) {
      const known = accepted(step.uses);
      if (known !== undefined)
        expect(known).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
    }
  });

  it("reads only outputs that exist", () => {
    const ours = uses(path).filter(
      ({ uses: name }) => name === "./" || name?.startsWith("org/go-release-action@") === true,
    );
    for (const { id } of ours.filter((step) => step.id !== undefined)) {
      const text = readFileSync(join(root, path), "utf8");
      const named = [...text.matchAll(new RegExp(`steps\\.${id}\\.outputs\\.([a-z-]+)`, "g"))].map(
        ([, name]) => name,
      );
      expect(Object.keys(action.outputs)).toEqual(expect.arrayContaining(named));
    }
  });

  it("pins what is not ours by commit", () => {
    for (const { uses: name } of uses(path))
      if (name !== undefined && accepted(name) === undefined)
        expect(name).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });
});
