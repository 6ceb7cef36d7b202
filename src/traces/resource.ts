import type { Attributes } from "@opentelemetry/api";
import { parseKeyPairsIntoRecord } from "@opentelemetry/core";
import { defaultResource, type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  ATTR_CICD_PIPELINE_RUN_ID,
  ATTR_CICD_PIPELINE_RUN_URL_FULL,
  ATTR_DEPLOYMENT_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
  ATTR_VCS_REF_HEAD_NAME,
  ATTR_VCS_REF_HEAD_REVISION,
} from "@opentelemetry/semantic-conventions/incubating";
import type { Surroundings } from "../model/surroundings.ts";
import { planOf, type TracedRun } from "./run.ts";

/** What every span of the run is about: the software that is released. The environment has the last word. */
export function resourceOf(
  run: TracedRun,
  surroundings: Surroundings,
  env: Readonly<Record<string, string | undefined>>,
): Resource {
  return [
    released(run, surroundings),
    parseKeyPairsIntoRecord(env["OTEL_RESOURCE_ATTRIBUTES"]),
    { [ATTR_SERVICE_NAME]: env["OTEL_SERVICE_NAME"] || undefined },
  ].reduce(
    (resource, attributes) => resource.merge(resourceFromAttributes(known(attributes))),
    defaultResource(),
  );
}

function released(run: TracedRun, { commit, ref, runId, runUrl }: Surroundings): Attributes {
  const plan = planOf(run);
  const revision = plan?.release.commit ?? commit;
  return {
    [ATTR_SERVICE_NAME]: plan?.name ?? "go-release",
    [ATTR_SERVICE_VERSION]: plan?.release.tag ?? plan?.release.version,
    [ATTR_DEPLOYMENT_ID]: revision,
    [ATTR_VCS_REF_HEAD_NAME]: plan?.release.tag ?? ref?.name,
    [ATTR_VCS_REF_HEAD_REVISION]: revision,
    [ATTR_CICD_PIPELINE_RUN_ID]: runId,
    [ATTR_CICD_PIPELINE_RUN_URL_FULL]: runUrl,
  };
}

function known(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
