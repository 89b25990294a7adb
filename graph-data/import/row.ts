import type { ColumnRole, FileColumns } from './columns.ts';
import { keyBytesMax } from './key-table.ts';

/** One save, its keys checked. */
export interface SaveRow {
  readonly user: string;
  readonly board: string;
  readonly pin: string;
  /** Milliseconds since 1970; NaN for none. */
  readonly savedAt: number;
  /** NaN for none. */
  readonly weight: number;
}

/** What a file says about one user, board or pin. A column that is absent is left as it is. */
export interface AttributeRow {
  readonly side: 'users' | 'boards' | 'pins';
  readonly key: string;
  readonly owner: string | undefined;
  readonly columns: Readonly<Record<string, string | number>>;
  /** Everything that has no column of its own, as JSON can hold it. */
  readonly attributes: Readonly<Record<string, unknown>> | undefined;
}

/** A row's fault, in words for the rejects file. */
export class RowFault extends Error {}

/** A save from a row's values. Without a board, the user has one board; without a user, the board is its own. */
export function parseSave(columns: FileColumns, values: readonly unknown[]): SaveRow {
  const { user, board, pin, savedAt, weight } = columns.places;
  // A row of JSON may lack what others have; a field of a table may be empty, but then its value is missing.
  const boardKey = values[board] === undefined ? undefined : parseKey('board', values[board]);
  const userKey = values[user] === undefined ? undefined : parseKey('user', values[user]);
  const owner = userKey ?? boardKey;
  if (owner === undefined) throw new RowFault('user and board are missing');
  return {
    user: owner,
    board: boardKey ?? owner,
    pin: parseKey('pin', values[pin]),
    savedAt: savedAt < 0 || isMissing(values[savedAt]) ? NaN : parseTime('savedAt', values[savedAt]),
    weight: weight < 0 || isMissing(values[weight]) ? NaN : parseWeight(values[weight]),
  };
}

/** A user's, board's or pin's attributes from a row's values. Empty fields say nothing. */
export function parseAttributes(
  columns: FileColumns,
  values: readonly unknown[],
  isTyped: boolean,
): AttributeRow {
  const side = columns.kind as AttributeRow['side'];
  const row: Record<string, string | number> = {};
  const rest: [string, unknown][] = [];
  let key: string | undefined;
  let owner: string | undefined;
  for (const [i, role] of columns.roles.entries()) {
    const value = values[i];
    if (role === columns.keyRole) key = parseKey(role, value);
    else if (isMissing(value) || role === 'skip') continue;
    else if (side === 'boards' && (role === 'owner' || role === 'user')) owner = parseKey(role, value);
    else if (role === 'user' || role === 'board' || role === 'pin') {
      throw new RowFault(`a row with a ${role} in a file of ${side}`);
    } else if (role === 'createdAt' && side === 'pins') row[role] = parseTime(role, value);
    else if (ownColumns[side].includes(role)) row[role] = parseText(role, value);
    else rest.push([columns.names[i]!, isTyped ? jsonAttribute(value) : textAttribute(value)]);
  }
  if (key === undefined) throw new RowFault(`${columns.keyRole} is missing`);
  return {
    side,
    key,
    owner,
    columns: row,
    attributes: rest.length === 0 ? undefined : Object.fromEntries(rest),
  };
}

const ownColumns: Record<AttributeRow['side'], readonly ColumnRole[]> = {
  users: [],
  boards: ['title'],
  pins: ['title', 'text', 'url', 'imageUrl'],
};

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function parseKey(role: string, value: unknown): string {
  if (isMissing(value)) throw new RowFault(`${role} is missing`);
  // Parquet and JSON have integers: an id 42 there is the key "42".
  const key = Number.isSafeInteger(value) || typeof value === 'bigint' ? String(value) : value;
  if (typeof key !== 'string') throw new RowFault(`${role} is neither a string nor an integer`);
  // No character takes more than three bytes a UTF-16 unit: short keys need no closer look.
  if (key.length > keyBytesMax / 3 && Buffer.byteLength(key) > keyBytesMax) {
    throw new RowFault(`${role} is longer than ${keyBytesMax} bytes`);
  }
  if (!key.isWellFormed()) throw new RowFault(`${role} has half a surrogate pair`);
  return key;
}

