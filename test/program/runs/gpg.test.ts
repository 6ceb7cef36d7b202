import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../support/repository.ts";
import { Bench } from "../../support/runs/bench.ts";
import { expectWhole } from "../../support/runs/whole.ts";
import { describeWith } from "../../support/tools.ts";

function newKey(): string {
  const home = temporaryFolder("gpg-");
  const ask = (...args: readonly string[]) =>
    execFileSync("gpg", ["--homedir", home, "--batch", "--quiet", "--passphrase", "", ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  ask("--quick-gen-key", "Tool <tool@example.com>", "ed25519", "sign", "never");
  return ask("--pinentry-mode", "loopback", "--export-secret-keys", "--armor");
}

describeWith("gpg")("a release that is signed with OpenPGP too", () => {
  it("is left as it is by another run of the same key", { timeout: 600_000 }, async () => {
    const bench = await Bench.open();
    try {
      const env = { GPG_PRIVATE_KEY: newKey() };
      const first = await bench.run({ env });
      expect(first.status, first.stdout).toBe(0);
      const names = bench.github.releases[0]?.assets.map(({ name }) => name);
      expect(names).toContain("checksums.txt.sig");
      const before = bench.state();
      const again = await bench.run({ env });
      await expectWhole(bench, again, first);
      expect(bench.state()).toBe(before);
      expect(again.stdout).toContain("an identical release already exists");
      const said = first.stdout + again.stdout;
      const [line = ""] = env.GPG_PRIVATE_KEY.split("\n").slice(3);
      // What follows is the runner's word to hide it.
      expect(
        said.split("\n").filter((one) => one.includes(line) && !one.startsWith("::add-mask::")),
      ).toEqual([]);
    } finally {
      await bench.close();
    }
  });
});
