import { Problem } from "../../model/problem.ts";
import type { CodeOrigin } from "../../model/surroundings.ts";
import type { Claims } from "./claims.ts";

/**
 * A reusable workflow's certificate names the workflow and its commit, and readers take it for the code that ran. So
 * where workflow and code are of one repository, they have to be of one commit. Throws a `Problem`.
 */
export function assertSameCode({ workflow }: Claims, code: CodeOrigin | undefined): void {
  if (workflow === undefined || code === undefined) return;
  const { repository, commit } = workflow;
  if (repository.toLowerCase() !== code.repository.toLowerCase() || commit === code.ref) return;
  throw new Problem(
    "code-elsewhere",
    `the certificate would name the workflow of ${repository} at ${commit}, but this program was loaded from ${code.ref}`,
    {
      hint: "in a reusable workflow, reference its own repository's action with `uses: $/node24`, which is from the same commit",
    },
  );
}
