import type { Artifact } from "../model/artifact.ts";
import { type Bundling, existingBundle, type VerifiedBundle } from "./sign.ts";

/**
 * Another run was quicker, or signed with another identity: its bundles are the released ones. Those that verify
 * for this run's files take the place of what this run made; of the others is told.
 */
export function existingSignatures(made: readonly VerifiedBundle[]): Bundling {
  return async (wanted, subjects, run) => {
    const released = await existingBundle(wanted, subjects, run);
    if (released !== undefined) return released;
    const own = made.find(({ artifact }) => artifact.name === wanted.name);
    if (own === undefined) throw new Error(`${wanted.name} was never made`);
    run.journal.tell({ type: "warning", message: foreign(own.artifact) });
    return own;
  };
}

function foreign({ name }: Artifact): string {
  return `the released ${name} was not made by this identity for these files and is kept: the one in the output folder is not released; \`replace: true\` replaces it`;
}
