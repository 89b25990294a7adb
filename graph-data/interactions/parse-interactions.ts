import { RowFault, keyBytesMax, roleOf, timeParser, unknownColumns } from '../import/index.ts';
import {
  type Interaction,
  faultsOf,
  idLengthMax,
  impression,
  nameLengthMax,
  queryLengthMax,
  rankMax,
} from './interaction.ts';

/** Column names of each field, compared without case, `_`, `-` and spaces; users, pins and times as in files of saves. */
const aliases: Readonly<Record<Exclude<keyof Interaction, 'user' | 'pin' | 'at'>, readonly string[]>> = {
  id: ['id', 'interactionid', 'eventid'],
  kind: ['kind', 'event', 'eventtype', 'action', 'behavior', 'behaviour'],
  recommendationId: ['recommendationid', 'requestid', 'sessionid', 'impressionid'],
  surface: ['surface', 'tab', 'page', 'placement'],
  pipeline: ['pipeline'],
  arm: ['arm'],
  rank: ['rank', 'position'],
  score: ['score'],
  propensity: ['propensity', 'propensityscore'],
  value: ['value'],
  query: ['query', 'searchquery', 'q'],
};

type Field = keyof Interaction;

/** The columns of a log: fields of interactions by their index, and flags of actions. */
export interface LogColumns {
  readonly fields: ReadonlyMap<Field, number>;
  /**
   * Columns such as `is_click` of a log without kinds: each row is an impression, and an action of each kind whose flag is
   * not 0, with the value of the column `value_click` if there is one.
   */
  readonly flags: readonly {
    readonly kind: string;
    readonly index: number;
    readonly valueIndex?: number | undefined;
  }[];
  readonly ignored: readonly string[];
  readonly parseTime: ReturnType<typeof timeParser>;
  /** What {@link LogOptions} sets in place of columns: it follows the values of a row. */
  readonly constants: readonly string[];
  readonly isVisitorPerRow: boolean;
}

export interface LogOptions {
  /** Fields that are the same in all rows, in place of columns: a surface, an arm, a time. */
  readonly constants?: Readonly<Record<string, string>> | undefined;
  /** Whether a log without users has a visitor of its own in each row. */
  readonly isVisitorPerRow?: boolean | undefined;
}

/** Throws `import-columns-unknown` without a column of the user and one of the pin, or for a constant of no field. */
export function columnsOf(
  file: string,
  names: readonly string[],
  dateFormat: string | undefined,
  { constants = {}, isVisitorPerRow = false }: LogOptions = {},
): LogColumns {
  const fields = new Map<Field, number>();
  for (const [i, name] of Object.keys(constants).entries()) {
    const field = fieldOf(name);
    if (field === undefined)
      throw unknownColumns(file, `an interaction has no field ${name} to set`, columnsExample);
    fields.set(field, names.length + i);
  }
  const flags: { kind: string; index: number }[] = [];
  const values = new Map<string, number>();
  const ignored: string[] = [];
  for (const [index, name] of names.entries()) {
    const field = fieldOf(name);
    const [, prefix, kind = ''] = /^(is|value)[_ ]?(\w+)$/.exec(name) ?? [];
    if (field !== undefined && !fields.has(field)) fields.set(field, index);
    else if (prefix === 'is') flags.push({ kind, index });
    else if (prefix === 'value') values.set(kind, index);
    else if (name !== '-') ignored.push(name);
  }
  const isWide = !fields.has('kind');
  if ((!fields.has('user') && !isVisitorPerRow) || (isWide && !fields.has('pin'))) {
    const missing = fields.has('user') || isVisitorPerRow ? 'pin' : 'user';
    throw unknownColumns(file, `no column of ${names.join(', ')} is the ${missing}`, columnsExample);
  }
  const kinds = new Set(isWide ? flags.map(({ kind }) => kind) : []);
  for (const [kind, index] of values) if (!kinds.has(kind)) ignored.push(names[index]!);
  return {
    fields,
    flags: isWide ? flags.map(({ kind, index }) => ({ kind, index, valueIndex: values.get(kind) })) : [],
    ignored,
    parseTime: timeParser(dateFormat),
    constants: Object.values(constants),
    isVisitorPerRow,
  };
}

