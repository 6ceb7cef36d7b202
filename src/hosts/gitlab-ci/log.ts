import type { Secret } from "../../model/secret.ts";
import { mask } from "../../net/mask.ts";
import { escapeControls } from "../../report/escape-controls.ts";

/**
 * GitLab's job log: plain lines and collapsible sections (docs.gitlab.com, "Custom collapsible sections"). What
 * others wrote can neither begin a section nor move the cursor nor show a secret.
 */
export class JobLog {
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  readonly #secrets = new Set<string>();
  #mask = mask([]);
  #sections = 0;

  constructor(write: (text: string) => void, now: () => number) {
    this.#write = write;
    this.#now = now;
  }

  /** Hides a value, and each line of it, wherever it would be printed. */
  hide(secret: Secret): void {
    this.#secrets.add(secret.reveal());
    this.#mask = mask(this.#secrets);
  }

  /** Text of one or more lines. */
  say(text: string, colour?: keyof typeof COLOURS): void {
    for (const line of this.#clean(text)) this.#write(`${paint(line, colour)}\n`);
  }

  /** A closed section, `from` in milliseconds since 1970, printed whole so that no two ever mix. */
  section(
    title: string,
    from: number,
    lines: readonly string[],
    open: boolean,
    colour?: keyof typeof COLOURS,
  ): void {
    const name = `go_release_${++this.#sections}`;
    const [head = ""] = this.#clean(title);
    const start = `${ERASE}section_start:${seconds(from)}:${name}[collapsed=${!open}]\r${ERASE}`;
    this.#write(`${start}${paint(head, colour)}\n`);
    for (const line of lines) this.say(line);
    this.#write(`${ERASE}section_end:${seconds(this.#now())}:${name}\r${ERASE}\n`);
  }

  #clean(text: string): readonly string[] {
    // Before secrets are looked for, which a control character in their midst would keep from being found.
    const hidden = this.#mask(text.replace(ESCAPES, "").replace(CONTROLS, ""));
    return escapeControls(hidden).split("\n");
  }
}

const ERASE = "\u001b[0K";
const COLOURS = { green: 32, yellow: 33, red: 31, bold: 1 } as const;

function paint(line: string, colour: keyof typeof COLOURS | undefined): string {
  return colour === undefined || line === "" ? line : `\u001b[${COLOURS[colour]}m${line}\u001b[0m`;
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** ECMA-48 control sequences. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const ESCAPES = /\u001b\[[0-?]*[ -/]*[@-~]/g;

/** Everything that is not printed, but tabs and line breaks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;
