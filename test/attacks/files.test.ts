import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { asRoot, giveAway } from "../support/as-root.ts";
import { call } from "../support/program.ts";
import {
  emptyRepository,
  PROGRAM,
  type Repository,
  repositoryOf,
  type Tree,
  temporaryFolder,
} from "../support/repository.ts";

const LINUX = "--targets=linux/amd64";
const SECRET = "ghp_secret_of_this_machine_77c1";

/** A file of this machine that is none of the commit's. */
function secretFile(): string {
  const path = join(temporaryFolder(), "secret");
  writeFileSync(path, `${SECRET}: a\n`);
  return path;
}

/** A commit with links in it. */
function committed(tree: Tree, links: Tree = {}): Repository {
  const repository = emptyRepository({ ...PROGRAM, ...tree });
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(repository.folder, path)), { recursive: true });
    symlinkSync(target, join(repository.folder, path));
  }
  repository.commit("v1.2.3");
  return repository;
}

/** Everything that a dry release says or makes. */
async function everythingOf({ folder }: Repository, ...argv: readonly string[]): Promise<string> {
  const plan = await call(["plan", "--json", ...argv], folder);
  const { stdout, stderr } = await call([LINUX, ...argv], folder);
  const dist = join(folder, "dist");
  const made = readable(dist).map((name) => readFileSync(join(dist, name), "latin1"));
  return [plan.stdout, plan.stderr, stdout, stderr, ...made].join("\n");
}

function readable(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /json|txt|yaml|gz$/u.test(name));
  } catch {
    return [];
  }
}

describe("a file of this machine does not leave it", () => {
  const cases: readonly (readonly [string, (secret: string) => Repository])[] = [
    [
      "notes through a link",
      (secret) => committed({ ".go-release.yaml": "notes: NOTES.md\n" }, { "NOTES.md": secret }),
    ],
    [
      "notes through a linked folder",
      (secret) =>
        committed({ ".go-release.yaml": "notes: docs/secret\n" }, { docs: dirname(secret) }),
    ],
    [
      "notes by the way out",
      (secret) => committed({ ".go-release.yaml": `notes: ${"../".repeat(9)}${secret}\n` }),
    ],
    [
      "notes by their whole path",
      (secret) => committed({ ".go-release.yaml": `notes: ${secret}\n` }),
    ],
    ["the configuration itself", (secret) => committed({}, { ".go-release.yaml": secret })],
    ["the changelog", (secret) => committed({}, { "CHANGELOG.md": secret })],
    [
      "a packed file",
      (secret) => committed({ ".go-release.yaml": "files: [data]\n" }, { data: secret }),
    ],
  ];
  it.each(cases)("%s", async (_, make) => {
    expect(await everythingOf(make(secretFile()))).not.toContain(SECRET);
  });

  it("what an earlier step keeps in the checkout, or git in its own folder", async () => {
    for (const [name, prepare] of [
      [".env", ({ folder }: Repository) => writeFileSync(join(folder, ".env"), SECRET)],
      [
        ".git/config",
        (repository: Repository) =>
          repository.git("config", "http.extraheader", `AUTHORIZATION: ${SECRET}`),
      ],
    ] as const) {
      const repository = committed({
        ".go-release.yaml": `notes: ${name}\n`,
        ".gitignore": ".env\n",
      });
      prepare(repository);
      expect(await everythingOf(repository)).not.toContain(SECRET);
    }
  });

  it("nor when it is the caller who names the committed link", async () => {
    const repository = committed({}, { "NOTES.md": secretFile() });
    expect(await everythingOf(repository, "--notes=NOTES.md")).not.toContain(SECRET);
  });
});

describe("nothing is written where the commit leads", () => {
  const cases: readonly (readonly [string, (home: string) => Repository])[] = [
    ["by the way out", (home) => committed({ ".go-release.yaml": `output: ${home}/bin\n` })],
    [
      "by a link in the place of the usual folder",
      (home) => committed({}, { dist: join(home, "bin") }),
    ],
    [
      "by a link on the way",
      (home) => committed({ ".go-release.yaml": "output: way/bin\n" }, { way: home }),
    ],
  ];
  it.each(cases)("%s", async (_, make) => {
    const home = temporaryFolder();
    mkdirSync(join(home, "bin"));
    await call([LINUX, "--archive=none"], make(home).folder);
    expect(readdirSync(join(home, "bin"))).toEqual([]);
  });

  it("nor into a folder that another user may exchange meanwhile", async () => {
    const theirs = join(temporaryFolder(), "out");
    mkdirSync(theirs);
    giveAway(theirs);
    asRoot("chmod", "0777", theirs);
    const { folder } = repositoryOf(PROGRAM);
    const { status } = await call([LINUX, `--output=${theirs}`], folder);
    expect(readdirSync(theirs)).toEqual([]);
    expect(status).toBe(1);
  });
});

describe("beside it", () => {
  it.each([
    ["a committed file", { "docs/NOTES.md": "the notes\n" }, {}, "docs/NOTES.md"],
    [
      "a link to one",
      { "docs/NOTES.md": "the notes\n" },
      { "NOTES.md": "docs/NOTES.md" },
      "NOTES.md",
    ],
  ])("notes may be %s", async (_, tree, links, notes) => {
    const { folder } = committed({ ...tree, ".go-release.yaml": `notes: ${notes}\n` }, links);
    const { stdout } = await call(["plan", "--json"], folder);
    expect(JSON.parse(stdout).release.notes).toContain("the notes");
  });

  it("notes may be a file of a module's repository above it", async () => {
    const { folder } = committed({
      "NOTES.md": "the notes\n",
      "sub/go.mod": "module example.com/tool/sub\n\ngo 1.21\n",
      "sub/main.go": "package main\n\nfunc main() {}\n",
      "sub/.go-release.yaml": "notes: ../NOTES.md\n",
    });
    const { stdout, stderr } = await call(["plan", "--json"], join(folder, "sub"));
    expect(JSON.parse(stdout || `"${stderr}"`).release.notes).toContain("the notes");
  });

  it("the caller may name any file and any folder, generated ones too", async () => {
    const { folder } = committed({ ".gitignore": "NEW.md\n" });
    const away = temporaryFolder();
    writeFileSync(join(away, "NOTES.md"), "from elsewhere\n");
    writeFileSync(join(folder, "NEW.md"), "generated\n");
    for (const [notes, text] of [
      [join(away, "NOTES.md"), "from elsewhere"],
      ["NEW.md", "generated"],
    ] as const) {
      const { stdout } = await call(["plan", "--json", `--notes=${notes}`], folder);
      expect(JSON.parse(stdout).release.notes).toContain(text);
    }
    const { status } = await call([LINUX, `--output=${join(away, "out")}`], folder);
    expect(status).toBe(0);
    expect(readdirSync(join(away, "out"))).toContain("checksums.txt");
  });
});
