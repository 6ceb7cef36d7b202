import { parsedJson } from "../model/parsed-json.ts";

/** One instruction of a Dockerfile. */
interface Instruction {
  /** In capitals. */
  readonly word: string;
  readonly rest: string;
  readonly line: number;
}

/** What a simple Dockerfile makes of a program. */
export interface SimpleImage {
  /** As FROM names it. */
  readonly from: string;
  /** What is copied into it, without folders. */
  readonly copied: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly user?: string;
  readonly workdir?: string;
  readonly ports: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Why an image without Docker cannot be the same. */
export class UnsimpleDockerfile extends Error {
  constructor(says: string, line?: number) {
    super(line === undefined ? says : `line ${line}: ${says}`);
  }
}

/** What `docker buildx` says of the platform, which needs no default. */
const PLATFORM_ARGS = /^(TARGETPLATFORM|TARGETOS|TARGETARCH|TARGETVARIANT|BUILDPLATFORM)$/u;

/**
 * A Dockerfile that puts programs on a base and says how they are started. Throws an `UnsimpleDockerfile` that names
 * the first instruction which does more.
 */
export function readDockerfile(text: string): SimpleImage {
  const all = instructionsIn(text);
  let image: SimpleImage = { from: "", copied: [], ports: [], labels: {} };
  for (const [index, one] of all.entries()) {
    const { word, rest, line } = one;
    if (word !== "ARG" && word !== "FROM" && image.from === "")
      throw new UnsimpleDockerfile(`${word} stands before FROM`, line);
    const isSecond = all.findIndex((other) => other.word === "FROM") < index;
    if (word === "FROM" && isSecond) throw new UnsimpleDockerfile("it has a second FROM", line);
    const variable = word === "COPY" || word === "ARG" ? undefined : /\$\{?\w+\}?/u.exec(rest)?.[0];
    if (variable !== undefined) throw new UnsimpleDockerfile(`${word} has ${variable}`, line);
    const read = READERS[word];
    if (read === undefined) throw new UnsimpleDockerfile(`it has ${word}`, line);
    image = { ...image, ...read(one, image) };
  }
  if (image.from === "") throw new UnsimpleDockerfile("it has no FROM");
  return image;
}

type Read = (instruction: Instruction, image: SimpleImage) => Partial<SimpleImage>;

/** Whatever is not here takes Docker. */
const READERS: Readonly<Record<string, Read>> = {
  ARG: ({ rest, line }) => {
    if (PLATFORM_ARGS.test(rest)) return {};
    throw new UnsimpleDockerfile(`it has ARG ${rest}`, line);
  },
  FROM: ({ rest, line }) => {
    const [from = "", as] = rest.replace(/^--platform=\S+\s+/u, "").split(/\s+/u);
    if (as === undefined || /^as$/iu.test(as)) return { from };
    throw new UnsimpleDockerfile(`FROM ${rest} cannot be read`, line);
  },
  COPY: (one, { copied }) => ({ copied: [...copied, ...sourcesOf(one)] }),
  ENTRYPOINT: (one) => ({ entrypoint: wordsOf(one) }),
  CMD: (one) => ({ cmd: wordsOf(one) }),
  USER: ({ rest }) => ({ user: rest }),
  WORKDIR: ({ rest }) => ({ workdir: rest }),
  EXPOSE: ({ rest }, { ports }) => ({ ports: [...ports, ...rest.split(/\s+/u)] }),
  LABEL: (one, { labels }) => ({ labels: { ...labels, ...labelsOf(one) } }),
};

/** Lines without comments, those that end in a backslash put together with their next. */
function instructionsIn(text: string): readonly Instruction[] {
  const found: Instruction[] = [];
  let open: { readonly parts: string[]; readonly line: number } | undefined;
  for (const [index, raw] of text.split(/\r?\n/u).entries()) {
    const plain = raw.trim();
    if (plain === "" || plain.startsWith("#")) continue;
    const current = open ?? { parts: [], line: index + 1 };
    current.parts.push(plain.replace(/\\$/u, "").trim());
    open = plain.endsWith("\\") ? current : undefined;
    if (open !== undefined) continue;
    const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/u.exec(current.parts.join(" ")) ?? [];
    found.push({ word: word.toUpperCase(), rest: rest.trim(), line: current.line });
  }
  return found;
}

function sourcesOf({ rest, line }: Instruction): readonly string[] {
  const words = rest.startsWith("[") ? parsedWords(rest) : rest.split(/\s+/u);
  const option = words?.find((one) => /^--(?!chown=|chmod=)/u.test(one));
  if (words === undefined || option !== undefined)
    throw new UnsimpleDockerfile(`COPY ${option ?? rest} takes Docker`, line);
  return words
    .filter((one) => !one.startsWith("--"))
    .slice(0, -1)
    .map((path) => path.replace(/^.*\//u, ""));
}

/** In the form of a list; the other one starts a shell. */
function wordsOf({ word, rest, line }: Instruction): readonly string[] {
  const words = parsedWords(rest);
  if (words === undefined || words.length === 0)
    throw new UnsimpleDockerfile(`${word} ${rest} starts a shell, or nothing`, line);
  return words;
}

function parsedWords(json: string): readonly string[] | undefined {
  const read = parsedJson(json);
  return Array.isArray(read) && read.every((one) => typeof one === "string") ? read : undefined;
}

function labelsOf({ rest, line }: Instruction): Readonly<Record<string, string>> {
  const pairs = [...rest.matchAll(/([\w./-]+)=(?:"([^"\\]*)"|([^\s"'\\]*))(?:\s+|$)/gu)];
  if (pairs.map(([whole]) => whole).join("") !== rest)
    throw new UnsimpleDockerfile(`LABEL ${rest} cannot be read`, line);
  return Object.fromEntries(
    pairs.map(([, name = "", quoted, plain]) => [name, quoted ?? plain ?? ""]),
  );
}
