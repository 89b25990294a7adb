import type { NodeKind } from '../../engine/index.ts';
import { type FileColumns, interpretColumns, unknownColumns } from '../import/index.ts';
import { keySql, quoted, timeSql, weightSql } from './column-sql.ts';
import type { LakeColumn, LakeEngine } from './engine.ts';

/** Kinds in the order of their tables: boards name users. */
export const lakeKinds: readonly NodeKind[] = ['users', 'boards', 'pins'];

/**
 * The SQL of a build from a lake, in the order in which it runs. It is plain: engines run it as it is, and `engine.ts` has
 * what they do differently. Its relations, of which those of a KIND are three:
 *
 *   lake           the Parquet files
 *   saves_checked  their rows as saves with text keys, or with a fault
 *   claims         each fault, or pair of board and user, with its number of rows and its first time
 *   owners         each board with its one owner
 *   saves_counted  the rows without a fault on boards of their user
 *   known_KIND     keys that have an id already; stored_KIND those in the database, table_KIND those in the id table
 *   seen_KIND      keys of counted saves
 *   new_KIND       those that get an id now
 *   used_KIND      all of them, with ids
 */
export const relations = {
  lake: 'lake',
  checked: 'saves_checked',
  claims: 'claims',
  owners: 'owners',
  counted: 'saves_counted',
};

/** The columns of the lake by their roles. Throws `import-columns-unknown` if they are not columns of saves. */
export function lakeColumns(
  path: string,
  columns: readonly LakeColumn[],
  renamed: ReadonlyMap<string, string>,
): FileColumns {
  const names = columns.map(({ name }) => name);
  const missing = [...renamed.keys()].filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw unknownColumns(
      path,
      `--columns names ${missing.join(', ')}, and its columns are ${names.join(', ')}`,
    );
  const roles = renamed.size === 0 ? names : names.map((name) => renamed.get(name) ?? '-');
  const found = interpretColumns(path, roles, {});
  if (found.kind !== 'saves')
    throw unknownColumns(
      path,
      `its rows (${names.join(', ')}) describe ${found.kind}, not saves: use pinwalk import`,
    );
  return found;
}

/**
 * The rows of the lake as saves: `userKey`, `boardKey`, `pinKey`, `savedAt` (DOUBLE, NaN for none), `weight` (DOUBLE, 0 for
 * none), `fault`. Without a board, its key is that of the user, and the other way round.
 */
export function checkedSavesSql(
  { indexes }: FileColumns,
  columns: readonly LakeColumn[],
  engine: LakeEngine,
): string {
  const { user, board, pin, savedAt, weight, rating } = indexes;
  const boardColumn = columns[board] && keySql('board', columns[board]);
  const userColumn = columns[user] && keySql('user', columns[user]);
  const pinColumn = keySql('pin', columns[pin]!);
  const time = columns[savedAt] && timeSql(columns[savedAt], engine);
  const weighed =
    (columns[weight] && weightSql('weight', columns[weight])) ??
    (columns[rating] && weightSql('rating', columns[rating]));
  const faults = [boardColumn, userColumn, pinColumn, time, weighed].flatMap((each) => each?.faults ?? []);
  const cases = faults.map(([condition, reason]) => `WHEN ${condition} THEN '${reason}'`).join('\n    ');
  const owner = (userColumn ?? boardColumn)!.value;
  return `SELECT ${owner} AS userKey, ${boardColumn?.value ?? owner} AS boardKey, ${pinColumn.value} AS pinKey,
    coalesce(${time?.value ?? none}, CAST('NaN' AS DOUBLE)) AS savedAt,
    coalesce(${weighed?.value ?? none}, CAST(0 AS DOUBLE)) AS weight,
    ${textSql(columns[savedAt])} AS timeText, ${textSql(columns[weight] ?? columns[rating])} AS weightText,
    CASE ${cases} END AS fault
  FROM ${relations.lake}`;
}

const none = 'CAST(NULL AS DOUBLE)';

/** A value as it stands in the lake, for the file of rejected rows. */
function textSql(column: LakeColumn | undefined): string {
  return column === undefined ? 'CAST(NULL AS STRING)' : `CAST(${quoted(column.name)} AS STRING)`;
}

