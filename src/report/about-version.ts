import { publicGood } from "../signers/trust/public-good.ts";
import { table } from "./table.ts";

/** `--version --verbose`: the version, and what came with it that grows old. */
export function aboutVersion(version: string): string {
  const { date, tufRoot, tufUrl } = publicGood;
  const { version: root, expires } = tufRoot.signed;
  const rows = [
    ["go-release", version],
    ["node", process.versions.node],
    ["trust root", `sigstore's public good instance of ${date}, newer ones from ${tufUrl}`],
    ["TUF root", `version ${root}, expires on ${expires.slice(0, 10)}`],
  ] as const;
  return `${table(rows)}\n`;
}
