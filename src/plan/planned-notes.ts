/** What a release says, and what its reader should know of it. */
export interface PlannedNotes {
  /** Markdown; null leaves it to the forge. */
  readonly text: string | null;
  /** Wherever the notes are less than was asked for. */
  readonly notices: readonly string[];
}
