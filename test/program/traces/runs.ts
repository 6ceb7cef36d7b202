import type { Event } from "../../../src/model/event.ts";
import type { Manifest } from "../../../src/model/manifest.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { Problem } from "../../../src/model/problem.ts";
import type { Step } from "../../../src/model/step.ts";
import { agePlan, binaryOf, linux } from "../../support/releases/binaries.ts";

export const START = Date.parse("2026-03-01T12:00:00Z");
export const ARCHIVE = "age_1.3.1_linux_amd64.tar.gz";
export const DIGEST = "5f".repeat(32);

const archive = {
  name: ARCHIVE,
  format: "tar.gz",
  target: linux,
  binaries: [{ build: "linux/amd64", name: "age", path: "age" }],
  files: [],
} as const;
const plan: Plan = {
  ...agePlan,
  archives: [{ ...archive, binaries: [...archive.binaries], files: [] }],
};

function step(
  kind: Step["kind"],
  of: string,
  from: number,
  to: number,
  more: Pick<Step, "build"> = {},
): Event[] {
  return [
    { type: "started", step: { kind, of, ...more }, at: START + from },
    { type: "ended", step: { kind, of, ...more }, at: START + to },
  ];
}

const manifest: Manifest = {
  schema: 1,
  plan,
  artifacts: [
    {
      kind: "archive",
      name: ARCHIVE,
      path: ARCHIVE,
      size: 4321,
      sha256: DIGEST,
      target: linux,
      from: ["age"],
    },
  ],
  binaries: [binaryOf(linux)],
  timings: [],
  url: null,
};

export const succeeded: readonly Event[] = [
  ...step("survey", "", 0, 100),
  { type: "planned", plan, at: START + 100 },
  ...step("build", "linux/amd64", 100, 5100),
  { type: "output", step: { kind: "build", of: "linux/amd64" }, line: "a line of the compiler" },
  ...step("inspect", "age", 5100, 5150, { build: "linux/amd64" }),
  ...step("pack", ARCHIVE, 5150, 6000),
  ...step("upload", ARCHIVE, 6000, 7000),
  ...step("publish", "", 7000, 7500),
  { type: "released", manifest, folder: "dist", at: START + 7500 },
];

const socket = new Error("read ECONNRESET");
const refused = new Problem("upload", `${ARCHIVE} could not be uploaded`, {
  hint: "run it again",
  cause: new Problem("http", "PUT failed", { cause: socket }),
}).in({ kind: "upload", of: ARCHIVE });

/** An upload fails while a compiler runs, which is stopped; a third step never ends. */
export const failed: readonly Event[] = [
  ...step("survey", "", 0, 100),
  { type: "planned", plan, at: START + 100 },
  { type: "started", step: { kind: "upload", of: ARCHIVE }, at: START + 200 },
  { type: "started", step: { kind: "build", of: "windows/amd64" }, at: START + 200 },
  { type: "started", step: { kind: "verify", of: "" }, at: START + 250 },
  {
    type: "diagnosed",
    diagnostic: {
      file: "main.go",
      line: 3,
      column: 7,
      message: "undefined: x",
      targets: ["windows/amd64"],
    },
  },
  { type: "ended", step: { kind: "upload", of: ARCHIVE }, at: START + 300, error: refused },
  { type: "ended", step: { kind: "build", of: "windows/amd64" }, at: START + 310, error: refused },
  { type: "failed", problem: refused, at: START + 320 },
];
