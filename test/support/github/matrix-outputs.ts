import { parse, stringify } from "yaml";

interface Job {
  readonly strategy?: { readonly matrix?: unknown };
  outputs?: Readonly<Record<string, string>>;
  steps?: readonly unknown[];
}

/**
 * A workflow as `act` understands it, to the same effect as on GitHub. There the jobs of a matrix put their outputs
 * together, each by its own name (docs.github.com, "Using job outputs in a matrix job"); `act` keeps those of one of
 * them. So they write them down, and who needs them reads them.
 */
export function withMatrixOutputs(workflow: string): string {
  const whole = parse(workflow) as { jobs: Record<string, Job> };
  for (const [name, job] of Object.entries(whole.jobs)) {
    if (job.strategy?.matrix !== undefined && job.outputs !== undefined)
      job.steps = [...(job.steps ?? []), writing(name, job.outputs)];
  }
  for (const job of Object.values(whole.jobs)) {
    const needed = /\$\{\{ toJSON\(needs\.([\w-]+)\.outputs\) \}\}/u.exec(
      JSON.stringify(job.steps ?? []),
    );
    if (needed === null) continue;
    const [expression, from = ""] = needed;
    const steps = JSON.stringify(job.steps).replaceAll(
      expression,
      "${{ steps.outputs.outputs.json }}",
    );
    job.steps = [reading(from), ...(JSON.parse(steps) as unknown[])];
  }
  return stringify(whole, { lineWidth: 0 });
}

function writing(job: string, outputs: Readonly<Record<string, string>>) {
  const names = Object.keys(outputs);
  return {
    name: "the outputs of this job, beside those of the others",
    env: Object.fromEntries(names.map((name, at) => [`OUTPUT_${at}`, outputs[name]])),
    run: names
      .map(
        (name, at) =>
          `test -z "$OUTPUT_${at}" || { mkdir -p "$OUTPUTS/${job}"; printf %s "$OUTPUT_${at}" > "$OUTPUTS/${job}/${name}"; }`,
      )
      .join("\n"),
  };
}

function reading(job: string) {
  return {
    id: "outputs",
    name: "the outputs of all jobs of the matrix",
    run: `node -e '
const { readdirSync, readFileSync } = require("node:fs");
const folder = process.env.OUTPUTS + "/${job}/";
const all = readdirSync(folder).map((name) => [name, readFileSync(folder + name, "utf8")]);
console.log("json=" + JSON.stringify(Object.fromEntries(all)));' >> "$GITHUB_OUTPUT"`,
  };
}
