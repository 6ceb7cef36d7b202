import { Secret } from "../model/secret.ts";

/** Where and how the trace is sent. */
export interface TraceSettings {
  /** Complete, with its path. */
  readonly url: URL;
  readonly protocol: Protocol;
  /** As written, `name=value,name=value`: collectors' keys are among them. */
  readonly headers: Secret;
  /** Milliseconds for everything that sending takes. */
  readonly timeout: number;
  readonly gzip: boolean;
}

const protocols = ["http/protobuf", "http/json"] as const;
export type Protocol = (typeof protocols)[number];

type TraceEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * OpenTelemetry's own variables ("Environment Variable Specification", "OpenTelemetry Protocol Exporter").
 * Undefined without an endpoint, when it is switched off, and when it asks for what we cannot do; the last is
 * told through `warn`, because a trace is never worth a release.
 */
export function settingsOf(
  env: TraceEnvironment,
  warn: (message: string) => void,
): TraceSettings | undefined {
  const written = endpoint(env);
  if (written === undefined || disabled(env)) return undefined;
  const refuse = (message: string): undefined => {
    warn(`no trace is sent: ${message}`);
    return undefined;
  };
  const exporter = value(env, "OTEL_TRACES_EXPORTER") ?? "otlp";
  if (!exporter.split(",").includes("otlp"))
    return refuse(`OTEL_TRACES_EXPORTER is ${JSON.stringify(exporter)}; set it to otlp or none`);
  const protocol = protocols.find((known) => known === (of(env, "PROTOCOL") ?? protocols[0]));
  if (protocol === undefined)
    return refuse(
      `OTEL_EXPORTER_OTLP_PROTOCOL is ${JSON.stringify(of(env, "PROTOCOL"))}; set it to ${protocols.join(" or ")}, and the endpoint to the collector's HTTP port (4318)`,
    );
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol))
    return refuse("OTEL_EXPORTER_OTLP_ENDPOINT is not an http:// or https:// URL");
  if (url.username !== "" || url.password !== "")
    return refuse(
      "OTEL_EXPORTER_OTLP_ENDPOINT contains a user name or password; pass them as OTEL_EXPORTER_OTLP_HEADERS=authorization=Basic%20…",
    );
  for (const name of ["CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY"])
    if (of(env, name) !== undefined)
      warn(`OTEL_EXPORTER_OTLP_${name} is not supported; NODE_EXTRA_CA_CERTS adds CA certificates`);
  return {
    url,
    protocol,
    headers: new Secret(headers(env)),
    timeout: timeout(env, warn),
    gzip: of(env, "COMPRESSION") === "gzip",
  };
}

/** The signal's own endpoint is used as it is; the general one is the base of every signal's path. */
function endpoint(env: TraceEnvironment): string | undefined {
  const base = value(env, "OTEL_EXPORTER_OTLP_ENDPOINT");
  return (
    value(env, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") ??
    (base === undefined ? undefined : `${base.replace(/\/$/u, "")}/v1/traces`)
  );
}

function disabled(env: TraceEnvironment): boolean {
  return (
    value(env, "OTEL_SDK_DISABLED")?.toLowerCase() === "true" ||
    value(env, "OTEL_TRACES_EXPORTER") === "none"
  );
}

/** Both lists; of two headers of one name the later counts, which is the signal's own. */
function headers(env: TraceEnvironment): string {
  return ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"]
    .flatMap((name) => value(env, name) ?? [])
    .join(",");
}

const DEFAULT_TIMEOUT = 10_000;

function timeout(env: TraceEnvironment, warn: (message: string) => void): number {
  const written = of(env, "TIMEOUT");
  const milliseconds = Number(written ?? DEFAULT_TIMEOUT);
  if (Number.isFinite(milliseconds) && milliseconds > 0) return milliseconds;
  warn(
    `OTEL_EXPORTER_OTLP_TIMEOUT is ${JSON.stringify(written)}; it is in milliseconds, and ${DEFAULT_TIMEOUT} is used`,
  );
  return DEFAULT_TIMEOUT;
}

/** A variable of the traces signal, else the one of all signals. */
function of(env: TraceEnvironment, name: string): string | undefined {
  return (
    value(env, `OTEL_EXPORTER_OTLP_TRACES_${name}`) ?? value(env, `OTEL_EXPORTER_OTLP_${name}`)
  );
}

/** An empty variable counts as one that is not set, says the specification. */
function value(env: TraceEnvironment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}