/** One pass over the rows: counts them, and finds who claims which board since when. Rows with a fault claim nothing. */
export const claimsSql: string = `SELECT fault, boardKey, userKey, min(savedAt) AS firstSavedAt, count(*) AS rowCount
  FROM (SELECT fault, savedAt, CASE WHEN fault IS NULL THEN boardKey END AS boardKey,
    CASE WHEN fault IS NULL THEN userKey END AS userKey FROM ${relations.checked}) AS claimed
  GROUP BY fault, boardKey, userKey`;

/** A board belongs to the user that it had before, otherwise to the one of its first save, of those to the first key. */
export const ownersSql: string = `SELECT boardKey, userKey FROM (
    SELECT c.boardKey, c.userKey, k.owner, row_number() OVER (PARTITION BY c.boardKey ORDER BY
      CASE WHEN k.owner = c.userKey THEN 0 ELSE 1 END, c.firstSavedAt, c.userKey) AS place
    FROM ${relations.claims} AS c LEFT JOIN known_boards AS k ON k.key = c.boardKey WHERE c.fault IS NULL
  ) AS claimed WHERE place = 1 AND (owner IS NULL OR owner = userKey)`;

/** Rows by fault; null are the valid ones. */
export const faultCountsSql: string = `SELECT fault, CAST(sum(rowCount) AS DOUBLE) AS rowCount
  FROM ${relations.claims} GROUP BY fault ORDER BY fault`;

/** Valid rows of another user than the owner of their board. */
export const strangerCountSql: string = `SELECT CAST(coalesce(sum(c.rowCount), 0) AS DOUBLE)
  FROM ${relations.claims} AS c LEFT JOIN ${relations.owners} AS o ON o.boardKey = c.boardKey AND o.userKey = c.userKey
  WHERE c.fault IS NULL AND o.boardKey IS NULL`;

const rejectedColumns = ['userKey', 'boardKey', 'pinKey', 'timeText', 'weightText'];

/** The rejected rows: the reason, then user, board, pin, time and weight as text, empty for none. */
export function rejectedSql(hasStrangers: boolean, strangerReason: string): string {
  const texts = rejectedColumns.map((name) => `coalesce(s.${name}, '') AS ${name}`).join(', ');
  const faulty = `SELECT s.fault AS reason, ${texts} FROM ${relations.checked} AS s WHERE s.fault IS NOT NULL`;
  if (!hasStrangers) return faulty;
  return `${faulty} UNION ALL SELECT '${strangerReason}' AS reason, ${texts}
    FROM ${relations.checked} AS s LEFT JOIN ${relations.owners} AS o ON o.boardKey = s.boardKey AND o.userKey = s.userKey
    WHERE s.fault IS NULL AND o.boardKey IS NULL`;
}

/** The saves that count. What there is nothing of costs no check and no join. */
export function countedSavesSql(hasFaults: boolean, hasStrangers: boolean): string {
  const own = `JOIN ${relations.owners} AS o ON o.boardKey = s.boardKey AND o.userKey = s.userKey`;
  return `SELECT s.boardKey, s.pinKey, s.savedAt, s.weight FROM ${relations.checked} AS s
    ${hasStrangers ? own : ''} ${hasFaults ? 'WHERE s.fault IS NULL' : ''}`;
}

/** The different keys of the saves that count. */
export function seenKeysSql(kind: NodeKind): string {
  if (kind === 'users') return `SELECT DISTINCT userKey AS key FROM ${relations.owners}`;
  if (kind === 'boards') return `SELECT boardKey AS key FROM ${relations.owners}`;
  return `SELECT DISTINCT pinKey AS key FROM ${relations.counted}`;
}

/** Seen keys without an id. */
export function newKeysSql(kind: NodeKind): string {
  return `SELECT n.key FROM seen_${kind} AS n LEFT JOIN known_${kind} AS k ON k.key = n.key WHERE k.key IS NULL`;
}

/** Seen keys with their ids: `key`, `id`, for boards also `ownerKey` and `owner`, the id of the user. */
export function usedIdsSql(kind: NodeKind): string {
  const ids = `SELECT n.key, k.id FROM seen_${kind} AS n JOIN known_${kind} AS k ON k.key = n.key
    UNION ALL SELECT key, id FROM new_${kind}`;
  if (kind !== 'boards') return ids;
  return `SELECT b.key, b.id, o.userKey AS ownerKey, u.id AS owner FROM (${ids}) AS b
    JOIN ${relations.owners} AS o ON o.boardKey = b.key JOIN used_users AS u ON u.key = o.userKey`;
}

