import { blamingRepository } from "../app/blame.ts";
import type { CommandContext, CommandHandler } from "../app/context.ts";
import type { CommandName } from "../config/commands.ts";
import { build } from "./build.ts";
import { check } from "./check.ts";
import { init } from "./init.ts";
import { plan } from "./plan.ts";
import { publish } from "./publish.ts";
import { release } from "./release.ts";
import { verify } from "./verify.ts";

/** Every command. */
const performers = { release, plan, build, publish, verify, check, init } satisfies Record<
  CommandName,
  CommandHandler
>;

/** Performs one of them. What fails because of what the checkout lacks says so. */
export async function performCommand(command: CommandName, call: CommandContext): Promise<void> {
  try {
    await performers[command](call);
  } catch (error) {
    throw await blamingRepository(error, call);
  }
}
