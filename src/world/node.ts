import { capture } from "./node/capture.ts";
import { clock } from "./node/clock.ts";
import { files } from "./node/files.ts";
import { http } from "./node/http.ts";
import { install } from "./node/install.ts";
import { machine } from "./node/machine.ts";
import { memoryGauge } from "./node/memory.ts";
import { random } from "./node/random.ts";
import { stream } from "./node/stream.ts";
import type { World } from "./world.ts";

/** The real world. This file and its folder are the only ones in the core with effects. */
export async function node(): Promise<World> {
  return {
    files,
    stream,
    capture,
    http,
    clock,
    random,
    machine: await machine(),
    memory: memoryGauge,
    install,
  };
}
