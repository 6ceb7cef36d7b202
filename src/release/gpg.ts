import { join } from "node:path";
import { digest } from "../checksums/digest.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { keyCures, type OpenpgpRequest, openpgp } from "../tools/openpgp.ts";
import { runTool } from "../tools/tool.ts";
import type { LockedKey, ReleaseRun } from "./release-run.ts";
import { compileTool, downloadTool, type ToolPlace } from "./tool-steps.ts";

/** The tool that signs, compiled, and a key that it can use. */
export interface GpgSigner {
  readonly program: string;
}

/** What a key is tried with. */
type KeyBench = ToolPlace & Pick<ReleaseRun, "plan" | "gpgKey">;

/**
 * Makes the tool and tries the key, where an OpenPGP signature is planned. Throws a `Problem` before anything else is
 * built.
 */
export async function prepareGpg(run: KeyBench): Promise<GpgSigner | undefined> {
  const { gpg, packageSigning } = run.plan;
  const same = packageSigning?.openpgp === true;
  if (gpg === undefined && !same) return undefined;
  await downloadTool(openpgp, run);
  const program = await compileTool(openpgp, run);
  const { mode, rsa = false } = gpg ?? { mode: "key" as const };
  await run.journal.step({ kind: "check", of: "OpenPGP key" }, () =>
    ask(program, { rsa, same }, mode, run),
  );
  return { program };
}

/**
 * Signs the list of checksums. A signature that an earlier run left at the forge, and that this key made of the same
 * list, is used again: two signatures are never the same.
 */
export async function signWithGpg(
  list: Artifact,
  signer: GpgSigner | undefined,
  run: ReleaseRun,
): Promise<readonly Artifact[]> {
  const { gpg } = run.plan;
  if (gpg === undefined || signer === undefined) return [];
  const { name, armored } = gpg;
  const { files } = run.world;
  return await run.journal.step({ kind: "sign", of: `${list.name} (OpenPGP)` }, async () => {
    const there = await run.staged?.existing(name, run.signal);
    const out = join(run.output.staging, name);
    const earlier = there === undefined ? {} : { earlier: Buffer.from(there).toString("base64") };
    const file = join(run.output.staging, list.name);
    await ask(signer.program, { file, out, armored, ...earlier }, gpg.mode, run);
    const { size, sha256 } = await digest(() => files.source(out));
    return [{ kind: "signature", name, path: name, size, sha256, from: [list.name] }];
  });
}

async function ask(
  program: string,
  work: Partial<OpenpgpRequest>,
  mode: NonNullable<Plan["gpg"]>["mode"],
  {
    world,
    output,
    signal,
    gpgKey,
    journal,
  }: Pick<KeyBench, "world" | "output" | "signal" | "gpgKey" | "journal">,
): Promise<void> {
  const time = Math.floor(journal.now() / 1000);
  const whose = mode === "throwaway" ? { throwaway: true } : revealedKey(gpgKey);
  const input = JSON.stringify({ ...work, ...whose, time } satisfies OpenpgpRequest);
  const said = await runTool(program, input, { world, temporary: output.temporary, signal });
  if (said === undefined) return;
  const [, word = "", message = said.join(" ")] = /^([a-z ]+): (.*)$/su.exec(said.join("\n")) ?? [];
  throw new Problem("gpg-key", `the OpenPGP key: ${message}`, {
    hint: keyCures[word] ?? "see that the key is whole, and run it again",
  });
}

/** As a tool reads it. */
export function revealedKey(given: LockedKey | undefined): {
  readonly key: string;
  readonly passphrase?: string;
} {
  if (given === undefined) throw new Error("the plan signs with a key that nobody gave");
  const { key, passphrase } = given;
  return {
    key: key.reveal(),
    ...(passphrase === undefined ? {} : { passphrase: passphrase.reveal().replace(/\r?\n$/u, "") }),
  };
}
