import { expect, it } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import { mask } from "../../../src/net/mask.ts";
import { plainWords, wordsIn } from "../../../src/net/words.ts";

it("hides every secret, the longer one of two first", () => {
  const hide = mask(["abcdefgh", "abcdefghijkl", "1", ""]);
  expect(hide("abcdefghijkl abcdefgh 1")).toBe("*** *** 1");
});

it("says one line, without secrets and what looks like a token", () => {
  const secrets = [new Secret("hidden-value")];
  const said = `not with\n  hidden-value nor eyJhbGciOiJSUzI1NiJ9.e30.sig ${"x".repeat(400)}`;
  const words = plainWords(said, { secrets });
  expect(words).toMatch(/^not with \*\*\* nor \*\*\* x+$/u);
  expect(words).toHaveLength(300);
});

it.each([
  ['{"message":"no"}', "no"],
  ['{"error":"no scope"}', "no scope"],
  ['{"message":{"base":["a","b"],"name":["c"]}}', "base a, b; name c"],
  ['{"id":1}', ""],
  ["<html><style>p{}</style><h1>502</h1> <p>Bad</p></html>", "502 Bad"],
  ["slow down", "slow down"],
  ["null", "null"],
])("finds what %s says", (text, words) => {
  expect(wordsIn(text)).toBe(words);
});
