import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Problem } from "../../../src/model/problem.ts";
import { Secret } from "../../../src/model/secret.ts";
import { buildDecoder, Collector, decode, type Received } from "./collector.ts";
import { replay } from "./replay.ts";
import { ARCHIVE, DIGEST, failed, START, succeeded } from "./runs.ts";

let collector: Collector;
let base: string;
beforeAll(buildDecoder);
beforeEach(async () => {
  collector = new Collector();
  base = await collector.listen();
});
afterEach(() => collector.close());

/** What the collector has of a run; nothing may have been complained of. */
async function received(
  events: Parameters<typeof replay>[0],
  env: Record<string, string> = {},
  change: Parameters<typeof replay>[2] = {},
): Promise<Received> {
  expect(await replay(events, { OTEL_EXPORTER_OTLP_ENDPOINT: base, ...env }, change)).toEqual([]);
  expect(collector.requests).toHaveLength(1);
  const [request] = collector.requests;
  return decode(request as NonNullable<typeof request>);
}

function spanOf({ spans }: Received, name: string) {
  const span = spans.find((one) => one.name === name);
  if (span === undefined) throw new Error(`no span ${name}`);
  return span;
}
const ROOT = "go-release release";

describe.each([
  ["http/protobuf", "application/x-protobuf", "none"],
  ["http/json", "application/json", "none"],
  ["http/protobuf", "application/x-protobuf", "gzip"],
])("a release over %s as %s, compression %s", (protocol, type, compression) => {
  it("is one trace that the collector understands", async () => {
    const trace = await received(succeeded, {
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_COMPRESSION: compression,
      OTEL_EXPORTER_OTLP_HEADERS: "X-Tenant=a%20b,x-key=general",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "X-Key=own",
    });
    expect(collector.requests[0]).toMatchObject({
      path: "/v1/traces",
      headers: { "content-type": type, "x-tenant": "a b", "x-key": "own" },
    });
    expect(trace.scope).toBe("go-release@9.9.9");
    expect(trace.resource).toMatchObject({
      "service.name": "age",
      "service.version": "v1.3.1",
      "deployment.id": "0123456789abcdef0123456789abcdef01234567",
      "cicd.pipeline.run.id": "77",
      "cicd.pipeline.run.url.full": "https://ci.example.org/runs/77",
      "telemetry.sdk.name": "opentelemetry",
    });
    const root = spanOf(trace, ROOT);
    expect(root).toMatchObject({ parentId: "", traceState: "", status: "Unset" });
    const steps = trace.spans.filter((span) => span !== root);
    expect(steps.map(({ name }) => name)).toEqual([
      "survey",
      "build linux/amd64",
      "inspect linux/amd64 age",
      `pack ${ARCHIVE}`,
      `upload ${ARCHIVE}`,
      "publish",
    ]);
    for (const span of steps)
      expect(span).toMatchObject({
        parentId: root.spanId,
        traceId: root.traceId,
        status: "Unset",
        kind: "Internal",
        attributes: { "cicd.pipeline.task.run.result": "success" },
      });
    expect(new Set(trace.spans.map(({ spanId }) => spanId)).size).toBe(7);
    expect(spanOf(trace, "build linux/amd64")).toMatchObject({
      start: START + 100,
      end: START + 5100,
      attributes: { "go_release.target": "linux/amd64" },
    });
    expect(spanOf(trace, `pack ${ARCHIVE}`).attributes).toMatchObject({
      "artifact.filename": ARCHIVE,
      "artifact.hash": DIGEST,
      "file.size": 4321,
      "go_release.target": "linux/amd64",
    });
    expect(spanOf(trace, "inspect linux/amd64 age").attributes).toMatchObject({
      "artifact.filename": "age",
      "file.size": 4_600_000,
    });
    expect(JSON.stringify(trace)).not.toContain("a line of the compiler");
  });
});

