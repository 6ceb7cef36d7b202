import type { Event } from "../../model/event.ts";
import { Secret } from "../../model/secret.ts";
import type { Surroundings } from "../../model/surroundings.ts";
import { escapeControls } from "../../report/escape-controls.ts";
import { planSummary } from "../../report/plan-table.ts";
import { problemText } from "../../report/problem-text.ts";
import { releaseText } from "../../report/release-text.ts";
import { requestText } from "../../report/request-text.ts";
import { endedText } from "../../report/step-text.ts";
import type { Host } from "../host.ts";
import { LiveView } from "./live.ts";

/** The screen, as far as this host needs one. */
export interface Screen {
  /** Lines for people. */
  readonly write: (text: string) => void;
  /** Redraws in place, in colour. */
  readonly live: boolean;
  readonly colour: boolean;
  readonly columns: number;
  readonly rows: number;
}

interface TerminalOptions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly screen: Screen;
  /** Repeats `work` until the function it gives is called. */
  readonly every: (milliseconds: number, work: () => void) => () => void;
  readonly now: () => number;
}

/** A person at a shell, or any CI that nobody knows. */
export function terminal(place: TerminalOptions): Host {
  const { screen } = place;
  const view = new LiveView();
  const paint = (code: number, text: string): string =>
    screen.colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  const redraw = (): void =>
    screen.write(view.erase() + view.draw(place.now(), screen.columns, screen.rows));
  const stop = screen.live ? place.every(200, redraw) : () => {};
  const say = (text: string): void => {
    if (!screen.live) return screen.write(`${text}\n`);
    screen.write(`${view.erase()}${text}\n${view.draw(place.now(), screen.columns, screen.rows)}`);
  };
  return {
    inputs: () => ({}),
    surroundings: surroundingsOf(place),
    mask: () => {},
    tell: (event) => {
      view.note(event);
      const text = textOf(event, paint);
      if (text !== undefined) say(text);
    },
    output: async () => {},
    close: async () => {
      stop();
      screen.write(view.erase());
    },
  };
}

type Paint = (code: number, text: string) => string;

const RED = 31;
const GREEN = 32;
const YELLOW = 33;
const DIM = 2;

function textOf(event: Event, paint: Paint): string | undefined {
  switch (event.type) {
    case "planned":
      return escapeControls(planSummary(event.plan));
    case "ended":
      return event.error === undefined
        ? endedText(event, undefined, (sign) => paint(GREEN, sign))
        : undefined;
    case "notice":
      return `${paint(DIM, "note:")} ${escapeControls(event.message)}`;
    case "warning":
      return `${paint(YELLOW, "warning:")} ${escapeControls(event.message)}`;
    case "failed":
      return `${paint(RED, "error:")} ${problemText(event.problem)}`;
    case "released":
      return `\n${releaseText(event.manifest, event.folder, (text) => paint(DIM, text))}`;
    case "requested":
      return paint(DIM, `debug: ${escapeControls(requestText(event))}`);
    case "started":
    case "output":
    case "diagnosed":
      return undefined;
  }
}

/** What a shell can tell: whether some CI started it, and the identity token that one hands over. */
function surroundingsOf({ folder, env }: TerminalOptions): Surroundings {
  const token = env["SIGSTORE_ID_TOKEN"] ?? "";
  const ci = env["CI"] === "true";
  return {
    ci,
    folder,
    ...(ci ? { project: folder } : {}),
    ...(token === "" ? {} : { identity: { kind: "token", token: new Secret(token) } }),
  };
}
