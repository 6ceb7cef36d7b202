import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { temporaryFolder } from "../support/repository.ts";
import { describeWith } from "../support/tools.ts";

const root = join(import.meta.dirname, "../..");
function text(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

interface Step {
  readonly if?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job extends Step {
  readonly steps?: readonly Step[];
}
interface Workflow {
  readonly name: string;
  readonly text: string;
}

const files = [".github/workflows", "examples/workflows"].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
);

/** What a page shows as a workflow to copy. */
const shown = ["README.md", "CONTRIBUTING.md", "RELEASING.md", ...pages("docs")].flatMap((page) =>
  [...text(page).matchAll(/^```ya?ml\n([^]*?)^```$/gmu)]
    .map(([, block = ""], at): Workflow => ({ name: `${page}-${at + 1}.yml`, text: block }))
    .filter((block) => parse(block.text).jobs !== undefined),
);

const workflows: readonly Workflow[] = [
  ...files.map((path) => ({ name: path, text: text(path) })),
  ...shown,
];

const action = parse(text("action.yml"));
const reusable = parse(text(".github/workflows/release.yml"));

function pages(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name}`);
}

function uses(workflow: Workflow): Step[] {
  return Object.values(parse(workflow.text).jobs as Record<string, Job>).flatMap((job) => [
    job,
    ...(job.steps ?? []),
  ]);
}

function isOurs({ uses: name }: Step): boolean {
  return (
    ["./", "./action", "$/node24"].includes(name ?? "") ||
    /^org\/go-release-action(\/node24)?@/u.test(name ?? "")
  );
}

/** What an action or workflow of ours accepts; undefined for others'. */
function accepted(step: Step): readonly string[] | undefined {
  if (isOurs(step)) return Object.keys(action.inputs);
  if (step.uses?.startsWith("org/go-release-action/") === true)
    return Object.keys(reusable.on.workflow_call.inputs);
  return undefined;
}

it("the README shows a workflow", () => {
  expect(shown.map(({ name }) => name)).toContain("README.md-1.yml");
});

describe.each(workflows)("$name", (workflow) => {
  it("gives only inputs that exist", () => {
    for (const step of uses(workflow)) {
      const known = accepted(step);
      if (known !== undefined)
        expect(known).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
    }
  });

  it("reads only outputs that exist", () => {
    for (const { id } of uses(workflow).filter((step) => isOurs(step) && step.id !== undefined)) {
      const named = [
        ...workflow.text.matchAll(new RegExp(`steps\\.${id}\\.outputs\\.([a-z-]+)`, "g")),
      ].map(([, name]) => name);
      expect(Object.keys(action.outputs)).toEqual(expect.arrayContaining(named));
    }
  });

  it("pins what is not ours by commit", () => {
    for (const step of uses(workflow))
      if (step.uses !== undefined && accepted(step) === undefined)
        expect(step.uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });
});

describe("the reusable workflow", () => {
  const called = (name: string) => parse(text(`.github/workflows/${name}`));

  it("runs the action of the commit that it is called at, and no other code of ours", () => {
    const ours = uses({ name: "", text: text(".github/workflows/release.yml") }).filter(
      (step) => step.uses !== undefined && !step.uses.startsWith("actions/"),
    );
    expect(ours.map((step) => step.uses)).toEqual(["$/node24", "$/node24", "$/node24"]);
  });

  it("is the same where the action has to be checked out, at its own commit", () => {
    const { jobs, on } = called("release-checkout.yml");
    expect(on).toEqual(called("release.yml").on);
    for (const job of Object.values(jobs as Record<string, { steps: Step[] }>)) {
      const [known, fetched, ...steps] = job.steps;
      expect(known).toMatchObject({ if: "${{ !job.workflow_sha }}" });
      expect(fetched?.with).toEqual({
        repository: "${{ job.workflow_repository }}",
        ref: "${{ job.workflow_sha }}",
        path: "action",
        "persist-credentials": false,
      });
      job.steps = steps.map((step) => {
        const { path, ...others } = step.with ?? {};
        return path === "project" ? { ...step, with: others } : step;
      });
    }
    const plain = JSON.stringify(jobs)
      .replaceAll("project/${{", "${{")
      .replaceAll('"./action"', '"$/node24"');
    expect(JSON.parse(plain)).toEqual(called("release.yml").jobs);
  });

  it("has an output for each shard that it can build", () => {
    const { jobs, on } = called("release.yml");
    const most = /at most (\d+)$/u.exec(on.workflow_call.inputs.shards.description)?.[1];
    const names = Array.from({ length: Number(most) }, (_, at) => `shard-${at + 1}`);
    expect(Object.keys(jobs.build.outputs)).toEqual(names);
  });
});

/** Jobs of a matrix share their outputs: an expression must be empty for every shard but its own. */
it.each(["examples/workflows/sharded.yml", ".github/workflows/release.yml"])(
  "the shards of %s report each its own digest",
  (path) => {
    const { build, publish } = parse(text(path)).jobs;
    for (const [name, expression] of Object.entries(build.outputs)) {
      const index = /^shard-(\d+)$/u.exec(name)?.[1];
      expect(expression).toBe(
        `\${{ matrix.index == ${index} && steps.build.outputs.shard-digest || '' }}`,
      );
    }
    const last = publish.steps.at(-1).with;
    expect(last["shard-digests"]).toBe("${{ toJSON(needs.build.outputs) }}");
    for (const job of [build, publish])
      expect(JSON.stringify(job.steps)).toContain("${{ needs.plan.outputs.plan-digest }}");
  },
);

describeWith("actionlint", "zizmor")("our workflows, judged by others", () => {
  /** Every workflow and action by its path. */
  const everything = (): readonly string[] => [
    ...files,
    ...shownFiles(),
    "action.yml",
    "node24/action.yml",
  ];
  const shownFiles = (): readonly string[] => {
    const folder = join(temporaryFolder(), ".github/workflows");
    mkdirSync(folder, { recursive: true });
    return shown.map(({ name, text: block }) => {
      const path = join(folder, name.replaceAll("/", "-"));
      writeFileSync(path, block);
      return path;
    });
  };
  const judge = (program: string, ...args: readonly string[]): string => {
    const { stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
    return stdout + stderr;
  };

  it("actionlint finds no fault", () => {
    expect(judge("actionlint", ...files, ...shownFiles())).toBe("");
  });

  it("zizmor finds no weakness", () => {
    const settings = ["--offline", "--no-progress", "--config", ".github/zizmor.yml"];
    expect(judge("zizmor", ...settings, ...everything())).toContain("No findings to report");
  });

  it("actionlint and zizmor would find a planted fault", () => {
    const folder = join(temporaryFolder(), ".github/workflows");
    mkdirSync(folder, { recursive: true });
    const bad = join(folder, "bad.yml");
    writeFileSync(bad, BAD);
    expect(judge("actionlint", bad)).toMatch(/"none" is not defined/u);
    expect(judge("zizmor", "--offline", "--no-progress", bad)).toContain("unpinned-uses");
  });
});

const BAD = `on: push
jobs:
  bad:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo \${{ steps.none.outputs.x }}
`;
