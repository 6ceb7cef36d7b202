import { expect, it } from "vitest";
import {
  filePatterns,
  withNamesAlone,
  withPresentFiles,
} from "../../../src/migration/present-files.ts";

const config = {
  files: ["LICENSE", "completions/*"],
  archives: [
    { builds: ["a"], files: [{ from: "man/a.1" }] },
    { builds: [], files: ["schemas/**"] },
  ],
  packages: [
    { formats: ["deb"], files: [{ from: "tool.service", to: "/etc/" }, { to: "/var/x" }] },
  ],
};

it("every pattern of archives and packages is known", () => {
  expect(filePatterns(config)).toEqual([
    "LICENSE",
    "completions/*",
    "man/a.1",
    "schemas/**",
    "tool.service",
  ]);
});

it("a glob that matches nothing packs nothing, as in GoReleaser; a path is made by an earlier step", () => {
  const unmatched = new Set(["completions/*", "man/a.1"]);
  const settled = withPresentFiles({ config, rows: [] }, unmatched);
  expect(settled.config).toMatchObject({ files: ["LICENSE"], generated: ["man/a.1"] });
  expect(settled.rows.map(({ outcome, says }) => [outcome, says])).toEqual([
    ["changed", "`completions/*` matches no file, so it is left out"],
    [
      "changed",
      "`man/a.1` is not there yet: it is declared in `generated`, so that an earlier step may make it",
    ],
  ]);
});

it("where commands run before, they make what is not there", () => {
  const before = ["./scripts/completions.sh"];
  const settled = withPresentFiles(
    { config: { ...config, before }, rows: [] },
    new Set(["completions/*"]),
  );
  expect(settled.config).toMatchObject({
    files: ["LICENSE", "completions/*"],
    generated: ["completions/*"],
  });
});

it("nothing changes where everything is there", () => {
  expect(withPresentFiles({ config, rows: [] }, new Set())).toEqual({ config, rows: [] });
});

it("names depend on neither files nor commands, but an archive of files keeps them", () => {
  const extra = ["a.json", "out/b.tar.gz", { from: "c", name: "{name}-c" }];
  const generated = ["out/b.tar.gz", "c"];
  expect(withNamesAlone({ ...config, before: ["make"], "extra-files": extra, generated })).toEqual({
    config: {
      files: [],
      archives: [
        { builds: ["a"], files: [] },
        { builds: [], files: ["schemas/**"] },
      ],
      packages: [{ formats: ["deb"], files: [] }],
      before: [],
      "extra-files": ["a.json"],
      generated,
    },
    absent: ["b.tar.gz", "{name}-c"],
  });
});
