import { Problem } from "../../model/problem.ts";
import type { Service, ServiceRequest } from "./call.ts";

/** No answer came. */
export function silence(
  service: Service,
  call: ServiceRequest,
  error: unknown,
  tries: number,
): Problem {
  return new Problem(
    "signing-service",
    `${place(service)} did not answer in ${tries} tries: ${clean(messageOf(error), call)}`,
    {
      hint: "see whether the service is up and reachable from here (proxy, firewall), then run again: nothing was published",
    },
  );
}

/** An answer came that is none to the question. */
export function refusal(
  service: Service,
  call: ServiceRequest,
  status: number,
  body: Buffer,
  tries: number,
): Problem {
  const said = clean(whatItSaid(body), call);
  const often = tries > 1 ? ` in ${tries} tries` : "";
  return new Problem(
    "signing-service",
    `${place(service)} answered ${status}${often}${said === "" ? "" : `: ${said}`}`,
    {
      hint:
        call.hints?.[status] ??
        (status >= 500
          ? "the service is in trouble: run again later; nothing was published"
          : "see whether the service's URL is right and whether it accepts this identity or key"),
    },
  );
}

/** A service answered 2xx with something that cannot be its answer. */
export function nonsense(service: Pick<Service, "name" | "url">, what: string): Problem {
  return new Problem("signing-service", `${place(service)} answered with ${what}`, {
    hint: "see whether the URL is the service's own and no proxy answers in its place",
  });
}

/** The URL without its query and credentials. */
function place({ name, url }: Pick<Service, "name" | "url">): string {
  const { origin, pathname } = new URL(url);
  return `${name} (${origin}${pathname})`;
}

function whatItSaid(body: Buffer): string {
  const text = body.toString("utf8");
  try {
    const { message, error } = JSON.parse(text) as Record<string, unknown>;
    if (typeof message === "string") return message;
    if (typeof error === "string") return error;
  } catch {
    // Not JSON: its first words are all there is.
  }
  return text.startsWith("<") ? "" : text;
}

/** One line of at most 300 characters, without secrets and without anything that looks like a token. */
function clean(text: string, { secrets = [] }: ServiceRequest): string {
  const hidden = secrets
    .map((secret) => secret.reveal())
    .filter((value) => value !== "")
    .reduce((rest, value) => rest.replaceAll(value, "***"), text);
  return hidden
    .replace(/\bey[\w-]{16,}(\.[\w-]*)*/g, "***")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
