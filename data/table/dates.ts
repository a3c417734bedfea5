/**
 * Dates in texts, as milliseconds since 1970.
 *
 * @module
 */

const pattern =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Milliseconds of a day. */
export const DAY = 86_400_000;

/**
 * The time of a date such as `2024-02-29`, `2024/2/29`, `2024-02-29T12:30` or `2024-02-29 12:30:00+02:00`, in
 * milliseconds since 1970; `undefined` if the text is none. Times without a zone are UTC, so they are the same on every
 * machine. Days of other orders, such as `02/03/2024`, may be either, so they are no dates.
 */
export function timeOf(text: string): number | undefined {
  const found = pattern.exec(text);
  if (!found) return undefined;
  const [, year, , month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone] = found;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number);
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  // A day that the month does not have would be one of the next month.
  if (date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d || mo < 1 || h > 23 || mi > 59 || s > 59) {
    return undefined;
  }
  return date.getTime() + ((h * 60 + mi) * 60 + s) * 1000 + Math.floor(Number(`0.${fraction}`) * 1000) - offsetOf(zone);
}

/** The milliseconds by which clocks of a zone such as `+02:00` are ahead of UTC. */
function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -1 : 1) * minutes * 60_000;
}