function parseText(role: string, value: unknown): string {
  if (typeof value !== 'string') throw new RowFault(`${role} is not a string`);
  if (!value.isWellFormed()) throw new RowFault(`${role} has half a surrogate pair`);
  return value;
}

function parseWeight(value: unknown): number {
  const isNumber =
    typeof value === 'number' || (typeof value === 'string' && /^\d*\.?\d+(e[+-]?\d+)?$/i.test(value));
  const weight = isNumber ? Number(value) : NaN;
  if (!(weight > 0 && weight < Infinity)) throw new RowFault('weight is not a positive number');
  return weight;
}

/** Under this, a number of a time column counts seconds, from there on milliseconds: 1973 in milliseconds. */
const millisecondsFrom = 1e11;
/** The year 5138: a larger number counts something else, microseconds for one. */
const millisecondsMax = 1e14;
const isoTime =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?$/;

/** As {@link timeOf}; throws a {@link RowFault} that names the role. */
export function parseTime(role: string, value: unknown): number {
  const time = timeOf(value);
  if (time === undefined) throw new RowFault(`${role} is neither an ISO 8601 date nor a Unix time`);
  return time;
}

/**
 * Milliseconds since 1970 of an ISO 8601 date (UTC unless it says otherwise) or a Unix time in seconds or milliseconds;
 * undefined for what is neither.
 */
export function timeOf(value: unknown): number | undefined {
  let time = NaN;
  if (value instanceof Date) time = value.getTime();
  else if (typeof value === 'bigint' || typeof value === 'number') time = unixTime(Number(value));
  else if (typeof value === 'string') {
    // Four digits could be a year and eight a date: neither is a Unix time that anybody means.
    if (/^\d+(\.\d+)?$/.test(value)) time = [4, 8].includes(value.length) ? NaN : unixTime(Number(value));
    else if (isCalendarDate(value)) time = Date.parse(withZone(value.replace(' ', 'T')));
  }
  return Math.abs(time) < millisecondsMax ? Math.round(time) : undefined;
}

function unixTime(value: number): number {
  return Math.abs(value) < millisecondsFrom ? value * 1000 : value;
}

/** Whether the text has the form of a date and the day exists: Date.parse makes 2 March of 31 February. */
function isCalendarDate(text: string): boolean {
  const [, year, month, day = '01'] = isoTime.exec(text) ?? [];
  return (
    year !== undefined &&
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  );
}

/** A date without a zone is UTC here, on every machine; JavaScript would take a date with a time as local. */
function withZone(iso: string): string {
  return iso.includes('T') && !/(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? `${iso}Z` : iso;
}

/** Text files know no types: a field that is a number in its canonical form becomes one. */
function textAttribute(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const number = Number(value);
  return Number.isFinite(number) && String(number) === value ? number : value;
}

/** How deep lists and objects may lie in each other; SQLite's JSON ends at 1,000. */
export const attributeDepthMax = 32;

/** A value of JSON or Parquet as JSON can hold it: dates as ISO 8601, large integers as their digits. */
function jsonAttribute(value: unknown, depth = 0): unknown {
  if (depth > attributeDepthMax)
    throw new RowFault(`an attribute is nested deeper than ${attributeDepthMax} levels`);
  if (typeof value === 'string') return parseText('an attribute', value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) throw new RowFault('an attribute is binary');
  if (Array.isArray(value)) return value.map((each) => jsonAttribute(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, jsonAttribute(each, depth + 1)]),
  );
}