/** Nodes that the database lacks, by id. */
export function missingNodesSql(kind: NodeKind): string {
  const columns = kind === 'boards' ? 'n.id, n.key, n.owner' : 'n.id, n.key';
  return `SELECT ${columns} FROM ${lackedNodes(kind)} ORDER BY n.id`;
}

/** How many nodes the database lacks, and their largest id, -1 for none. */
export function nodeFactsSql(kind: NodeKind, isEmpty: boolean): string {
  const nodes = isEmpty ? `used_${kind} AS n` : lackedNodes(kind);
  return `SELECT CAST(count(*) AS DOUBLE), CAST(coalesce(max(n.id), -1) AS DOUBLE) FROM ${nodes}`;
}

/** All nodes by id, for an empty database. As a file of ids has texts beside them, an owner is text. */
export function nodeFileSql(kind: NodeKind): string {
  const columns = kind === 'boards' ? 'id, key, CAST(owner AS STRING) AS owner' : 'id, key';
  return `SELECT ${columns} FROM used_${kind} ORDER BY id`;
}

function lackedNodes(kind: NodeKind): string {
  return `used_${kind} AS n LEFT JOIN stored_${kind} AS s ON s.key = n.key WHERE s.key IS NULL`;
}

/** No ids at all. */
export const noIdsSql: string = `SELECT CAST(0 AS INTEGER) AS id, '' AS key, '' AS owner FROM (SELECT 1 AS one) AS none WHERE one = 0`;

/** Ids as a Parquet file holds them: `id`, `key`, for boards `owner`, the key of the user. */
export function idsFromParquetSql(kind: NodeKind, relation: string): string {
  const owner = kind === 'boards' ? ', CAST(owner AS STRING) AS owner' : '';
  return `SELECT CAST(id AS INTEGER) AS id, CAST(key AS STRING) AS key${owner} FROM ${relation}`;
}

/** The keys with an id: those of the id table, and those that only the database has. Its owners count. */
export function knownIdsSql(kind: NodeKind): string {
  const [both, own] = kind === 'boards' ? [', coalesce(s.owner, t.owner) AS owner', ', s.owner'] : ['', ''];
  return `SELECT t.id, t.key${both} FROM table_${kind} AS t LEFT JOIN stored_${kind} AS s ON s.key = t.key
    UNION ALL SELECT s.id, s.key${own} FROM stored_${kind} AS s LEFT JOIN table_${kind} AS t ON t.key = s.key
    WHERE t.key IS NULL`;
}

/** Of known ids: rows, different keys, different ids, the least id and the largest, -1 if there is none. */
export function idFactsSql(kind: NodeKind): string {
  return `SELECT count(*), count(DISTINCT key), count(DISTINCT id), coalesce(min(id), 0), coalesce(max(id), -1)
    FROM known_${kind}`;
}

/** How many keys have another id in the database than in the id table. */
export function differingIdsSql(kind: NodeKind): string {
  return `SELECT count(*), min(s.key) FROM table_${kind} AS t JOIN stored_${kind} AS s ON s.key = t.key
    WHERE s.id <> t.id`;
}

/** All ids, for the id table. */
export function allIdsSql(kind: NodeKind): string {
  if (kind !== 'boards')
    return `SELECT id, key FROM known_${kind} UNION ALL SELECT id, key FROM new_${kind} ORDER BY id`;
  return `SELECT id, key, owner FROM known_boards UNION ALL SELECT n.id, n.key, u.ownerKey AS owner
    FROM new_boards AS n JOIN used_boards AS u ON u.key = n.key ORDER BY id`;
}

/**
 * Saves by board, then pin; of repeats the one that counts first, so that a reader that keeps the first of each needs no
 * second sort.
 */
export const sortedSavesSql: string = `SELECT b.id AS board, p.id AS pin, s.savedAt, s.weight
  FROM ${relations.counted} AS s JOIN used_boards AS b ON b.key = s.boardKey JOIN used_pins AS p ON p.key = s.pinKey
  ORDER BY board, pin, s.savedAt, s.weight DESC`;
