import { type NodeKind, nodeNames } from '../../engine/graph/index.ts';
import { DataError } from '../errors.ts';
import { type ColumnRole, namesAnId, roleOf } from './column-roles.ts';
import type { FileOptions } from './file-options.ts';
import { timeParser } from './time.ts';

/** The content of a file's rows. */
export type FileKind = 'saves' | NodeKind;

const saveRoles = [
  'user',
  'board',
  'pin',
  'savedAt',
  'weight',
  'rating',
] as const satisfies readonly ColumnRole[];

/** The interpreted columns of a file. */
export interface FileColumns {
  readonly names: readonly string[];
  readonly roles: readonly ColumnRole[];
  readonly kind: FileKind;
  /** The role of the column with the node's key, in a file of attributes. */
  readonly keyRole: ColumnRole;
  /** Index of each role's column; -1 if absent. */
  readonly indexes: Readonly<Record<(typeof saveRoles)[number], number>>;
  /** Columns of a file of saves that have no role. */
  readonly ignored: readonly string[];
  /** Parses a time into milliseconds since 1970. Throws a `RowFault` that names the role. */
  readonly parseTime: (role: string, value: unknown) => number;
  /** Prefix of every board key. */
  readonly boardPrefix: string;
}

/**
 * Interprets the columns of a file: a pin with a user or a board is a save; otherwise the rows describe pins, boards
 * or users. `kindBefore` preserves the kind of a JSON file whose later rows add columns. Throws `import-columns-unknown`
 * if there is no column of a user, board or pin, or if a file of saves does not say which column is the pin.
 */
export function interpretColumns(
  file: string,
  names: readonly string[],
  { dateFormat, boardPrefix = '' }: Pick<FileOptions, 'dateFormat' | 'boardPrefix'>,
  kindBefore?: FileKind,
): FileColumns {
  const twice = names.find((name, i) => roleOf(name) !== 'skip' && names.indexOf(name) !== i);
  if (twice !== undefined) throw unknownColumns(file, `the column "${twice}" appears twice`);
  const named = distinctRoles(names);
  const kind = kindBefore ?? kindOf(file, names, named);
  const roles = kind === 'saves' ? savedWhenCreated(named) : named;
  const indexes = Object.fromEntries(saveRoles.map((role) => [role, roles.indexOf(role)]));
  const usedRoles = new Set<ColumnRole>([...saveRoles, 'skip']);
  return {
    names,
    roles,
    kind,
    keyRole: kind === 'saves' ? 'pin' : nodeNames[kind],
    indexes: indexes as FileColumns['indexes'],
    ignored: kind === 'saves' ? names.filter((_, i) => !usedRoles.has(roles[i]!)) : [],
    parseTime: timeParser(dateFormat),
    boardPrefix,
  };
}

function kindOf(file: string, names: readonly string[], roles: readonly ColumnRole[]): FileKind {
  const has = (role: ColumnRole): boolean => roles.includes(role);
  if (has('pin')) return has('user') || has('board') ? 'saves' : 'pins';
  if (has('board')) return 'boards';
  if (!has('user'))
    throw unknownColumns(file, `none of its columns (${names.join(', ')}) is a user, board or pin`);
  const ids = names.filter((name, i) => roles[i] === 'attribute' && namesAnId(name));
  if (ids.length === 0) return 'users';
  const fault = `its rows have a user and ${ids.join(', ')}: which column is the pin is not known`;
  throw unknownColumns(file, fault, names.map((name) => (name === ids[0] ? 'pin' : name)).join());
}

/** In a file of saves, `createdAt` is the time of the save, unless another column is. */
function savedWhenCreated(roles: readonly ColumnRole[]): readonly ColumnRole[] {
  if (roles.includes('savedAt')) return roles;
  return roles.map((role) => (role === 'createdAt' ? 'savedAt' : role));
}

/** If several columns have one role, the one with the exact name keeps it, otherwise the first. */
function distinctRoles(names: readonly string[]): ColumnRole[] {
  const roles = names.map(roleOf);
  return roles.map((role, i) => {
    if (role === 'attribute' || role === 'skip') return role;
    const exact = names.findIndex((name) => name === role);
    return i === (exact < 0 ? roles.indexOf(role) : exact) ? role : 'attribute';
  });
}

/** The error `import-columns-unknown`, with an example of the remedy. */
export function unknownColumns(file: string, fault: string, example = 'user,board,pin,savedAt'): DataError {
  return new DataError(
    'import-columns-unknown',
    `${file}: ${fault}. Name the columns in order, "-" to skip one: --columns ${example}`,
  );
}
