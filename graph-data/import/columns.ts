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

/** Whether a first line is a header: it starts with a user, board or pin column, or names two known columns. */
export function isHeader(fields: readonly string[]): boolean {
  const roles = fields.map((field) => roleOf(field.trim()));
  return (
    ['user', 'board', 'pin'].includes(roles[0]!) || roles.filter((role) => role !== 'attribute').length >= 2
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
  const twice = names.find((name, i) => name !== '-' && names.indexOf(name) !== i);
  if (twice !== undefined) throw unknownColumns(file, `the column "${twice}" is there twice`);
  const roles = distinctRoles(names);
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
    ignored: kind === 'saves' ? names.filter((_, i) => ![...saveRoles, 'skip'].includes(roles[i]!)) : [],
  };
}

/** Of two columns that mean the same, the one with the exact name has the role, else the first. */
function distinctRoles(names: readonly string[]): ColumnRole[] {
  const roles = names.map(roleOf);
  return roles.map((role, i) => {
    if (role === 'attribute' || role === 'skip') return role;
    const exact = names.findIndex((name) => name === role);
    return i === (exact < 0 ? roles.indexOf(role) : exact) ? role : 'attribute';
  });
}

/** The columns of a file without a header. Two columns are a user and a pin; more need `--columns`. */
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
      `its fields seem to be separated by ${JSON.stringify(other)}, not as its format says (--format)`,
    );
  }
  throw unknownColumns(file, `its first line is no header and has ${first.length} fields`);
}

function unknownColumns(file: string, fault: string): DataError {
  return new DataError(
    'import-columns-unknown',
    `${file}: ${fault}. Name the columns in their order, "-" for one to skip: --columns user,board,pin,savedAt`,
  );
}
