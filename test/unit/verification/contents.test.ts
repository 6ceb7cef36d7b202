import { Readable } from "node:stream";
import * as zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { verifyContents } from "../../../src/verification/contents.ts";
import type { Measured } from "../../../src/verification/files.ts";
import { Findings } from "../../../src/verification/verdict.ts";
import { sha256 } from "../../support/releases/binaries.ts";

async function said(artifact: string, released: Readonly<Record<string, string>>) {
  const opened: string[] = [];
  const files = {
    names: Object.keys(released),
    open: (name: string) => {
      opened.push(name);
      return Readable.from([Buffer.from(released[name] ?? "")]);
    },
  };
  const measured = new Map(
    Object.entries(released).map(([name, data]) => [
      name,
      { size: data.length, sha256: sha256(data), sha512: "" } satisfies Measured,
    ]),
  );
  const findings = new Findings();
  const claim = { by: "manifest.json", name: "tool", artifact, sha256: sha256("tool") };
  await verifyContents([claim], { files, measured, opened: new Map() }, findings);
  const { faults, notices, checked } = findings;
  return {
    faults: faults.map(({ file, message }) => `${file}: ${message}`),
    notices,
    checked,
    opened,
  };
}

describe("a program is looked for", () => {
  it.each(["../tool.tar.gz", "tool.tar.gz", "tool"])(
    "in the released files alone, which %s is not",
    async (artifact) => {
      expect(await said(artifact, { other: "tool" })).toEqual({
        faults: [`manifest.json: it refers to ${artifact}, which is missing`],
        notices: [],
        checked: [],
        opened: [],
      });
    },
  );

  it("in a released file that is the program itself", async () => {
    expect(await said("tool", { tool: "tool" })).toMatchObject({ faults: [] });
    expect((await said("tool", { tool: "other" })).faults).toHaveLength(1);
  });

  it.skipIf("createZstdDecompress" in zlib)(
    "in no archive that this Node cannot read, which is no fault of the release",
    async () => {
      expect(await said("tool.tar.zst", { "tool.tar.zst": "…" })).toEqual({
        faults: [],
        notices: [
          `tool.tar.zst is not unpacked: Node ${process.versions.node} cannot read tar.zst`,
        ],
        checked: [],
        opened: [],
      });
    },
  );
});
