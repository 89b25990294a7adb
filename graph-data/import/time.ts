import { RowFault } from './refusal.ts';

/** Numbers below this are seconds, others milliseconds: as milliseconds, this is March 1973. */
const millisecondsFrom = 1e11;
/** The year 5138. Larger numbers are not times in milliseconds; they may be microseconds. */
const millisecondsMax = 1e14;
const isoTime =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?$/;

/** {@link timeOf}, but throws a {@link RowFault} that names the column. */
export function parseTime(role: string, value: unknown): number {
  const time = timeOf(value);
  if (time === undefined) throw new RowFault(`${role} is neither an ISO 8601 date nor a Unix time`);
  return time;
}

/**
 * Converts an ISO 8601 date (UTC unless it has a zone) or a Unix time in seconds or milliseconds into milliseconds since
 * 1970. Returns undefined for any other value.
 */
export function timeOf(value: unknown): number | undefined {
  let time = NaN;
  if (value instanceof Date) time = value.getTime();
  else if (typeof value === 'bigint' || typeof value === 'number') time = unixTime(Number(value));
  else if (typeof value === 'string') {
    // Four digits may be a year and eight a date. As Unix times, neither is plausible.
    if (/^\d+(\.\d+)?$/.test(value)) time = [4, 8].includes(value.length) ? NaN : unixTime(Number(value));
    else if (isCalendarDate(value)) time = Date.parse(withZone(value.replace(' ', 'T')));
  }
  return Math.abs(time) < millisecondsMax ? Math.round(time) : undefined;
}

function unixTime(value: number): number {
  return Math.abs(value) < millisecondsFrom ? value * 1000 : value;
}

/** Whether the text is formatted as a date and the day exists: Date.parse turns 31 February into 2 March. */
function isCalendarDate(text: string): boolean {
  const [, year, month, day = '01'] = isoTime.exec(text) ?? [];
  return (
    year !== undefined &&
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  );
}

/** Adds UTC to a time without a zone, which JavaScript would interpret as local time. */
function withZone(iso: string): string {
  return iso.includes('T') && !/(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? `${iso}Z` : iso;
}
