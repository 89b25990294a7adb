import { type NodeKind, nodeNames } from '../../engine/index.ts';
import { DataError } from '../errors.ts';

/** The content of a file's rows. */
export type FileKind = 'saves' | NodeKind;

/** Column names of each role. Compared without case, `_`, `-` and spaces. */
const aliases = {
  user: ['user', 'userid'],
  board: ['board', 'boardid', 'list', 'listid', 'playlist', 'playlistid'],
  pin: ['pin', 'pinid', 'item', 'itemid', 'movie', 'movieid', 'track', 'trackid', 'product', 'productid'],
  savedAt: ['savedat', 'timestamp', 'time', 'date'],
  weight: ['weight'],
  owner: ['owner', 'ownerid'],
  title: ['title', 'name'],
  text: ['text', 'description'],
  url: ['url', 'link'],
  imageUrl: ['imageurl', 'image'],
  createdAt: ['createdat'],
} as const;

/** The meaning of a column. Columns with other names are attributes of the row's pin, board or user. */
export type ColumnRole = keyof typeof aliases | 'attribute' | 'skip';

const roleByName = new Map<string, ColumnRole>(
  Object.entries(aliases).flatMap(([role, names]) =>
    names.map((name) => [name, role as ColumnRole] as const),
  ),
);

const saveRoles = ['user', 'board', 'pin', 'savedAt', 'weight'] as const satisfies readonly ColumnRole[];

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
}

function roleOf(name: string): ColumnRole {
  if (name === '-') return 'skip';
  return roleByName.get(name.toLowerCase().replaceAll(/[\s_-]/g, '')) ?? 'attribute';
}

/** Whether an import gives the name a role, so that it is not an attribute. */
export function isColumnName(name: string): boolean {
  return roleOf(name) !== 'attribute';
}

/** Whether a first line is a header: its first field names a user, board or pin column, or two fields name roles. */
export function isHeader(fields: readonly string[]): boolean {
  const roles = fields.map((field) => roleOf(field.trim()));
  return (
    ['user', 'board', 'pin'].includes(roles[0]!) || roles.filter((role) => role !== 'attribute').length >= 2
  );
}

/**
 * Interprets the columns of a file: a pin with a user or a board is a save; otherwise the rows describe pins, boards
 * or users. `kindBefore` preserves the kind of a JSON file whose later rows add columns. Throws `import-columns-unknown`
 * if there is no column of a user, board or pin.
 */
export function interpretColumns(file: string, names: readonly string[], kindBefore?: FileKind): FileColumns {
  const twice = names.find((name, i) => name !== '-' && names.indexOf(name) !== i);
  if (twice !== undefined) throw unknownColumns(file, `the column "${twice}" appears twice`);
  const roles = distinctRoles(names);
  const has = (role: ColumnRole): boolean => roles.includes(role);
  let kind: FileKind;
  if (kindBefore !== undefined) kind = kindBefore;
  else if (has('pin')) kind = has('user') || has('board') ? 'saves' : 'pins';
  else if (has('board')) kind = 'boards';
  else if (has('user')) kind = 'users';
  else throw unknownColumns(file, `none of its columns (${names.join(', ')}) is a user, board or pin`);
  const indexes = Object.fromEntries(saveRoles.map((role) => [role, roles.indexOf(role)]));
  const usedRoles = new Set<ColumnRole>([...saveRoles, 'skip']);
  return {
    names,
    roles,
    kind,
    keyRole: kind === 'saves' ? 'pin' : nodeNames[kind],
    indexes: indexes as FileColumns['indexes'],
    ignored: kind === 'saves' ? names.filter((_, i) => !usedRoles.has(roles[i]!)) : [],
  };
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

/** The column names of a file without a header. Two columns are user and pin; more require `--columns`. */
export function columnsWithoutHeader(
  file: string,
  first: readonly string[],
  columns: readonly string[] | undefined,
): readonly string[] {
  if (columns !== undefined) return columns;
  if (first.length === 2) return ['user', 'pin'];
  const other =
    first.length === 1 ? [';', '\t', '|', ','].find((delimiter) => first[0]!.includes(delimiter)) : undefined;
  if (other !== undefined) {
    throw unknownColumns(
      file,
      `its fields seem to be separated by ${JSON.stringify(other)}, which does not match its format (--format)`,
    );
  }
  throw unknownColumns(file, `its first line is no header and has ${first.length} fields`);
}

function unknownColumns(file: string, fault: string): DataError {
  return new DataError(
    'import-columns-unknown',
    `${file}: ${fault}. Name the columns in order, "-" to skip one: --columns user,board,pin,savedAt`,
  );
}
