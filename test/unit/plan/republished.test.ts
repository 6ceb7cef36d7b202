import { expect, it } from "vitest";
import { plan } from "../../../src/plan/plan.ts";
import { republished } from "../../../src/plan/republished.ts";
import { configOf, factsOf, TERMINAL } from "../../support/facts.ts";

const built = plan({
  config: configOf({ draft: "true", latest: "false" }),
  facts: factsOf(),
  surroundings: TERMINAL,
  generator: "1.0.0",
});

it("a release is shown as its publisher was told, else as its builders were", () => {
  const config = configOf({ draft: "false", prerelease: "true" });
  const { release } = republished(built, { config, surroundings: TERMINAL });
  expect(release).toEqual({ ...built.release, draft: false, prerelease: true });
  expect(release).toMatchObject({ latest: false });
});

it("a release is a draft when the builders or the publisher asked for one", () => {
  const { release } = republished(built, { config: configOf(), surroundings: TERMINAL });
  expect(release).toMatchObject({ draft: true });
});
