import { DataError } from '../errors.ts';
import { keyBytesMax } from '../import/index.ts';
import type { LakeColumn, LakeEngine } from './engine.ts';

/** An expression of one column, and whether a row has a value there that cannot be used. */
interface Checked {
  readonly value: string;
  /** SQL conditions with the reason for a rejected row, first the one that counts. */
  readonly faults: readonly (readonly [condition: string, reason: string])[];
}

/** Milliseconds of the year 5138: later times are mistakes, as in an import. */
const millisecondsMax = '1e14';

/** A column name in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The key of a user, a board or a pin as text. Throws `import-columns-unknown` for columns that cannot be keys. */
export function keySql(role: string, column: LakeColumn): Checked {
  const value = `CAST(${quoted(column.name)} AS STRING)`;
  if (column.type !== 'text' && column.type !== 'integer') throw wrongType(role, column, 'text or integers');
  return {
    value,
    faults: [
      [`${value} IS NULL OR ${value} = ''`, `${role} is missing`],
      // Every engine counts bits of a text; bytes have a name of their own in each.
      [`bit_length(${value}) > ${8 * keyBytesMax}`, `${role} is longer than ${keyBytesMax} bytes`],
    ],
  };
}

/**
 * A time as a DOUBLE of milliseconds since 1970, null if there is none, by the rules of an import: a timestamp or date, a Unix
 * time in seconds to nanoseconds, or ISO 8601. Throws `import-columns-unknown` for columns that cannot be times.
 */
export function timeSql(column: LakeColumn, engine: LakeEngine): Checked {
  const name = quoted(column.name);
  const reason = 'savedAt is neither an ISO 8601 date nor a Unix time';
  const checked = (milliseconds: string, isGiven: string): Checked => ({
    value: `round(${milliseconds})`,
    faults: [
      [`${isGiven} AND (${milliseconds} IS NULL OR NOT abs(${milliseconds}) < ${millisecondsMax})`, reason],
    ],
  });
  if (column.type === 'timestamp')
    return checked(`CAST(${engine.milliseconds(name)} AS DOUBLE)`, `${name} IS NOT NULL`);
  if (column.type === 'integer' || column.type === 'number')
    return checked(unixSql(`CAST(${name} AS DOUBLE)`), `${name} IS NOT NULL`);
  if (column.type !== 'text') throw wrongType('savedAt', column, 'times, numbers or text');
  const digits = matches(name, '-?[0-9]+([.][0-9]+)?');
  const milliseconds = `CASE WHEN ${digits} THEN ${unixSql(`TRY_CAST(${name} AS DOUBLE)`)}
    WHEN ${matches(name, isoPattern)} THEN ${isoSql(name, engine)} END`;
  return checked(`(${milliseconds})`, `${name} <> ''`);
}

/** A weight as a DOUBLE, null if there is none; a rating counts only above 0. Throws `import-columns-unknown`. */
export function weightSql(role: 'weight' | 'rating', column: LakeColumn): Checked {
  const name = quoted(column.name);
  if (column.type === 'timestamp' || column.type === 'other') throw wrongType(role, column, 'numbers');
  const number = column.type === 'text' ? textNumberSql(name) : `CAST(${name} AS DOUBLE)`;
  const isUsable = `(${number} > 0 AND ${number} < CAST('Infinity' AS DOUBLE))`;
  if (role === 'rating') return { value: `CASE WHEN ${isUsable} THEN ${number} END`, faults: [] };
  const isGiven = column.type === 'text' ? `${name} <> ''` : `${name} IS NOT NULL`;
  const condition = `${isGiven} AND (${number} IS NULL OR NOT ${isUsable})`;
  return { value: number, faults: [[condition, 'weight is not a positive number']] };
}

/** Numbers as text; a decimal comma if it cannot separate thousands. */
function textNumberSql(name: string): string {
  return `CASE WHEN ${matches(name, '[0-9]+,([0-9]{1,2}|[0-9]{4,})')} THEN TRY_CAST(replace(${name}, ',', '.') AS DOUBLE)
    WHEN ${matches(name, '[0-9]*[.]?[0-9]+([eE][+-]?[0-9]+)?')} THEN TRY_CAST(${name} AS DOUBLE) END`;
}

/** Seconds, milliseconds, microseconds or nanoseconds by their size, as in `import/time.ts`. */
function unixSql(number: string): string {
  return `CASE WHEN abs(${number}) < 1e8 THEN NULL WHEN abs(${number}) < 1e11 THEN ${number} * 1000
    WHEN abs(${number}) < 1e14 THEN ${number} WHEN abs(${number}) < 1e17 THEN ${number} / 1000 ELSE ${number} / 1e6 END`;
}

const isoPattern =
  '[0-9]{4}-[0-9]{2}(-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?( ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?))?)?)?';

/** ISO 8601: the date and the clock as a timestamp, less the zone. */
function isoSql(name: string, engine: LakeEngine): string {
  const part = (pattern: string): string => `regexp_extract(${name}, '^.{10}[T ]${pattern}', 1)`;
  const clock = part('([0-9:.]+)');
  const hours = part('[0-9:.]+ ?([+-][0-9]{2})');
  const minutes = part('[0-9:.]+ ?[+-][0-9]{2}:?([0-9]{2})$');
  const date = `CASE WHEN length(${name}) = 7 THEN concat(${name}, '-01') ELSE substring(${name}, 1, 10) END`;
  const time = `TRY_CAST(concat(${date}, ' ', CASE WHEN ${clock} = '' THEN '00:00' ELSE ${clock} END) AS TIMESTAMP)`;
  const sign = `CASE WHEN substring(${hours}, 1, 1) = '-' THEN -1 ELSE 1 END`;
  const zone = `(${integerSql(hours)} * 60 + ${sign} * ${integerSql(minutes)}) * 60000`;
  return `CAST(${engine.milliseconds(time)} - ${zone} AS DOUBLE)`;
}

function integerSql(text: string): string {
  return `coalesce(TRY_CAST(${text} AS INTEGER), 0)`;
}

/** Whether a whole text matches. No engine calls this as another does; both extract. */
function matches(name: string, pattern: string): string {
  return `regexp_extract(${name}, '^(${pattern})$', 1) <> ''`;
}

function wrongType(role: string, { name, typeName }: LakeColumn, wanted: string): DataError {
  return new DataError(
    'import-columns-unknown',
    `the lake's column ${name} is ${typeName}, and ${role} must be ${wanted}: cast it in the lake, or name another ` +
      `column: --columns ${role}=…`,
  );
}
