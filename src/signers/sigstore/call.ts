import type { Secret } from "../../model/secret.ts";

/** A network service that signing depends on. */
export interface Service {
  /** As people know it, e.g. `Rekor`. */
  readonly name: string;
  readonly url: string;
  /** Milliseconds without a byte. */
  readonly timeout: number;
}

export interface ServiceRequest {
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Statuses that are an answer besides 2xx. */
  readonly accept?: readonly number[];
  /** Values that no message may contain, whatever the service echoes. */
  readonly secrets?: readonly Secret[];
  /** The cure, by status. */
  readonly hints?: Readonly<Record<number, string>>;
  readonly signal?: AbortSignal | undefined;
}
