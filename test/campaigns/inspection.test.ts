import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { checkBinary } from "../../src/go/inspection/check.ts";
import { inspect } from "../../src/go/inspection/inspect.ts";
import { files } from "../../src/world/node/files.ts";
import { fromGo, type GoBuildInfo } from "../unit/go/inspection/go-json.ts";
import { build, goVersion, goVersionOf, MODULE } from "../unit/go/inspection/samples.ts";

/** Every target of `go tool dist list` that builds without cgo: `CAMPAIGN=1 npx vitest run test/campaigns`. */
const campaign = process.env["CAMPAIGN"] !== undefined;
const targets = campaign
  ? execFileSync("go", ["tool", "dist", "list"], { encoding: "utf8" }).trim().split("\n")
  : ["linux/amd64"];

/** cmd/dist's list of ports that can be built with cgo only. */
const needsCgo = new Set(["android/386", "android/amd64", "android/arm", "ios/amd64", "ios/arm64"]);
const inspectable = targets.filter(
  (target) => !needsCgo.has(target) && !/^(aix|plan9)\//.test(target),
);

it.runIf(campaign).each(inspectable)("%s", { timeout: 600_000 }, async (target) => {
  const [os = "", arch = ""] = target.split("/");
  const path = build({ name: `campaign-${os}-${arch}`, os, arch });
  const file = await files.open(path);
  const inspection = await inspect(file, target);
  await file.close();
  if (arch !== "wasm") {
    expect(inspection.buildInfo).toEqual(fromGo(goVersionOf(path) as GoBuildInfo));
  }
  checkBinary(inspection, {
    step: {
      id: target,
      target: { os, arch },
      programs: [],
      flags: [],
      ldflags: ["-s", "-w"],
      tags: [],
      env: { CGO_ENABLED: "0" },
      static: "required",
    },
    program: { importPath: MODULE, package: ".", binary: "hello" },
    plan: {
      go: goVersion,
      module: { path: MODULE, folder: ".", vendored: false },
      modified: false,
      release: {
        tag: null,
        version: "0.0.0",
        commit: null,
        date: "2026-01-02T03:04:05Z",
        snapshot: true,
        title: "",
        notes: null,
        previousTag: null,
        draft: false,
        prerelease: false,
        latest: "auto",
        milestones: [],
      },
    },
  });
});
