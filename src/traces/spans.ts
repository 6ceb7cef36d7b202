import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { type IdGenerator, type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import {
  ATTR_CICD_PIPELINE_TASK_NAME,
  ATTR_CICD_PIPELINE_TASK_RUN_RESULT,
  CICD_PIPELINE_TASK_RUN_RESULT_VALUE_CANCELLATION as CANCELLATION,
  CICD_PIPELINE_TASK_RUN_RESULT_VALUE_FAILURE as FAILURE,
  CICD_PIPELINE_TASK_RUN_RESULT_VALUE_SUCCESS as SUCCESS,
} from "@opentelemetry/semantic-conventions/incubating";
import { Problem } from "../model/problem.ts";
import { formatStep, type Step } from "../model/step.ts";
import type { Surroundings } from "../model/surroundings.ts";
import type { Mask } from "../net/mask.ts";
import type { Random } from "../world/world.ts";
import { diagnosticAttributes, errorAttributes, stepAttributes } from "./attributes.ts";
import { collector } from "./mask.ts";
import { resourceOf } from "./resource.ts";
import { failureOf, manifestOf, planOf, type TracedRun } from "./run.ts";

export interface TraceOrigin {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly surroundings: Surroundings;
  /** This program's version. */
  readonly version: string;
  readonly random: Random;
  readonly mask: Mask;
}

/** A compiler may say a lot: characters of one attribute. */
const LONGEST = 8192;

/** One trace: the run, and under it every step. None when the trace that we join is not recorded. */
export function spansOf(run: TracedRun, origin: TraceOrigin): readonly ReadableSpan[] {
  const spans: ReadableSpan[] = [];
  const tracer = new TracerProvider({
    resource: resourceOf(run, origin.surroundings, origin.env),
    idGenerator: identifiers(origin.random),
    spanLimits: { attributeValueLengthLimit: LONGEST },
    spanProcessors: [collector(spans, origin.mask)],
  }).getTracer("go-release", origin.version);
  const name = `go-release ${run.command}`;
  const root = tracer.startSpan(
    name,
    { startTime: new Date(run.start), attributes: { [ATTR_CICD_PIPELINE_TASK_NAME]: name } },
    parentOf(origin.env),
  );
  const inside = trace.setSpan(ROOT_CONTEXT, root);
  const begin = (step: Step, at: number): Span =>
    tracer.startSpan(
      formatStep(step),
      { startTime: new Date(at), attributes: stepAttributes(step, planOf(run), manifestOf(run)) },
      inside,
    );
  tellSteps(run, begin);
  tellRemarks(run, root);
  conclude(root, run.end, failureOf(run));
  return spans;
}

/** `TRACEPARENT` and `TRACESTATE`, as "Environment Variables as Context Propagation Carriers" names them. */
function parentOf(env: TraceOrigin["env"]): Context {
  return new W3CTraceContextPropagator().extract(
    ROOT_CONTEXT,
    { traceparent: env["TRACEPARENT"], tracestate: env["TRACESTATE"] },
    defaultTextMapGetter,
  );
}

function identifiers(random: TraceOrigin["random"]): IdGenerator {
  return {
    generateTraceId: () => Buffer.from(random(16)).toString("hex"),
    generateSpanId: () => Buffer.from(random(8)).toString("hex"),
  };
}

function tellSteps(run: TracedRun, begin: (step: Step, at: number) => Span): void {
  const open = new Map<string, Span>();
  for (const { at, event } of run.moments) {
    if (event.type === "started") open.set(formatStep(event.step), begin(event.step, at));
    if (event.type !== "ended") continue;
    const name = formatStep(event.step);
    const span = open.get(name);
    if (span !== undefined) conclude(span, at, event.error, event.step);
    open.delete(name);
  }
  for (const span of open.values()) cancel(span, run.end);
}

/** What was said beside the steps. */
function tellRemarks({ moments }: TracedRun, root: Span): void {
  for (const { at, event } of moments) {
    if (event.type === "diagnosed")
      root.addEvent("diagnostic", diagnosticAttributes(event.diagnostic), new Date(at));
    if (event.type === "warning")
      root.addEvent("warning", { "go_release.warning": event.message }, new Date(at));
  }
}

/** Ends a span as semantic conventions say: success leaves the status alone, a failure sets it and its type. */
function conclude(span: Span, at: number, error: unknown, step?: Step): void {
  if (error === undefined) {
    span.setAttribute(ATTR_CICD_PIPELINE_TASK_RUN_RESULT, SUCCESS).end(new Date(at));
    return;
  }
  if (isEcho(error, step)) return cancel(span, at);
  const { name, message } =
    error instanceof Error ? error : new Error("what was thrown is no error");
  const interrupted = error instanceof Problem && error.code === "interrupted";
  const result = interrupted ? CANCELLATION : FAILURE;
  span
    .setAttributes({ ...errorAttributes(error), [ATTR_CICD_PIPELINE_TASK_RUN_RESULT]: result })
    .setStatus({ code: SpanStatusCode.ERROR, message: message.slice(0, LONGEST) });
  span.recordException({ name, message }, new Date(at));
  span.end(new Date(at));
}

/** A step that stopped because another had failed. */
function isEcho(error: unknown, step: Step | undefined): boolean {
  return (
    step !== undefined &&
    error instanceof Problem &&
    error.step !== undefined &&
    formatStep(error.step) !== formatStep(step)
  );
}

function cancel(span: Span, at: number): void {
  span.setAttribute(ATTR_CICD_PIPELINE_TASK_RUN_RESULT, CANCELLATION).end(new Date(at));
}
