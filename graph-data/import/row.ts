import type { NodeKind } from '../../engine/index.ts';
import type { ColumnRole } from './column-roles.ts';
import type { FileColumns } from './columns.ts';
import { keyBytesMax } from './key-table.ts';
import { RowFault } from './refusal.ts';

/** One save with validated keys. */
export interface SaveRow {
  readonly user: string;
  readonly board: string;
  readonly pin: string;
  /** Milliseconds since 1970; NaN for none. */
  readonly savedAt: number;
  /** NaN for none. */
  readonly weight: number;
}

/** Attributes of one node. Columns that are absent stay unchanged. */
export interface AttributeRow {
  readonly kind: NodeKind;
  readonly key: string;
  readonly owner: string | undefined;
  readonly columns: Readonly<Record<string, string | number>>;
  /** The values without a column of their own, as JSON can represent them. */
  readonly attributes: Readonly<Record<string, unknown>> | undefined;
}

/** Parses a save. Without a board, its key is that of the user; without a user, that of the board. Throws {@link RowFault}. */
export function parseSave(columns: FileColumns, values: readonly unknown[]): SaveRow {
  const { user, board, pin, savedAt, weight, rating } = columns.indexes;
  // undefined: the column is absent, or a JSON row lacks the name. An empty field of a table is a missing key.
  const boardKey = values[board] === undefined ? undefined : parseBoard(columns, values[board]);
  const userKey = values[user] === undefined ? undefined : parseKey('user', values[user]);
  const owner = userKey ?? boardKey;
  if (owner === undefined) throw new RowFault('user and board are missing');
  return {
    user: owner,
    board: boardKey ?? owner,
    pin: parseKey('pin', values[pin]),
    savedAt: savedAt < 0 || isMissing(values[savedAt]) ? NaN : columns.parseTime('savedAt', values[savedAt]),
    weight:
      weight < 0
        ? parseRating(values[rating])
        : isMissing(values[weight])
          ? NaN
          : parseWeight(values[weight]),
  };
}

/** Parses the attributes of a node. Empty fields are ignored. Throws {@link RowFault}. */
export function parseAttributes(
  columns: FileColumns,
  values: readonly unknown[],
  isTyped: boolean,
): AttributeRow {
  const kind = columns.kind as NodeKind;
  const row: Record<string, string | number> = {};
  const rest: [string, unknown][] = [];
  let key: string | undefined;
  let owner: string | undefined;
  for (const [i, role] of columns.roles.entries()) {
    const value = values[i];
    if (role === columns.keyRole) key = role === 'board' ? parseBoard(columns, value) : parseKey(role, value);
    else if (isMissing(value) || role === 'skip') continue;
    else if (kind === 'boards' && (role === 'owner' || role === 'user')) owner = parseKey(role, value);
    else if (role === 'user' || role === 'board' || role === 'pin') {
      throw new RowFault(`a row with a ${role} in a file of ${kind}`);
    } else if (role === 'createdAt' && kind === 'pins') row[role] = columns.parseTime(role, value);
    else if (ownColumns[kind].includes(role)) row[role] = parseText(role, value);
    else if (role === 'attributes') rest.push(...attributesIn(value, isTyped));
    else rest.push([columns.names[i]!, isTyped ? jsonAttribute(value) : textAttribute(value)]);
  }
  if (key === undefined) throw new RowFault(`${columns.keyRole} is missing`);
  return {
    kind,
    key,
    owner,
    columns: row,
    attributes: rest.length === 0 ? undefined : Object.fromEntries(rest),
  };
}

const ownColumns: Record<NodeKind, readonly ColumnRole[]> = {
  users: [],
  boards: ['title'],
  pins: ['title', 'text', 'url', 'imageUrl'],
};

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function parseKey(role: string, value: unknown): string {
  if (isMissing(value)) throw new RowFault(`${role} is missing`);
  // Parquet and JSON have integers: the id 42 becomes the key "42".
  const key = Number.isSafeInteger(value) || typeof value === 'bigint' ? String(value) : value;
  if (typeof key !== 'string') throw new RowFault(`${role} is neither a string nor an integer`);
  // UTF-8 needs at most three bytes per UTF-16 unit, so short keys are known to fit.
  if (key.length > keyBytesMax / 3 && Buffer.byteLength(key) > keyBytesMax) {
    throw new RowFault(`${role} is longer than ${keyBytesMax} bytes`);
  }
  if (!key.isWellFormed()) throw new RowFault(`${role} contains a lone surrogate`);
  return key;
}

function parseBoard({ boardPrefix }: FileColumns, value: unknown): string {
  return parseKey('board', boardPrefix === '' ? value : `${boardPrefix}${parseKey('board', value)}`);
}

function parseText(role: string, value: unknown): string {
  if (typeof value !== 'string') throw new RowFault(`${role} is not a string`);
  if (!value.isWellFormed()) throw new RowFault(`${role} contains a lone surrogate`);
  return value;
}

function parseWeight(value: unknown): number {
  const weight = numberOf(value);
  if (!(weight > 0 && weight < Infinity)) throw new RowFault('weight is not a positive number');
  return weight;
}

/** Some ratings have a value for "none", such as 0 or -1: only a positive one is a weight. */
function parseRating(value: unknown): number {
  const rating = numberOf(value);
  return rating > 0 && rating < Infinity ? rating : NaN;
}

/** Parses a number; accepts a decimal comma if it cannot be a thousands separator. NaN for anything else. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return NaN;
  if (/^\d+,(\d{1,2}|\d{4,})$/.test(value)) return Number(value.replace(',', '.'));
  return /^\d*\.?\d+(e[+-]?\d+)?$/i.test(value) ? Number(value) : NaN;
}

/** Text files have no types: a field in the canonical form of a number becomes one. */
function textAttribute(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const number = Number(value);
  return Number.isFinite(number) && String(number) === value ? number : value;
}

/** The attributes of a JSON object, as an export writes them; any other value is an attribute named so. */
function attributesIn(value: unknown, isTyped: boolean): [string, unknown][] {
  const object = typeof value === 'string' ? parsedObject(value) : value;
  const isObject = typeof object === 'object' && !Array.isArray(object) && !(object instanceof Date);
  if (!isObject || object === null)
    return [['attributes', isTyped ? jsonAttribute(value) : textAttribute(value)]];
  // The depth counts from the attributes, as in REST.
  return Object.entries(jsonAttribute(object, -1) as object);
}

function parsedObject(text: string): unknown {
  try {
    return text.startsWith('{') ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Maximum nesting depth of lists and objects. SQLite's JSON functions support 1,000. */
export const attributeDepthMax = 32;

/** Converts a value of JSON or Parquet for JSON: dates to ISO 8601, integers beyond 2^53 to strings. */
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
