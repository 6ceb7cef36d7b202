import type { Token } from "../token.ts";

const HEADERS = { job: "job-token", private: "private-token" } as const;

/** The one header that carries it. Job tokens sent as `PRIVATE-TOKEN` are refused, and the reverse. */
export const tokenHeader = ({ kind, secret }: Token): Record<string, string> => ({
  [HEADERS[kind]]: secret.reveal(),
});
