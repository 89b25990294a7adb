import { DataError } from '../errors.ts';
import { headerName, isHeader, looksLikeHeader, roleOf } from './column-roles.ts';
import { unknownColumns } from './columns.ts';
import type { FileRecord } from './file-record.ts';
import type { ReadOptions } from './file-options.ts';

interface Header {
  readonly names: readonly string[];
  /** Whether the first record is the header, and therefore not a row. */
  readonly isHeader: boolean;
  /** Assumptions about the file that its user should check. */
  readonly note?: string;
}

/** Number of rows to examine when deciding whether the first line is a header. */
const rowsMax = 100;

/**
 * The column names of a delimited file from the options or its first record. Throws `import-columns-unknown`, and
 * `import-file-unreadable` for lines that end with carriage returns alone.
 */
export function readHeader(
  file: string,
  [first, ...below]: readonly FileRecord[],
  { header, columns, anyNames }: Pick<ReadOptions, 'header' | 'columns' | 'anyNames'>,
): Header {
  if (first!.text.includes('\r')) throw endedByReturns(file);
  const fields = first!.values as readonly string[];
  const rows = below.slice(0, rowsMax).map(({ values }) => values);
  if (columns?.some((column) => column.includes('=')) === true) {
    return { names: renamed(file, headerNames(fields), columns), isHeader: true };
  }
  const isFirstHeader = header ?? (isHeader(fields) || looksLikeHeader(fields, rows));
  if (columns !== undefined)
    return { names: sameCount(file, columns, fields.length), isHeader: isFirstHeader };
  const names = isFirstHeader ? headerNames(fields) : undefined;
  if (anyNames === true && names !== undefined) return { names, isHeader: true };
  if (fields.length === 2 && !(names?.some((name) => roleOf(name) !== 'attribute') === true)) {
    const shown = fields.join(', ');
    const note =
      names === undefined
        ? `the first line (${shown}) was read as a row; use --header if it names the columns`
        : `the columns ${shown} were read as user and pin; use --columns if they are not`;
    return { names: ['user', 'pin'], isHeader: isFirstHeader, ...(header === undefined && { note }) };
  }
  if (names === undefined) throw unknownColumns(file, notHeader(fields.length));
  return { names, isHeader: true };
}

/** A first column without a name, alone among named ones, is the row's number, as pandas and R write it: it is skipped. */
function headerNames(fields: readonly string[]): string[] {
  const [first, ...others] = fields.map(headerName);
  const isNumbered = first === '' && others.length > 1 && !others.includes('');
  return [isNumbered ? '-' : first!, ...others];
}

/** The names of a header, with those in `role=name` replaced by their roles. */
function renamed(file: string, names: readonly string[], columns: readonly string[]): string[] {
  const roles = new Map(columns.map((column) => pairOf(file, column)).map(([role, name]) => [name, role]));
  const missing = [...roles.keys()].filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw unknownColumns(
      file,
      `--columns names ${missing.join(', ')}, and its first line has ${names.join(', ')}`,
    );
  }
  return names.map((name) => roles.get(name) ?? name);
}

/** A column given as `role=name`. */
export function pairOf(file: string, column: string): [role: string, name: string] {
  const [, role, name] = /^(\w+)=(.+)$/.exec(column.trim()) ?? [];
  if (role !== undefined && name !== undefined) return [role, name];
  throw unknownColumns(file, `--columns has ${column} beside role=name`, 'user=customer,pin=sku');
}

export function sameCount(file: string, columns: readonly string[], fieldCount: number): readonly string[] {
  if (columns.length === fieldCount) return columns;
  throw new DataError(
    'import-columns-unknown',
    `${file}: --columns names ${columns.length} columns, its rows have ${fieldCount} ("-" skips one). ` +
      'If fields are separated by something else, use --delimiter',
  );
}

function notHeader(fieldCount: number): string {
  if (fieldCount > 1) return `its first line is not a header and has ${fieldCount} fields`;
  return 'its first line is not a header and has 1 field; if something unusual separates its fields, use --delimiter';
}

function endedByReturns(file: string): DataError {
  const remedy = "convert them: tr '\\r' '\\n'";
  return new DataError(
    'import-file-unreadable',
    `${file}: its lines end with carriage returns alone; ${remedy}`,
  );
}
