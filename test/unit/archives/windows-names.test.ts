import { expect, it } from "vitest";
import { windowsFault } from "../../../src/archives/windows-names.ts";

it.each([
  ["CON", "CON is a device"],
  ["con.txt", "CON is a device"],
  ["docs/aux.md", "AUX is a device"],
  ["nul.tar.gz", "NUL is a device"],
  ["prn", "PRN is a device"],
  ["COM1.log", "COM1 is a device"],
  ["lpt9", "LPT9 is a device"],
  ["com².txt", "COM² is a device"],
  ["CONIN$", "CONIN$ is a device"],
  ["aux .txt", "AUX is a device"],
  ["aux/readme", "AUX is a device"],
  ["a:b", "it contains :"],
  ["why?.md", "it contains ?"],
  ["a*b", "it contains *"],
  ['say "hi"', 'it contains "'],
  ["a<b>", "it contains <"],
  ["a|b", "it contains |"],
  ["trailing.", "a name ends in a dot or a space"],
  ["trailing ", "a name ends in a dot or a space"],
  ["folder./file", "a name ends in a dot or a space"],
])("Windows has no %j: %s", (name, fault) => {
  expect(windowsFault(name)).toBe(fault);
});

it.each([
  "LICENSE",
  "console.txt",
  "auxiliary",
  "nullable.go",
  "com10",
  "com.txt",
  ".hidden",
  "a b",
  "ünïcode",
  "com",
])("and has %j", (name) => {
  expect(windowsFault(name)).toBeUndefined();
});
