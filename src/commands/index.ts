import type { CommandHandler } from "../app/context.ts";
import type { CommandName } from "../config/commands.ts";
import { build } from "./build.ts";
import { check } from "./check.ts";
import { init } from "./init.ts";
import { plan } from "./plan.ts";
import { publish } from "./publish.ts";
import { release } from "./release.ts";
import { verify } from "./verify.ts";

/** Every command. */
export const performers = { release, plan, build, publish, verify, check, init } satisfies Record<
  CommandName,
  CommandHandler
>;
