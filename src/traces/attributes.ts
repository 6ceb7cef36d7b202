import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_ARTIFACT_FILENAME,
  ATTR_ARTIFACT_HASH,
  ATTR_CICD_PIPELINE_TASK_NAME,
  ATTR_CODE_COLUMN_NUMBER,
  ATTR_CODE_FILE_PATH,
  ATTR_CODE_LINE_NUMBER,
  ATTR_ERROR_TYPE,
  ATTR_FILE_SIZE,
} from "@opentelemetry/semantic-conventions/incubating";
import { defined } from "../model/defined.ts";
import type { Diagnostic } from "../model/event.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatStep, type Step } from "../model/step.ts";
import { formatTarget } from "../model/target.ts";
import { fields } from "../report/problem-text.ts";

/** What a step works on. Sizes and digests are known of what was released. */
export function stepAttributes(step: Step, plan?: Plan, manifest?: Manifest): Attributes {
  const build = plan?.builds.find(({ id }) => id === (step.build ?? step.of));
  const archive = plan?.archives.find(({ name }) => name === step.of);
  const target = build?.target ?? archive?.target;
  const file =
    manifest?.artifacts.find(({ name }) => name === step.of) ??
    manifest?.binaries.find(({ build: made, name }) => made === step.build && name === step.of);
  const name = file?.name ?? archive?.name;
  return defined({
    [ATTR_CICD_PIPELINE_TASK_NAME]: formatStep(step),
    "go_release.step": step.kind,
    ...(target === undefined ? {} : { "go_release.target": formatTarget(target) }),
    [ATTR_ARTIFACT_FILENAME]: name,
    ...(file === undefined
      ? {}
      : { [ATTR_FILE_SIZE]: file.size, [ATTR_ARTIFACT_HASH]: file.sha256 }),
  });
}

/** A failure as fields: the stable code is the error's type, the chain a list, outermost first. */
export function errorAttributes(error: unknown): Attributes {
  if (!(error instanceof Problem))
    return { [ATTR_ERROR_TYPE]: error instanceof Error ? error.name : "unknown" };
  const { code, hint, target, causes } = fields(error);
  const step = error.step === undefined ? undefined : formatStep(error.step);
  const named = { hint, step, target, causes };
  return {
    [ATTR_ERROR_TYPE]: code as string,
    ...Object.fromEntries(
      Object.entries(named).flatMap(([name, value]) =>
        value === undefined ? [] : [[`go_release.error.${name}`, value as string | string[]]],
      ),
    ),
  };
}

export function diagnosticAttributes(diagnostic: Diagnostic): Attributes {
  const { file, line, column, message, targets } = diagnostic;
  return {
    "go_release.diagnostic.message": message,
    "go_release.diagnostic.targets": [...targets],
    ...defined({
      [ATTR_CODE_FILE_PATH]: file,
      [ATTR_CODE_LINE_NUMBER]: line,
      [ATTR_CODE_COLUMN_NUMBER]: column,
    }),
  };
}