const columnsExample = 'user,pin,kind,at';

function fieldOf(name: string): Field | undefined {
  const plain = name.toLowerCase().replaceAll(/[\s_-]/g, '');
  for (const [field, names] of Object.entries(aliases)) if (names.includes(plain)) return field as Field;
  if (plain === 'at' || plain === 'shownat' || /^time(ms|stamp)?$/.test(plain)) return 'at';
  const role = roleOf(name);
  if (role === 'user' || role === 'pin') return role;
  return role === 'savedAt' ? 'at' : undefined;
}

/**
 * The interactions of a row, of which the first is an impression unless the log has kinds. `visitor`: the user of a row
 * without one, if that is allowed. Throws a `RowFault`.
 */
export function parseInteractions(
  { fields, flags, parseTime, constants, isVisitorPerRow }: LogColumns,
  own: readonly unknown[],
  now: number,
  visitor: string,
): Interaction[] {
  const values = constants.length === 0 ? own : [...own, ...constants];
  const at = (field: Field): unknown => {
    const value = values[fields.get(field) ?? -1];
    return value === null || value === '' ? undefined : value;
  };
  const text = (field: Field, max: number): string | undefined => {
    const value = at(field);
    return value === undefined ? undefined : textOf(field, value, max);
  };
  const number = (field: Field): number | undefined => {
    const value = at(field);
    return value === undefined ? undefined : numberOf(field, value);
  };
  const time = at('at');
  const user = text('user', keyBytesMax) ?? (isVisitorPerRow ? visitor : undefined);
  if (user === undefined) throw new RowFault('user is missing');
  const row: Interaction = {
    id: text('id', idLengthMax),
    kind: (fields.has('kind') ? text('kind', nameLengthMax) : impression) ?? impression,
    user,
    pin: text('pin', keyBytesMax),
    at: time === undefined ? undefined : parseTime('at', time),
    recommendationId: text('recommendationId', keyBytesMax),
    surface: text('surface', nameLengthMax),
    pipeline: text('pipeline', nameLengthMax),
    arm: text('arm', nameLengthMax),
    rank: number('rank'),
    score: number('score'),
    propensity: number('propensity'),
    value: number('value'),
    query: text('query', queryLengthMax),
  };
  assertPossible(row, now);
  const rows = [row];
  for (const { kind, index, valueIndex } of flags) {
    if (!isSet(values[index])) continue;
    const given = valueIndex === undefined ? undefined : values[valueIndex];
    const value =
      given === undefined || given === null || given === '' ? undefined : numberOf('value', given);
    const action = { ...row, kind, value, id: row.id === undefined ? undefined : `${row.id}/${kind}` };
    assertPossible(action, now);
    rows.push(action);
  }
  return rows;
}

function isSet(flag: unknown): boolean {
  return ![undefined, null, '', 0, '0', false, 'false', 'False'].some((none) => none === flag);
}

function assertPossible(row: Interaction, now: number): void {
  const { rank, propensity, value } = row;
  const [fault] = faultsOf(row, now, -Infinity);
  if (fault !== undefined) throw new RowFault(`${fault.field} ${fault.message}`);
  if (rank !== undefined && !(Number.isInteger(rank) && rank >= 1 && rank <= rankMax))
    throw new RowFault(`rank is no integer from 1 to ${rankMax}`);
  if (propensity !== undefined && !(propensity > 0 && propensity <= 1))
    throw new RowFault('propensity is not above 0 and at most 1');
  if (value !== undefined && value < 0) throw new RowFault('value is negative');
}

function textOf(field: Field, value: unknown, max: number): string {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  if (typeof text !== 'string') throw new RowFault(`${field} is neither a string nor a number`);
  const length =
    field === 'user' || field === 'pin' || field === 'recommendationId'
      ? Buffer.byteLength(text)
      : text.length;
  if (length > max) throw new RowFault(`${field} is longer than ${max}`);
  if (!text.isWellFormed()) throw new RowFault(`${field} contains a lone surrogate`);
  return text;
}

function numberOf(field: Field, value: unknown): number {
  const number = typeof value === 'string' ? Number(value.trim() || NaN) : Number(value);
  if (!Number.isFinite(number)) throw new RowFault(`${field} is not a number`);
  return number;
}
