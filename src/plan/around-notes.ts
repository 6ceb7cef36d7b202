import type { Config } from "../config/config.ts";
import type { Facts } from "../facts/facts.ts";
import { normalized } from "../markdown/blocks.ts";
import type { ReleaseSpec } from "../model/plan.ts";
import { fill, type Values } from "../model/template.ts";

interface AroundInputs {
  readonly config: Pick<Config, "settings">;
  readonly facts: Pick<Facts, "notes">;
}

/** The notes between what stands before and after them; a forge that generates notes is told of both. */
export function withAround(
  notes: string | null,
  { config: { settings }, facts }: AroundInputs,
  values: Values,
  previousTag: string | null,
): Pick<ReleaseSpec, "notes" | "header" | "footer"> {
  const own = { ...values, "previous-tag": previousTag ?? "" };
  const text = (file: string | undefined, given: string | undefined): string =>
    fill(normalized(file ?? given ?? ""), own).trim();
  const header = text(facts.notes.header, settings.header);
  const footer = text(facts.notes.footer, settings.footer);
  if (notes === null)
    return { notes, ...(header === "" ? {} : { header }), ...(footer === "" ? {} : { footer }) };
  if (header === "" && footer === "") return { notes };
  return { notes: [header, notes, footer].filter((part) => part.trim() !== "").join("\n\n") };
}
