import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** `npm run fuzz` gives each more. */
const SECONDS = "4";

it("no parser of foreign bytes does anything but read them or say why not", {
  timeout: 300_000,
}, () => {
  const script = fileURLToPath(new URL("../../scripts/fuzz.mjs", import.meta.url));
  const said = execFileSync(process.execPath, [script, SECONDS], { encoding: "utf8" });
  expect(said).toContain("nothing was found");
});
