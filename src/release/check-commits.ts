import { Problem } from "../model/problem.ts";
import { type ReleaseRun, signs } from "./release-run.ts";
import type { VerifiedBundle } from "./sign.ts";

/**
 * A certificate names the commit that its run was started for: that of this run, or of the released commit where
 * the run does not say. Throws a `Problem` when it is another. A run that was started by hand, elsewhere than at the
 * tag, signs for the tag all the same, and is told of.
 */
export function checkCommits(signed: readonly VerifiedBundle[], run: ReleaseRun): void {
  const { commit } = run.plan.release;
  const started = signs(run) ? (run.signing.commit ?? commit) : commit;
  for (const { artifact, identity } of signed) {
    if (identity.commit === undefined || identity.commit === started) continue;
    throw new Problem(
      "signed-elsewhere",
      `${artifact.name} was signed by a run for the commit ${identity.commit}, but this run is for ${started ?? "none"}`,
      {
        hint: "nothing was published; `replace: true` signs again if an earlier run's signature is in the way",
      },
    );
  }
  const other = signed.find(({ identity }) => (identity.commit ?? commit) !== commit);
  if (other === undefined) return;
  run.journal.tell({
    type: "warning",
    message: `the certificate names the commit ${other.identity.commit ?? ""}, for which this run was triggered, but the release is for ${commit ?? "none"}: start the run for the tag so that both agree`,
  });
}
