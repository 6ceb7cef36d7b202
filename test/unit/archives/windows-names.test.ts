import { expect, it } from "vitest";
import { windowsFault } from "../../../src/archives/windows-names.ts";

it.each([
  ["CON", "CON is a reserved device name"],
  ["con.txt", "CON is a reserved device name"],
  ["docs/aux.md", "AUX is a reserved device name"],
  ["nul.tar.gz", "NUL is a reserved device name"],
  ["prn", "PRN is a reserved device name"],
  ["COM1.log", "COM1 is a reserved device name"],
  ["lpt9", "LPT9 is a reserved device name"],
  ["com².txt", "COM² is a reserved device name"],
  ["CONIN$", "CONIN$ is a reserved device name"],
  ["aux .txt", "AUX is a reserved device name"],
  ["aux/readme", "AUX is a reserved device name"],
  ["a:b", "it contains :"],
  ["why?.md", "it contains ?"],
  ["a*b", "it contains *"],
  ['say "hi"', 'it contains "'],
  ["a<b>", "it contains <"],
  ["a|b", "it contains |"],
  ["trailing.", "it ends in a dot or a space"],
  ["trailing ", "it ends in a dot or a space"],
  ["folder./file", "it ends in a dot or a space"],
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