describe("a failure", () => {
  it("has the code, the hint and the whole chain on its step and on the run", async () => {
    const trace = await received(failed);
    for (const name of [`upload ${ARCHIVE}`, ROOT])
      expect(spanOf(trace, name)).toMatchObject({
        status: "Error",
        message: `${ARCHIVE} could not be uploaded`,
        attributes: {
          "error.type": "upload",
          "go_release.error.hint": "run it again",
          "go_release.error.step": `upload ${ARCHIVE}`,
          "go_release.error.causes": ["PUT failed", "read ECONNRESET"],
          "cicd.pipeline.task.run.result": "failure",
        },
        events: expect.arrayContaining([
          {
            name: "exception",
            attributes: {
              "exception.type": "Problem",
              "exception.message": `${ARCHIVE} could not be uploaded`,
            },
          },
        ]),
      });
  });

  it.each(["build windows/amd64", "verify"])("only stops the step %s", async (name) => {
    expect(spanOf(await received(failed), name)).toMatchObject({
      status: "Unset",
      attributes: { "cicd.pipeline.task.run.result": "cancellation" },
    });
  });

  it("keeps what a compiler said, with its place", async () => {
    expect(spanOf(await received(failed), ROOT).events).toContainEqual({
      name: "diagnostic",
      attributes: {
        "code.file.path": "main.go",
        "code.line.number": 3,
        "code.column.number": 7,
        "go_release.diagnostic.message": "undefined: x",
        "go_release.diagnostic.targets": ["windows/amd64"],
      },
    });
  });

  it("before a plan was made still names the program", async () => {
    const problem = new Problem("interrupted", "interrupted by SIGINT");
    const trace = await received([{ type: "failed", problem, at: START }]);
    expect(trace.resource["service.name"]).toBe("go-release");
    expect(trace.resource).not.toHaveProperty("service.version");
    expect(spanOf(trace, ROOT)).toMatchObject({
      status: "Error",
      attributes: { "cicd.pipeline.task.run.result": "cancellation" },
    });
  });
});

describe("TRACEPARENT", () => {
  const TRACE = "0af7651916cd43dd8448eb211c80319c";
  const PARENT = "b7ad6b7169203331";

  it("is joined, with its tracestate", async () => {
    const trace = await received(succeeded, {
      TRACEPARENT: `00-${TRACE}-${PARENT}-01`,
      TRACESTATE: "vendor=abc,other=1",
    });
    const root = spanOf(trace, ROOT);
    expect(root.parentId).toBe(PARENT);
    for (const span of trace.spans)
      expect(span).toMatchObject({ traceId: TRACE, traceState: "vendor=abc,other=1" });
  });

  it("that is not sampled sends nothing", async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: base, TRACEPARENT: `00-${TRACE}-${PARENT}-00` };
    expect(await replay(succeeded, env)).toEqual([]);
    expect(collector.requests).toEqual([]);
  });

  it.each(["nonsense", `00-${"0".repeat(32)}-${PARENT}-01`, `ff-${TRACE}-${PARENT}-01`, ""])(
    "%j begins a trace of its own",
    async (parent) => {
      const root = spanOf(await received(succeeded, { TRACEPARENT: parent }), ROOT);
      expect(root.parentId).toBe("");
      expect(root.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/u);
    },
  );
});

describe("the environment", () => {
  it("has the last word about the resource", async () => {
    const { resource } = await received(succeeded, {
      OTEL_SERVICE_NAME: "chosen",
      OTEL_RESOURCE_ATTRIBUTES: "service.name=other,team=a%20b,deployment.id=7",
    });
    expect(resource).toMatchObject({
      "service.name": "chosen",
      "deployment.id": "7",
      team: "a b",
      "service.version": "v1.3.1",
    });
  });

  it("names the traces' own endpoint as it is", async () => {
    await received(succeeded, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${base}/otlp?key=k` });
    expect(collector.requests[0]?.path).toBe("/otlp?key=k");
  });
});

it("shows no secret: neither a header, nor a token, nor a masked value", async () => {
  const say = "got Bearer key-of-collector, ghs_surroundings, id-token-of-ci and masked-by-main";
  const problem = new Problem("leak", say, { hint: say, cause: new Error(say) });
  const env = {
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20key-of-collector",
    OTEL_EXPORTER_OTLP_ENDPOINT: base,
  };
  const token = new Secret("ghs_surroundings");
  const identity = { kind: "token", token: new Secret("id-token-of-ci") } as const;
  await replay(
    [
      { type: "started", step: { kind: "upload", of: "masked-by-main" }, at: START },
      { type: "ended", step: { kind: "upload", of: "masked-by-main" }, at: START, error: problem },
      { type: "diagnosed", diagnostic: { message: say, targets: [say] } },
      { type: "warning", message: say },
      { type: "failed", problem, at: START },
    ],
    env,
    {
      surroundings: { ci: true, folder: "/", token, identity },
      secrets: [new Secret("masked-by-main")],
    },
  );
  const [request] = collector.requests;
  const text = JSON.stringify(decode(request as NonNullable<typeof request>));
  expect(text).toContain("got ***, ***, *** and ***");
  expect(text).not.toMatch(/key-of-collector|ghs_surroundings|id-token-of-ci|masked-by-main/u);
  expect(request?.headers.authorization).toBe("Bearer key-of-collector");
});
