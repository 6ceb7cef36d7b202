import { baseFault, isTag, repositoryFault } from "../images/reference.ts";
import { everyVariable, fill, releaseVariables, type Values } from "../model/template.ts";
import { plans } from "./commands.ts";
import {
  callersOwn,
  checked,
  decisions,
  flag,
  type Input,
  list,
  map,
  optional,
  secret,
  text,
} from "./input-types.ts";
import { rows } from "./rows.ts";
import { splitWords } from "./shell-words.ts";

/** The arguments of a program: a list in YAML as it is, a text as a shell would split it. */
function programArguments(help: string, shown: string): Input<readonly string[] | undefined> {
  return {
    kind: "words",
    from: ["file"],
    help,
    fallback: undefined,
    shown,
    read: (raw) => {
      if (typeof raw === "string") return splitWords(raw);
      const isList = Array.isArray(raw) && raw.every((one) => /string|number/u.test(typeof one));
      return isList ? { value: raw.map(String) } : { rule: "must be text or a list of texts" };
    },
    schema: { type: ["array", "string"], items: { type: ["string", "number"] } },
  };
}

/** A tag as it is when every variable holds something that a tag may hold. */
function tagFault(tags: readonly string[]): { readonly rule: string } | undefined {
  const filled = Object.fromEntries(everyVariable.map((name) => [name, "1"])) as Values;
  const wrong = tags.find((tag) => !isTag(fill(tag.replaceAll(/\{env:[^}]*\}/gu, "1"), filled)));
  return wrong === undefined
    ? undefined
    : { rule: `must be letters, digits, \`_\`, \`.\`, \`-\`; "${wrong}" is not` };
}

function portFault(ports: readonly string[]): { readonly rule: string } | undefined {
  const wrong = ports.find((port) => {
    const [, number] = /^(\d{1,5})(?:\/(?:tcp|udp|sctp))?$/u.exec(port) ?? [];
    return number === undefined || Number(number) < 1 || Number(number) > 65_535;
  });
  return wrong === undefined
    ? undefined
    : { rule: `must be like 8080 or 53/udp; "${wrong}" is not` };
}

/** Numbers, for an image from `scratch` has no other names than those of this program's own. */
function userFault(value: string): string | undefined {
  return /^[\w.-]+(:[\w.-]+)?$/u.test(value)
    ? undefined
    : "must be USER or USER:GROUP, as numbers or names";
}

function host(value: string): string | undefined {
  return /^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$/u.test(value)
    ? undefined
    : "must be the host of a registry, e.g. registry.example.com:5000";
}

/** Inputs of container images. */
export const imageInputs = {
  images: rows(
    "container images of the linux programs, one row for each: made without Docker, pushed by digest, tagged once the release is visible",
    {
      repository: checked("`HOST/NAME`, e.g. `ghcr.io/owner/name`", repositoryFault),
      builds: optional(list("names of the `builds` whose programs it holds", []), "all"),
      targets: list("only for these targets, as globs over `os/arch/level`", [], {
        shown: "all of linux",
      }),
      base: checked("`scratch`, or an image by its digest", baseFault, { shown: "`scratch`" }),
      tags: optional(
        list("tags; one that does not name the whole version follows the highest of its line", [], {
          variables: releaseVariables,
          fault: tagFault,
        }),
        "`{version}`, `{major}.{minor}`, `latest`",
      ),
      user: checked("user that the program runs as, `USER` or `USER:GROUP`", userFault, {
        shown: "`65532:65532` on `scratch`, else the base's",
      }),
      entrypoint: programArguments("program and arguments that a container starts", "the program"),
      cmd: programArguments("further arguments, which a user's own replace", "none"),
      ports: list("ports that it listens on: `8080`, `53/udp`", [], { fault: portFault }),
      labels: map(
        "labels besides those of the OCI image specification, or instead of them",
        {},
        {
          names: /^[\w.-]+(\/[\w.-]+)*$/u,
          refuse: () => undefined,
          variables: releaseVariables,
        },
      ),
      certificates: optional(
        flag("put the certificates of public authorities into it", true),
        "`true` on `scratch`",
      ),
      timeZones: optional(flag("put Go's time zones into it", true), "`true` on `scratch`"),
    },
    { required: ["repository"] },
  ),
  verifyImages: flag(
    "also verify the container images of the release, as their registries have them",
    false,
    { commands: ["verify"], ...callersOwn(decisions.run) },
  ),
  registry: checked("registry that `registry-user` and `registry-password` are for", host, {
    commands: plans,
    ...callersOwn(decisions.tokens),
  }),
  registryUser: text("user name there", undefined, {
    commands: plans,
    ...callersOwn(decisions.tokens),
  }),
  registryPassword: secret("password or token there, from the environment or the host only", {
    commands: plans,
    shown: "ghcr.io and GitLab's registry: the job's token; else what Docker's configuration holds",
  }),
} satisfies Record<string, Input<unknown>>;
