import { DataError } from '../errors.ts';

/** What a column means to pinwalk; any other name is an attribute of the row's pin, board or user. */
export type ColumnRole =
  | 'user'
  | 'board'
  | 'pin'
  | 'savedAt'
  | 'weight'
  | 'owner'
  | 'title'
  | 'text'
  | 'url'
  | 'imageUrl'
  | 'createdAt'
  | 'attribute'
  | 'skip';

/** What the rows of a file are. */
export type FileKind = 'saves' | 'users' | 'boards' | 'pins';

/** Other names under which files bring the same thing. Compared without case, `_`, `-` and spaces. */
const aliases: Readonly<Record<Exclude<ColumnRole, 'attribute' | 'skip'>, readonly string[]>> = {
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
};

const roleByName = new Map<string, ColumnRole>(
  Object.entries(aliases).flatMap(([role, names]) =>
    names.map((name) => [name, role as ColumnRole] as const),
  ),
);

/** A file's columns, understood. `places` gives a role's place in a row, -1 when there is none. */
export interface FileColumns {
  readonly names: readonly string[];
  readonly roles: readonly ColumnRole[];
  readonly kind: FileKind;
  /** The role that names the row's subject, for files of attributes. */
  readonly keyRole: ColumnRole;
  readonly places: Readonly<Record<'user' | 'board' | 'pin' | 'savedAt' | 'weight', number>>;
  /** Columns of a file of saves that mean nothing to pinwalk. */
  readonly ignored: readonly string[];
}

export function roleOf(name: string): ColumnRole {
  if (name === '-') return 'skip';
  return roleByName.get(name.toLowerCase().replaceAll(/[\s_-]/g, '')) ?? 'attribute';
}

/** Whether a first line is a header: it names a user, board or pin column, and no name stands twice. */
export function isHeader(fields: readonly string[]): boolean {
  const names = fields.map((field) => field.trim());
  return (
    new Set(names).size === names.length &&
    names.some((name) => ['user', 'board', 'pin'].includes(roleOf(name)))
  );
}

/**
 * Understands a file's columns: a pin with a user or a board is a save; otherwise the rows describe pins,
 * boards or users. `kindBefore` keeps the kind of a file whose rows bring new columns as they come (JSON).
 * Throws `import-columns-unknown` with the remedy when the columns are none of these.
 */
export function understandColumns(
  file: string,
  names: readonly string[],
  kindBefore?: FileKind,
): FileColumns {
  const roles = names.map(roleOf);
  for (const [i, role] of roles.entries()) {
    if (role !== 'attribute' && role !== 'skip' && roles.indexOf(role) !== i) {
      throw unknownColumns(file, `"${names[roles.indexOf(role)]}" and "${names[i]}" both mean ${role}`);
    }
  }
  const has = (role: ColumnRole): boolean => roles.includes(role);
  let kind: FileKind;
  if (kindBefore !== undefined) kind = kindBefore;
  else if (has('pin')) kind = has('user') || has('board') ? 'saves' : 'pins';
  else if (has('board')) kind = 'boards';
  else if (has('user')) kind = 'users';
  else throw unknownColumns(file, `none of its columns (${names.join(', ')}) is a user, board or pin`);
  const place = (role: ColumnRole): number => roles.indexOf(role);
  const saveRoles: ColumnRole[] = ['user', 'board', 'pin', 'savedAt', 'weight'];
  return {
    names,
    roles,
    kind,
    keyRole: kind === 'users' ? 'user' : kind === 'boards' ? 'board' : 'pin',
    places: {
      user: place('user'),
      board: place('board'),
      pin: place('pin'),
      savedAt: place('savedAt'),
      weight: place('weight'),
    },
    ignored: kind === 'saves' ? names.filter((name) => ![...saveRoles, 'skip'].includes(roleOf(name))) : [],
  };
}

/** The columns of a file without a header. Two columns are a user and a pin; more need `--columns`. */
export function columnsWithoutHeader(file: string, fieldCount: number): string[] {
  if (fieldCount === 2) return ['user', 'pin'];
  throw unknownColumns(file, `its first line is no header and has ${fieldCount} fields`);
}

function unknownColumns(file: string, fault: string): DataError {
  return new DataError(
    'import-columns-unknown',
    `${file}: ${fault}. Name the columns in their order, "-" for one to skip: --columns user,board,pin,savedAt`,
  );
}
