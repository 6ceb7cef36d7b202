import { expect, it } from "vitest";
import { tar } from "../../../src/archives/tar.ts";
import { DATE, entry, sparse } from "./samples.ts";

it.each([["1969-12-31T23:59:59Z"], ["2300-01-01T00:00:00Z"], ["never"]])(
  "tar refuses the date %s",
  async (date) => {
    await expect(tar([entry("a", "")], new Date(date)).next()).rejects.toMatchObject({
      code: "archive-date",
    });
  },
);

it.each([
  ["in octal digits below 8 GiB", 8 ** 11 - 1, "0", /^7{11}\0$/u],
  ["in a pax record from there on", 8 ** 11, "x", /^0{9}23\0$/u],
])("tar writes a size %s", async (_how, size, type, field) => {
  const { value } = await tar([sparse("big", size)], DATE).next();
  const header = Buffer.from(value as Uint8Array);
  expect(header.toString("latin1", 156, 157)).toBe(type);
  expect(header.toString("latin1", 124, 136)).toMatch(field);
});
