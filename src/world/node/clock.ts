import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../world.ts";

export const clock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
};
