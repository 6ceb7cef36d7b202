import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { call } from "../../support/program.ts";
import { EMBEDDING, LINUX, manifestIn, REAL, released, warnings } from "../../support/released.ts";
import { PROGRAM, repositoryOf } from "../../support/repository.ts";

describe("what `generated` declares", () => {
  const TREE = {
    ...PROGRAM,
    "embed.go": EMBEDDING("all:web"),
    ".gitignore": "/web/*\n!/web/.keep\n",
  };
  const WEB = { "web/index.html": "<p>\n", "web/.vite/manifest.json": "{}\n" };
  const GENERATED = "--generated=web";

  it("is in the plan and in the provenance, with its digest", async () => {
    const repository = repositoryOf({ ...TREE, "web/.keep": "" });
    repository.write(WEB);
    const { plan } = await released(repository.folder, GENERATED);
    expect(plan.generated).toEqual([
      expect.objectContaining({ path: "web/.vite/manifest.json" }),
      expect.objectContaining({
        path: "web/index.html",
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/u),
      }),
    ]);
    expect(plan.modified).toBe(false);
    const { stdout } = await call(["plan", LINUX, GENERATED], repository.folder);
    expect(stdout).toMatch(/^generated: web\/index\.html sha256:[0-9a-f]{16}$/mu);
    const dry = await call([LINUX, GENERATED], repository.folder);
    expect(dry.status).toBe(0);
    const bundle = readFileSync(join(repository.folder, "dist/provenance.sigstore.json"), "utf8");
    const { payload } = (JSON.parse(bundle) as { dsseEnvelope: { payload: string } }).dsseEnvelope;
    const statement = JSON.parse(Buffer.from(payload, "base64").toString()) as {
      predicate: { buildDefinition: { resolvedDependencies: object[] } };
    };
    expect(statement.predicate.buildDefinition.resolvedDependencies).toContainEqual({
      name: "web/index.html",
      digest: { sha256: plan.generated[1]?.sha256 },
    });
    expect(await call(["verify", "dist", "--any-signer"], repository.folder)).toMatchObject({
      status: 0,
    });
  });

  it("does not make the work tree dirty, and Go's own stamp is told of", async () => {
    const repository = repositoryOf({
      ...PROGRAM,
      "embed.go": EMBEDDING("web"),
      "web/index.html": "",
    });
    repository.write({ "web/index.html": "made\n", "web/js/app.js": "made\n" });
    const refused = await call(REAL, repository.folder);
    expect(refused.stderr).toContain("error: the work tree is dirty: web/index.html, web/js/");
    const { status, stderr } = await call([...REAL, GENERATED], repository.folder);
    expect(status, stderr).toBe(0);
    expect(warnings(stderr)).toEqual([
      "note: web/index.html, web/js/app.js: listed in `generated`, but git shows it as changed or untracked: Go stamps vcs.modified=true and v1.2.3+dirty; files in .gitignore do not affect the stamp",
    ]);
    const { plan, binaries } = manifestIn(repository.folder);
    expect(plan.modified).toBe(true);
    expect(binaries[0]?.inspection.buildInfo.settings["vcs.modified"]).toBe("true");
  });

  it("covers nothing else", async () => {
    const repository = repositoryOf({ ...TREE, "web/.keep": "", ".gitignore": "/web/*\nlocal*\n" });
    repository.write({ ...WEB, "local.go": "package main\n" });
    const { status, stderr } = await call([...REAL, GENERATED], repository.folder);
    expect(status).toBe(1);
    expect(stderr).toContain("  not in the commit: local.go\n");
  });

  it("is built again with the same bytes, or is named", async () => {
    const repository = repositoryOf({ ...TREE, "web/.keep": "" });
    repository.write(WEB);
    await released(repository.folder, GENERATED);
    const argv = ["verify", "dist", "--any-signer", "--rebuild", LINUX, GENERATED];
    const again = await call(argv, repository.folder);
    expect(again.stdout, again.stderr).toContain("rebuilt: every byte is identical");
    repository.write({ "web/index.html": "other\n" });
    const other = await call(argv, repository.folder);
    expect(other.stderr).toContain("planned differently from this checkout: generated\n");
  });

  it("is the same in every shard, and for whoever publishes", async () => {
    const ignored = { ".gitignore": "/web/*\n!/web/.keep\nparts\n" };
    const repository = repositoryOf({ ...TREE, "web/.keep": "", ...ignored });
    const targets = "--targets=linux/amd64,linux/arm64";
    const publish = ["publish", "--from=parts", targets, GENERATED];
    const build = async (index: number, text: string): Promise<void> => {
      repository.write({ "web/index.html": text });
      const shard = [`--shard=${index}/2`, `--output=parts/${index}`];
      const outcome = await call(["build", targets, ...shard, GENERATED], repository.folder);
      expect(outcome, outcome.stderr).toMatchObject({ status: 0 });
    };
    await build(1, "one");
    await build(2, "other");
    const differing = await call(publish, repository.folder);
    expect(differing.status).toBe(1);
    expect(differing.stderr).toMatch(/parts\/1 was planned differently.*: generated\n/u);
    await build(1, "other");
    const { status, stderr } = await call(publish, repository.folder);
    expect(status, stderr).toBe(0);
    expect(manifestIn(repository.folder).plan.generated).toEqual([
      { path: "web/index.html", sha256: createHash("sha256").update("other").digest("hex") },
    ]);
  });

  it("is not what shards of a dry run may hold besides when they are published", async () => {
    const repository = repositoryOf({ ...PROGRAM, ".gitignore": "local*\nparts\n" });
    repository.write({ "local.go": "package main\n" });
    const built = await call(["build", LINUX, "--output=parts/1"], repository.folder);
    expect(built.status).toBe(0);
    rmSync(join(repository.folder, "local.go"));
    const publish = ["publish", "--from=parts", LINUX, "--dry-run=false", "--forge=directory"];
    const { status, stderr } = await call(publish, repository.folder);
    expect(status).toBe(1);
    expect(stderr).toContain(
      "parts/1: v1.2.3 would contain more than its commit\n  not in the commit: local.go\n",
    );
  });
});
