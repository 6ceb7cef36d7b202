import type { Config } from "../config/config.ts";
import type { Signing } from "../model/plan.ts";
import type { Surroundings } from "../model/surroundings.ts";

interface Question {
  readonly config: Config;
  readonly surroundings: Surroundings;
  readonly dryRun: boolean;
}

export const signingOf = ({ config }: Question): Signing => ({
  mode: "none",
  reason: "",
  each: config.settings.signEach,
  fulcioUrl: "",
  rekorUrl: null,
  rekorVersion: 1,
  tsaUrl: null,
});
