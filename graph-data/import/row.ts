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
  /** JSON object of everything that has no column of its own. */
  readonly attributes: string | undefined;
}

/** A row's fault, in words for the rejects file. */
export class RowFault extends Error {}

/** A save from a row's values. Without a board, the user has one board; without a user, the board is its own. */
export function parseSave(columns: FileColumns, values: readonly unknown[]): SaveRow {
  const { user, board, pin, savedAt, weight } = columns.places;
  const boardKey = board < 0 ? undefined : parseKey('board', values[board]);
  const userKey = user < 0 ? undefined : parseKey('user', values[user]);
  return {
    user: userKey ?? boardKey!,
    board: boardKey ?? userKey!,
    pin: parseKey('pin', values[pin]),
    savedAt: savedAt < 0 || isMissing(values[savedAt]) ? NaN : parseTime('savedAt', values[savedAt]),
    weight: weight < 0 || isMissing(values[weight]) ? NaN : parseWeight(values[weight]),
  };
}

/** A user's, board's or pin's attributes from a row's values. Empty fields say nothing. */
export function parseAttributes(columns: FileColumns, values: readonly unknown[]): AttributeRow {
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
    else if (role === 'createdAt' && side === 'pins') row[role] = parseTime(role, value);
    else if (ownColumns[side].includes(role)) row[role] = parseText(role, value);
    else rest.push([columns.names[i]!, typedAttribute(value)]);
  }
  if (key === undefined) throw new RowFault(`${columns.keyRole} is missing`);
  const attributes = rest.length === 0 ? undefined : JSON.stringify(Object.fromEntries(rest));
  return { side, key, owner, columns: row, attributes };
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
  const weight = typeof value === 'string' && value.trim() === '' ? NaN : Number(value);
  if (!(weight > 0 && weight < Infinity)) throw new RowFault('weight is not a positive number');
  return weight;
}

/** Under this, a number of a time column counts seconds, from there on milliseconds: 1973 in milliseconds. */
const millisecondsFrom = 1e11;
const isoTime = /^\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?)?$/;

/** Milliseconds since 1970 of an ISO 8601 date (UTC unless it says otherwise) or a Unix time. */
function parseTime(role: string, value: unknown): number {
  let time = NaN;
  if (value instanceof Date) time = value.getTime();
  else if (typeof value === 'bigint' || typeof value === 'number') time = unixTime(Number(value));
  else if (typeof value === 'string') {
    if (/^\d+(\.\d+)?$/.test(value)) time = unixTime(Number(value));
    else if (isoTime.test(value)) time = Date.parse(withZone(value.replace(' ', 'T')));
  }
  // The range of a JavaScript Date.
  if (!(Math.abs(time) <= 8.64e15)) throw new RowFault(`${role} is neither an ISO 8601 date nor a Unix time`);
  return Math.round(time);
}

function unixTime(value: number): number {
  return Math.abs(value) < millisecondsFrom ? value * 1000 : value;
}

/** A date without a zone is UTC here, on every machine; JavaScript would take a date with a time as local. */
function withZone(iso: string): string {
  return iso.includes('T') && !/(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? `${iso}Z` : iso;
}

/** Text files know no types: a field that is a number in its canonical form becomes one. */
function typedAttribute(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new RowFault('an attribute has half a surrogate pair');
    const number = Number(value);
    return Number.isFinite(number) && String(number) === value ? number : value;
  }
  return value;
}
