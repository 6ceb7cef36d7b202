import { stringify } from "yaml";
import type { Input } from "../../src/config/input-types.ts";
import { type InputName, inputs, kebab } from "../../src/config/inputs.ts";
import { sentence } from "../../src/report/help.ts";

/** The component's templates; the sharded one has further inputs of its own, the one for readers other ones. */
export type TemplateName = "go-release" | "go-release-sharded" | "go-release-verify";

/** The line that begins an input's value in `GO_RELEASE_INPUTS`; the host of GitLab's jobs reads it. */
function fence(name: string): string {
  return `--- go-release input: ${name}`;
}

/**
 * A template with the parts between `# begin NAME` and `# end NAME` filled in: the inputs of its spec, the one
 * variable that carries their values, and the lines that fetch the bundle.
 */
export function renderTemplate(text: string, name: TemplateName, fetch: string): string {
  return fill(
    fill(fill(text, "inputs", yaml(spec(name))), "values", yaml(values(passedTo(name)))),
    "fetch",
    `- |\n${fetch.trimEnd().replaceAll(/^(?=.)/gm, "  ")}`,
  );
}

/** Inputs that go-release itself reads. A secret is never an input: it would stand in the pipeline's configuration. */
const passed = (Object.entries(inputs) as [InputName, Input<unknown>][]).filter(
  ([, { commands, from, kind }]) =>
    (commands ?? ["release"]).includes("release") && kind !== "secret" && from.includes("host"),
);

/** What whoever uses a release decides, without a checkout of its sources. */
const READ: readonly InputName[] = [
  "release",
  "certificateIdentity",
  "certificateIdentityRegexp",
  "certificateOidcIssuer",
  "certificateOidcIssuerRegexp",
  "key",
  "anySigner",
  "trustedRoot",
  "tufUrl",
  "tufRoot",
  "offline",
];

const read = READ.map((name): [InputName, Input<unknown>] => [name, inputs[name]]);

function passedTo(name: TemplateName): typeof passed {
  return name === "go-release-verify" ? read : passed;
}

/** The component's README's table: the inputs of both templates that release. */
export function componentTable(): string {
  return [
    "| input | default | file | meaning |",
    "| --- | --- | --- | --- |",
    ...Object.entries(spec("go-release-sharded")).map(
      ([name, { description, default: fallback }]) => {
        const [, meaning = description, shown, limit] =
          /^(.*) \(default: (.*?)(; not from the file)?\)$/s.exec(description) ?? [];
        const inFile = shown !== undefined && limit === undefined ? "✓" : "";
        const value = shown ?? (fallback === "" ? "none" : `\`${String(fallback)}\``);
        return `| \`${name}\` | ${value} | ${inFile} | ${meaning} |`.replaceAll("||", "\\|\\|");
      },
    ),
  ].join("\n");
}

interface SpecInput {
  readonly description: string;
  readonly type?: "array" | "number";
  readonly options?: readonly string[];
  readonly default: unknown;
}

function spec(name: TemplateName): Readonly<Record<string, SpecInput>> {
  return {
    ...(name === "go-release-verify" ? READER : releaser(name)),
    ...FETCHED,
    ...Object.fromEntries(
      passedTo(name).map(([key, input]) => [kebab(key), specInput(key, input)]),
    ),
  };
}

const READER: Readonly<Record<string, SpecInput>> = {
  job: { description: "name of the job", default: "go-release-verify" },
  stage: { description: "stage of the job", default: "test" },
  image: {
    description: "image with curl, on glibc; Node is fetched when it has none",
    default: "@IMAGE@",
  },
};

function releaser(name: TemplateName): Readonly<Record<string, SpecInput>> {
  return {
    ...(name === "go-release-sharded"
      ? {
          shards: { description: "how many jobs build", type: "number", default: 4 },
          "build-stage": { description: "stage of the jobs that build", default: "build" },
        }
      : {}),
    job: { description: "name of the job", default: "go-release" },
    stage: { description: "stage of the job that releases", default: "deploy" },
    image: {
      description: "image with go and git, on glibc; Node is fetched when it has none",
      default: "@IMAGE@",
    },
    "run-on": {
      description:
        "pipelines that have the job; only those of tags publish, the others are dry runs",
      options: ["tags", "tags-and-merge-requests", "always"],
      default: "tags",
    },
  };
}

/** Where the program comes from. */
const FETCHED: Readonly<Record<string, SpecInput>> = {
  "component-project": {
    description: "project of this instance that holds the component, when it is a mirror",
    default: "@PROJECT@",
  },
  "component-url": {
    description: "URL of dist/index.js, when it comes from elsewhere; its digest must be the same",
    default: "",
  },
  "node-url": {
    description: "where Node is fetched when the image has none",
    default: "https://nodejs.org/dist",
  },
};

/**
 * GitLab's inputs must have a default, and one of ours would win over the configuration file. So blank means not
 * given, except for those that the job itself is made with.
 */
function specInput(name: InputName, input: Input<unknown>): SpecInput {
  const description = sentence(input);
  if (name === "workingDirectory" || name === "output")
    return { description, default: input.fallback };
  // GitLab makes the token before anything of ours runs.
  if (name === "oidcAudience") return { description, default: "sigstore" };
  switch (input.kind) {
    case "list":
    case "map":
      return { description, type: "array", default: [] };
    case "flag":
      return { description, options: ["", "true", "false"], default: "" };
    case "choice":
      return { description, options: ["", ...(input.options ?? [])], default: "" };
    default:
      return { description, default: "" };
  }
}

/** `expand: false`: a `$` in an input is a `$`. */
function values(inputs: typeof passed): Record<string, unknown> {
  return {
    COMPONENT_PROJECT: { value: "$[[ inputs.component-project ]]", expand: false },
    COMPONENT_URL: { value: "$[[ inputs.component-url ]]", expand: false },
    COMPONENT_NODE_URL: { value: "$[[ inputs.node-url ]]", expand: false },
    GO_RELEASE_INPUTS: {
      value: inputs
        .map(([name]) => `${fence(kebab(name))}\n$[[ inputs.${kebab(name)} ]]\n`)
        .join(""),
      expand: false,
    },
  };
}

function yaml(node: unknown): string {
  return stringify(node, { lineWidth: 0, blockQuote: "literal" }).trimEnd();
}

/** Replaces every region of that name, at the indentation of its first line. */
function fill(text: string, name: string, content: string): string {
  return text.replaceAll(
    new RegExp(`^( *)# begin ${name}\\n(?:.*\\n)*?\\1# end ${name}$`, "gm"),
    (_, indent: string) =>
      [`# begin ${name}`, ...content.split("\n"), `# end ${name}`]
        .map((line) => (line === "" ? "" : indent + line))
        .join("\n"),
  );
}
