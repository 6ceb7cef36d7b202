/** Notes that fit into `room` characters: too long ones are cut at a line and end with `end`. */
export function fitting(notes: string, room: number, end: string): string {
  if (notes.length <= room) return notes;
  const kept = notes.slice(0, room - end.length);
  const line = kept.lastIndexOf("\n");
  return (line > 0 ? kept.slice(0, line) : kept) + end;
}
