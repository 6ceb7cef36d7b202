import { randomBytes } from "node:crypto";
import type { Random } from "../world.ts";

export const random: Random = (bytes) => randomBytes(bytes);
