import { describe, expect, it } from "vitest";
import { misleadingTags, retractingTag, unknownToGo } from "../../../src/facts/module-tags.ts";
import { chooseTag, listed } from "../../../src/facts/tags.ts";
import type { GitFacts } from "../../../src/git/git-facts.ts";
import { gitWith, PARENT } from "../../support/facts.ts";

function moduleIn(folder: string) {
  return { path: "example.com/tool", folder };
}

function choose(git: GitFacts, more: Partial<Parameters<typeof chooseTag>[0]> = {}) {
  return chooseTag({ asked: undefined, ref: undefined, git, module: moduleIn("."), ...more });
}

/** Tags of commits that HEAD descends from. */
function before(...names: readonly string[]) {
  return {
    tags: names.map((name) => ({ name, commit: PARENT, merged: true })),
  };
}

describe("a tag at HEAD", () => {
  it.each([
    ["v1.2.3", "1.2.3"],
    ["1.2.3", "1.2.3"],
    ["v1.2.3-rc.1", "1.2.3-rc.1"],
    ["v2.0.0+build.5", "2.0.0+build.5"],
  ])("%s is version %s", (tag, version) => {
    expect(choose(gitWith([tag]))).toMatchObject({ tag, version });
  });

  it.each([["latest"], ["nightly"], ["release-candidate"]])(
    "%s is no attempt at a version",
    (tag) => {
      expect(choose(gitWith([tag])).tag).toBeUndefined();
    },
  );

  it("beside a word is the release", () => {
    expect(choose(gitWith(["stable", "v1.2.3"])).tag).toBe("v1.2.3");
  });

  it("of another module in the repository is none of this one's", () => {
    const git = gitWith(["v9.9.9", "server/v1.2.3", "client/v3.0.0"]);
    expect(choose(git, { module: moduleIn("server") })).toMatchObject({
      tag: "server/v1.2.3",
      version: "1.2.3",
    });
    expect(choose(git)).toMatchObject({ tag: "v9.9.9", version: "9.9.9" });
  });

  it("among two is what the run was started for", () => {
    const git = gitWith(["v1.2.3", "v1.3.0"]);
    expect(choose(git, { ref: { kind: "tag", name: "v1.2.3" } }).tag).toBe("v1.2.3");
    expect(choose(git, { asked: "v1.3.0" }).tag).toBe("v1.3.0");
    expect(() => choose(git)).toThrow("HEAD has 2 release tags: v1.2.3, v1.3.0");
    expect(() => choose(git, { asked: "v1.3.0", ref: { kind: "tag", name: "v1.2.3" } })).toThrow(
      "conflicting tags: the run was triggered for v1.2.3 but the input `tag` is v1.3.0",
    );
  });
});

describe("a major version's own folder", () => {
  it.each([
    ["v2", "example.com/tool/v2", "v2.0.1", "2.0.1"],
    ["sub/v2", "example.com/tool/sub/v2", "sub/v2.0.1", "2.0.1"],
    ["sub/v2", "example.com/tool/sub", "sub/v2/v1.0.0", "1.0.0"],
    ["v1", "example.com/tool/v1", "v1/v0.1.0", "0.1.0"],
  ])("%s of %s has the tag %s", (folder, path, tag, version) => {
    expect(choose(gitWith([tag]), { module: { path, folder } })).toMatchObject({ tag, version });
  });

  it("and the root are released from one commit", () => {
    const git = gitWith(["v1.9.0", "v2.0.0"]);
    const module = { path: "example.com/tool/v2", folder: "v2" };
    expect(choose(git, { module }).tag).toBe("v2.0.0");
    expect(choose(git).tag).toBe("v1.9.0");
    const root = { path: "example.com/tool/v2", folder: "." };
    expect(() => choose(gitWith(["v2.0.0", "v2.0.0-rc.1"]), { module: root })).toThrow(
      "2 release tags",
    );
  });
});

