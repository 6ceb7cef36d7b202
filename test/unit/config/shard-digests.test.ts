import { expect, it } from "vitest";
import { readShardDigests } from "../../../src/config/shard-digests.ts";

const digest = "0a".repeat(32);

it("reads what `toJSON(needs.build.outputs)` gives, other outputs of the job left out", () => {
  const text = JSON.stringify({ "shard-1": digest, "shard-12": digest, url: "https://x" }, null, 2);
  expect(readShardDigests(text)).toEqual(
    new Map([
      [1, digest],
      [12, digest],
    ]),
  );
});

it.each([
  "",
  "{}",
  "null",
  "[]",
  "shard-1",
  `{"shard-1":"0a"}`,
  `{"shard-0":"${digest}"}`,
  `{"shard-1":"${digest}","shard-2":""}`,
])("reads no digests in %s", (text) => {
  expect(readShardDigests(text)).toBeUndefined();
});
