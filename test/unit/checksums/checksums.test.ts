import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { formatChecksums, parseChecksums } from "../../../src/checksums/checksums.ts";
import { digest } from "../../../src/checksums/digest.ts";

const A = "a".repeat(64);
const B = "b".repeat(128);

describe("digest", () => {
  it("measures and hashes a stream once", async () => {
    expect(await digest(() => Readable.from([Buffer.from("hel"), Buffer.from("lo")]))).toEqual({
      size: 5,
      sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    });
  });

  it("takes several algorithms at a time", async () => {
    const found = await digest(() => Readable.from([]), ["sha256", "sha512"]);
    expect([found.size, found.sha256.slice(0, 8), found.sha512.slice(0, 8)]).toEqual([
      0,
      "e3b0c442",
      "cf83e135",
    ]);
  });

  it("passes on the failure of the stream", async () => {
    const failing = () =>
      new Readable({
        read() {
          this.destroy(new Error("disk on fire"));
        },
      });
    await expect(digest(failing)).rejects.toThrow("disk on fire");
  });
});

describe("formatChecksums", () => {
  it("sorts by bytes, two spaces, one line feed", () => {
    const names = ["b", "a", "ä", "B"];
    expect(formatChecksums(names.map((name) => ({ name, digest: A })))).toBe(
      ["B", "a", "b", "ä"].map((name) => `${A}  ${name}\n`).join(""),
    );
  });
});

describe("parseChecksums", () => {
  it.each([
    ["text", `${A}  a.zip\n`, "a.zip"],
    ["binary", `${A} *a.zip\n`, "a.zip"],
    ["BSD", `SHA256 (a.zip) = ${A}\n`, "a.zip"],
    ["OpenSSL", `SHA2-256(a.zip)= ${A}\n`, "a.zip"],
    ["a name with parentheses", `SHA256 (a (1).zip) = ${A}\n`, "a (1).zip"],
    ["upper case", `${A.toUpperCase()}  a.zip\n`, "a.zip"],
    ["CRLF, a mark, a comment, blank lines", `\uFEFF# sums\r\n\r\n${A}  a.zip\r\n`, "a.zip"],
    ["no last line feed", `${A}  a.zip`, "a.zip"],
    ["escaped", `\\${A}  a\\\\b\\nc\n`, "a\\b\nc"],
    ["not escaped", `${A}  a\\nb\n`, "a\\nb"],
    ["a space in front", `${A}   a\n`, " a"],
  ])("reads %s", (_, text, name) => {
    expect(parseChecksums(text, "x").map((line) => [line.name, line.digest])).toEqual([[name, A]]);
  });

  it("names the first faulty lines of what is no list at all", () => {
    const read = () => parseChecksums("<html>\n".repeat(5000), "checksums.txt");
    expect(read).toThrow(/line 10: "<html>" is not a checksum and a name; 4990 more lines$/u);
  });

  it("reads both algorithms, with their lines", () => {
    expect(parseChecksums(`# both\n${A}  a\n${B}  a\n`, "x")).toEqual([
      { line: 2, algorithm: "sha256", name: "a", digest: A },
      { line: 3, algorithm: "sha512", name: "a", digest: B },
    ]);
  });

  it.each([
    ["", "line 1: no checksums"],
    ["hello\n", 'line 1: "hello" is not a checksum and a name'],
    [`${A}\n`, `line 1: "${A}" is not a checksum and a name`],
    [`${A} a\n`, `line 1: "${A} a" is not a checksum and a name`],
    ["abcd  a\n", "line 1: a digest of 4 digits is of no algorithm that is known"],
    [`SHA512 (a) = ${A}\n`, "line 1: SHA512 does not have 64 digits or is not supported"],
    [`BLAKE2b-256 (a) = ${A}\n`, "line 1: BLAKE2b-256 does not have 64 digits or is not supported"],
    [`\\${A}  a\\tb\n`, 'line 1: "a\\\\tb" has an unknown escape'],
    [`${A}  a\n${A}  b\n${A}  a\n`, "line 3: a was named in line 1 already"],
    [
      `<html>\n${A}  a\n${A}\n`,
      `line 1: "<html>" is not a checksum and a name; line 3: "${A}" is not a checksum and a name`,
    ],
  ])("refuses %j", (text, faults) => {
    expect(() => parseChecksums(text, "checksums.txt")).toThrow(
      `checksums.txt is not a checksums file: ${faults}`,
    );
  });
});