describe("the only module of a repository, in a folder", () => {
  const module = { path: "example.com/tool", folder: "src", alone: true } as const;

  it.each([
    [["v1.2.3"], "v1.2.3", "1.2.3"],
    [["src/v1.2.3"], "src/v1.2.3", "1.2.3"],
    [["v1.2.3", "src/v2.0.0"], undefined, undefined],
    [["nightly"], undefined, undefined],
  ])("with %j is released as %s", (tags, tag, version) => {
    if (tag === undefined && tags.length > 1)
      return expect(() => choose(gitWith(tags), { module })).toThrow("HEAD has 2 release tags");
    const chosen = choose(gitWith(tags), { module });
    expect(chosen.tag).toBe(tag);
    if (version !== undefined) expect(chosen.version).toBe(version);
  });

  it("says what Go does not find, and looks back to tags of both forms", () => {
    const git = gitWith(["v1.2.3"]);
    const all = { ...git, tags: [...git.tags, ...before("v1.1.0", "src/v1.2.0").tags] };
    const { notices, previousTag } = choose(all, { module });
    expect(previousTag).toBe("src/v1.2.0");
    expect(notices).toEqual([
      "Go knows a version of the module in src by tags like src/v1.2.3: `go install example.com/tool@v1.2.3` does not find v1.2.3",
    ]);
  });

  it("is told of a plain tag that is nearly a version", () => {
    expect(() => choose(gitWith(["v1.02.3"]), { module })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("name it v1.2.3: ") }),
    );
  });
});

describe("what Go does not take for a version of the module", () => {
  const at = (path: string, folder = ".") => ({ path, folder });
  it.each([
    ["v1.2.3", at("example.com/tool"), undefined],
    ["v2.0.0", at("example.com/tool/v2"), undefined],
    ["v3.1.0", at("gopkg.in/tool.v3"), undefined],
    ["v1.1.0", at("gopkg.in/tool.v1"), undefined],
    ["src/v1.2.3", at("example.com/tool/src", "src"), undefined],
    ["latest", at("example.com/tool"), undefined],
    [
      "v3.0.0",
      at("example.com/tool"),
      "v3.0.0 is not a version of example.com/tool for Go, so `go install` does not find it: for version 3 go.mod (and every import) must use the path example.com/tool/v3",
    ],
    [
      "v3.0.0",
      at("example.com/tool/v2"),
      "for version 3 go.mod (and every import) must use the path example.com/tool/v3",
    ],
    [
      "v1.9.0",
      at("example.com/tool/v2"),
      "for version 1 go.mod (and every import) must use the path example.com/tool",
    ],
    [
      "v2.0.0",
      at("gopkg.in/tool.v3"),
      "for version 2 go.mod (and every import) must use the path gopkg.in/tool.v2",
    ],
    ["v2.0.0", at("example.com/tool.v2"), "must use the path example.com/tool.v2/v2"],
    ["v3.0.0-rc.1", at("example.com/tool"), "must use the path example.com/tool/v3"],
    ["src/v2.0.0", at("example.com/tool/src", "src"), "must use the path example.com/tool/src/v2"],
    [
      "1.2.3",
      at("example.com/tool"),
      "Go knows versions by tags with a v: `go install example.com/tool@v1.2.3` does not find 1.2.3",
    ],
    ["v1.2.3+b.1", at("example.com/tool"), "Go knows no versions with build metadata"],
  ])("%s of %j: %s", (tag, module, says) => {
    if (says === undefined) expect(unknownToGo(tag, module)).toBeUndefined();
    else expect(unknownToGo(tag, module)).toContain(says);
  });
});

describe("other tags mislead Go", () => {
  const { commit } = gitWith([]);
  const at = (name: string, where = commit) => ({ name, commit: where, merged: true });
  it.each([
    ["v1.2.3", [], false],
    ["v1.2.3", [at("latest"), at("sub/v9.0.0")], false],
    ["v1.2.3", [at("v1.2.2", PARENT)], false],
    ["v1.2.3", [at("v1.2.4", PARENT)], false],
    ["v1.2.3", [at("v1.2.3-rc.1")], true],
    ["1.2.3", [at("v1.2.2", PARENT)], true],
    ["1.2.3", [at("latest"), at("1.2.2", PARENT)], false],
    ["v2.0.0", [at("v1.2.2", PARENT)], true],
    [null, [at("v1.2.4"), at("v1.2.3")], false],
  ])("about %s: %j is %s", (tag, others, expected) => {
    const tags = [...(tag === null ? [] : [at(tag)]), ...others];
    expect(misleadingTags(tag, { ...gitWith([]), tags }, moduleIn("."))).toBe(expected);
  });

  it.each([
    ["v1.2.3", ["v1.2.2"], undefined],
    ["v1.2.3", ["v1.2.4", "v1.10.0", "v1.11.0-rc.1", "v2.0.0"], "v1.10.0"],
    ["v1.2.3-rc.1", ["v1.2.3-rc.2", "v1.2.2"], "v1.2.2"],
    ["v0.1.0-rc.1", ["v0.1.0-rc.2"], "v0.1.0-rc.2"],
  ])("what retracts %s among %j is said by %s", (tag, others, expected) => {
    const tags = [tag, ...others].map((name) => at(name));
    expect(retractingTag(tag, { tags }, moduleIn("."))).toBe(expected);
  });
});

