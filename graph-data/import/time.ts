import { utcParse } from 'd3-time-format';
import { DataError } from '../errors.ts';
import { RowFault } from './refusal.ts';

/** Minimum of Unix times in seconds, March 1973: smaller numbers are years, dates or spreadsheet days. */
const secondsFrom = 1e8;
/** Larger numbers are milliseconds, microseconds and nanoseconds; each limit is March 1973. */
const millisecondsFrom = 1e11;
const microsecondsFrom = 1e14;
const nanosecondsFrom = 1e17;
/** The year 5138 in milliseconds. */
const millisecondsMax = 1e14;
const isoTime =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?(?:Z|UTC|[+-]\d{2}(?::?\d{2})?))?)?)?$/;

/** Returns a parser of times, by a strftime format or as {@link timeOf}. Throws `import-columns-unknown`. */
export function timeParser(format: string | undefined): (role: string, value: unknown) => number {
  if (format === undefined) return parseTime;
  if (!format.includes('%'))
    throw new DataError(
      'import-columns-unknown',
      `the date format ${JSON.stringify(format)} has no directive: write %d/%m/%Y or %m/%d/%Y %H:%M`,
    );
  const parse = utcParse(format);
  return (role, value) => {
    const date = typeof value === 'string' ? parse(value) : null;
    if (date === null) throw new RowFault(`${role} does not have the date format ${format}`);
    return date.getTime();
  };
}

/** {@link timeOf}, but throws a {@link RowFault} that names the column. */
export function parseTime(role: string, value: unknown): number {
  const time = timeOf(value);
  if (time === undefined)
    throw new RowFault(`${role} is neither an ISO 8601 date nor a Unix time (--date-format reads others)`);
  return time;
}

/**
 * Converts an ISO 8601 date (UTC unless it has a zone) or a Unix time in seconds, milliseconds, microseconds or
 * nanoseconds, as a number or digits, into milliseconds since 1970. Returns undefined for any other value.
 */
export function timeOf(value: unknown): number | undefined {
  let time = NaN;
  if (value instanceof Date) time = value.getTime();
  else if (typeof value === 'bigint' || typeof value === 'number') time = unixTime(Number(value));
  else if (typeof value === 'string') {
    if (/^-?\d+(\.\d+)?$/.test(value)) time = unixTime(Number(value));
    else if (isCalendarDate(value)) time = Date.parse(asParsed(value));
  }
  return Math.abs(time) < millisecondsMax ? Math.round(time) : undefined;
}

/** Milliseconds; NaN for a number that is not a plausible Unix time. */
function unixTime(value: number): number {
  const size = Math.abs(value);
  if (size < secondsFrom) return NaN;
  if (size < millisecondsFrom) return value * 1000;
  if (size < microsecondsFrom) return value;
  return size < nanosecondsFrom ? value / 1000 : value / 1e6;
}

/** Whether the text is formatted as a date and the day exists: Date.parse turns 31 February into 2 March. */
function isCalendarDate(text: string): boolean {
  const [, year, month, day = '01'] = isoTime.exec(text) ?? [];
  return (
    year !== undefined &&
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  );
}

/** The form that Date.parse reads alike on every machine: a T, and a zone with minutes, by default UTC. */
function asParsed(text: string): string {
  const iso = text
    .replace(/^(.{10}) /, '$1T')
    .replace(/ ?(UTC|Z)$/, 'Z')
    .replace(' ', '');
  if (!iso.includes('T') || iso.endsWith('Z')) return iso;
  const zone = /[+-]\d{2}(:?\d{2})?$/.exec(iso);
  if (zone === null) return `${iso}Z`;
  return zone[1] === undefined ? `${iso}:00` : iso;
}
