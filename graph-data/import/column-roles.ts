/** Column names of each role. Compared without case, `_`, `-`, spaces and the type of RecBole's `name:type`. */
const aliases = {
  user: [
    ...withId('user', 'customer'),
    ...ids('u', 'member', 'reviewer', 'listener', 'visitor', 'person'),
    'username',
  ],
  board: [...withId('board', 'list', 'playlist', 'collection', 'basket'), ...ids('order', 'cart', 'shelf')],
  pin: [
    ...withId('pin', 'item', 'movie', 'track', 'song', 'artist', 'book', 'product'),
    ...ids(
      'i',
      'business',
      'anime',
      'venue',
      'game',
      'article',
      'paper',
      'recipe',
      'video',
      'photo',
      'post',
      'place',
    ),
    ...ids('album', 'joke', 'poi'),
    'isbn',
    'asin',
    'parentasin',
    'sku',
    'trackuri',
  ],
  savedAt: [
    'savedat',
    'timestamp',
    'time',
    'date',
    'ts',
    'datetime',
    'addedat',
    'dateadded',
    'unixreviewtime',
  ],
  weight: ['weight'],
  rating: ['rating', 'stars', 'bookrating', 'overall'],
  owner: withId('owner'),
  title: ['title', 'name'],
  text: ['text', 'description'],
  url: ['url', 'link'],
  imageUrl: ['imageurl', 'image'],
  createdAt: ['createdat'],
  attributes: ['attributes'],
} as const;

/** The meaning of a column. Columns with other names are attributes of the row's pin, board or user. */
export type ColumnRole = keyof typeof aliases | 'attribute' | 'skip';

const roleByName = new Map<string, ColumnRole>(
  Object.entries(aliases).flatMap(([role, names]) =>
    names.map((name) => [name, role as ColumnRole] as const),
  ),
);

const keyRoles: ReadonlySet<ColumnRole> = new Set(['user', 'board', 'pin']);

function withId(...names: readonly string[]): string[] {
  return [...names, ...ids(...names)];
}

/** Only with "id": without it, these names are often attributes, such as a user's place. */
function ids(...names: readonly string[]): string[] {
  return names.map((name) => `${name}id`);
}

export function roleOf(name: string): ColumnRole {
  if (name === '-' || name === '') return 'skip';
  return roleByName.get(plainName(name)) ?? 'attribute';
}

/** Whether an import gives the name a role, so that it is not an attribute. */
export function isColumnName(name: string): boolean {
  return roleOf(name) !== 'attribute';
}

/** A header's name without RecBole's type: `item_id:token`. */
export function headerName(field: string): string {
  return field.trim().replace(/:(token|float|token_seq|float_seq)$/, '');
}

function plainName(name: string): string {
  return headerName(name)
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '');
}

/** Whether a name denotes keys: `person_id`, `gameID`. */
export function namesAnId(name: string): boolean {
  return plainName(name).endsWith('id') || keyRoles.has(roleOf(name));
}

/** Whether the names make a first line a header: its first field names a user, board or pin, or two fields name roles. */
export function isHeader(fields: readonly string[]): boolean {
  const roles = fields.map((field) => roleOf(field.trim()));
  return keyRoles.has(roles[0]!) || roles.filter((role) => !['attribute', 'skip'].includes(role)).length >= 2;
}

const word = /^[\p{L}_][\p{L} _.:-]*$/u;

/**
 * Whether the rows make a first line a header: it has words without digits where every row has digits, as in keys and
 * numbers.
 */
export function looksLikeHeader(first: readonly string[], rows: readonly (readonly unknown[])[]): boolean {
  return (
    rows.length > 0 &&
    first.every((field) => word.test(field)) &&
    rows.every(
      (row) => row.length === first.length && row.every((value) => value === '' || /\d/.test(String(value))),
    )
  );
}