describe("the tag before it", () => {
  it.each([
    ["v1.2.0", ["v1.1.0", "v1.0.0", "v1.1.0-rc.1"], "v1.1.0"],
    ["v1.2.0", ["v1.2.0-rc.1", "v1.1.9"], "v1.1.9"],
    ["v1.2.0-rc.2", ["v1.2.0-rc.1", "v1.1.9"], "v1.2.0-rc.1"],
    ["v1.10.0", ["v1.9.0", "v1.2.0"], "v1.9.0"],
    ["v1.2.0", ["v2.0.0"], undefined],
    ["v1.0.0", ["other/v0.9.0", "latest"], undefined],
    ["v1.2.3+build.1", ["v1.2.3", "v1.2.2"], "v1.2.3"],
    ["v1.2.3+build.10", ["v1.2.3", "v1.2.3+build.9", "v1.2.3+build.2"], "v1.2.3+build.9"],
    ["v1.2.3+a1b2c3", ["v1.2.3+ffffff", "v1.2.2"], "v1.2.3+ffffff"],
    ["v1.2.3-rc.1+b2", ["v1.2.3-rc.1+b1", "v1.2.2"], "v1.2.3-rc.1+b1"],
  ])("of %s among %j is %s", (tag, earlier, expected) => {
    const git = gitWith([tag]);
    const all = { ...git, tags: [...git.tags, ...before(...earlier).tags] };
    expect(choose(all).previousTag).toBe(expected);
  });

  it("is none of the same version at the same commit", () => {
    const git = gitWith(["v1.2.3", "v1.2.3+build.1"]);
    const all = { ...git, tags: [...git.tags, ...before("v1.2.2").tags] };
    expect(choose(all, { asked: "v1.2.3+build.1" }).previousTag).toBe("v1.2.2");
  });

  it("is one that HEAD descends from", () => {
    const git = gitWith(["v1.2.0"]);
    const aside = { name: "v1.1.5", commit: PARENT, merged: false };
    expect(choose({ ...git, tags: [...git.tags, aside] }).previousTag).toBeUndefined();
  });
});

describe("a snapshot", () => {
  it.each([
    [[], "0.0.0-20260131123456-0123456789ab"],
    [["v1.2.3"], "1.2.4-0.20260131123456-0123456789ab"],
    [["v1.2.3-rc.1"], "1.2.3-rc.1.0.20260131123456-0123456789ab"],
    [["v0.9.0", "v0.10.0"], "0.10.1-0.20260131123456-0123456789ab"],
    [["1.2.3"], "1.2.4-0.20260131123456-0123456789ab"],
    [["v2.3.4"], "2.3.5-0.20260131123456-0123456789ab"],
  ])("after %j has version %s", (earlier, version) => {
    expect(choose(gitWith([], before(...earlier)))).toMatchObject({ tag: undefined, version });
  });

  it("of a dirty tree says so", () => {
    const { version, notices } = choose(gitWith([], { dirty: ["main.go"] }));
    expect(version).toBe("0.0.0-20260131123456-0123456789ab+dirty");
    expect(notices).toContain("the work tree is dirty: main.go");
  });

  it("names the tags at HEAD that are none of its own", () => {
    expect(choose(gitWith(["server/v1.2.3", "nightly"])).notices).toEqual([
      "no release tag at HEAD (server/v1.2.3, nightly: no version of this module): this is a snapshot",
    ]);
  });

  it("of a shallow clone says that a tag may be hidden", () => {
    expect(choose(gitWith([], { shallow: true })).notices).toEqual([
      "no release tag at HEAD: this is a snapshot; the clone is shallow, so a tag may be missing",
    ]);
  });

  it("without a repository has no commit", () => {
    expect(
      chooseTag({ asked: undefined, ref: undefined, git: undefined, module: moduleIn(".") }),
    ).toEqual({
      tag: undefined,
      version: "0.0.0-snapshot",
      previousTag: undefined,
      notices: ["there is no git commit here: this is a snapshot without a commit or tag"],
    });
  });
});

describe("names in an error", () => {
  it.each([
    [["a", "b"], "a, b"],
    [["1", "2", "3", "4", "5", "6", "7"], "1, 2, 3, 4, 5 and 2 more"],
    [["a\n::b", "ü x"], '"a\\n::b", ü x'],
  ])("%j are %s", (names, text) => {
    expect(listed(names)).toBe(text);
  });
});
