import type { RequestedEvent } from "../model/event.ts";
import type { Clock, Http } from "./world.ts";

/** The same network, of which every request is told: never a header, a body or a query. */
export function observed(http: Http, clock: Clock, tell: (event: RequestedEvent) => void): Http {
  return async (request) => {
    const { method, url } = request;
    const start = clock.now();
    const answered = (answer: number | string): void =>
      tell({ type: "requested", method, url: plain(url), answer, duration: clock.now() - start });
    try {
      const response = await http(request);
      answered(response.status);
      return response;
    } catch (error) {
      answered(reasonOf(error));
      throw error;
    }
  };
}

function plain(url: string): string {
  if (!URL.canParse(url)) return "(no URL)";
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** A code alone: the words of an error may quote what was sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
