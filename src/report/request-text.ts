import type { RequestedEvent } from "../model/event.ts";
import { formatDuration } from "./table.ts";

/** `GET https://api.github.com/repos/acme/hello 200 (123 ms)`. */
export function requestText({ method, url, answer, duration }: RequestedEvent): string {
  return `${method} ${url} ${answer} (${formatDuration(duration)})`;
}
