import type { Signing } from "../../src/model/plan.ts";

/** With a key, and without a log or a time stamp. */
export const KEY_ALONE: Signing = {
  mode: "key",
  reason: "",
  everyArchive: false,
  fulcioUrl: "",
  audience: "",
  rekorUrl: null,
  rekorVersion: 1,
  tsaUrl: null,
};
