import { Problem } from "../../model/problem.ts";

/** MS-DOS date and time (APPNOTE 4.4.6): two-second steps from 1980 to 2107, in no time zone; ours is UTC. */
export interface DosTime {
  readonly date: number;
  readonly time: number;
}

/** The nearest DOS time not after `date`; what lies outside its range becomes its first or last moment. */
export function dosTime(date: Date): DosTime {
  if (Number.isNaN(date.getTime()))
    throw new Problem("archive-date", "an archive cannot store an invalid date");
  const year = date.getUTCFullYear();
  if (year < 1980) return packed(1980, 1, 1, 0, 0, 0);
  if (year > 2107) return packed(2107, 12, 31, 23, 59, 58);
  return packed(
    year,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  );
}

function packed(
  year: number,
  month: number,
  day: number,
  hours: number,
  minutes: number,
  seconds: number,
): DosTime {
  return {
    date: ((year - 1980) << 9) | (month << 5) | day,
    time: (hours << 11) | (minutes << 5) | (seconds >> 1),
  };
}
