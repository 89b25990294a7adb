import type { DataFolder } from '../data-folder.ts';
import { messageOf } from '../errors.ts';
import { type Database, openServedReadOnly } from './open-database.ts';

/** Faults in the result; a damaged database may have millions. */
const faultsMax = 20;

/** Invariants of pinwalk that SQLite does not check. Each query counts violations. */
const ownChecks: Readonly<Record<string, string>> = {
  'attributes of pins are no JSON': 'SELECT count(*) FROM pins WHERE json_valid(attributes) = 0',
  'attributes of boards are no JSON': 'SELECT count(*) FROM boards WHERE json_valid(attributes) = 0',
  'attributes of users are no JSON': 'SELECT count(*) FROM users WHERE json_valid(attributes) = 0',
  'hashes of API keys are not 32 bytes long': 'SELECT count(*) FROM keys WHERE length(hash) <> 32',
  'rows of the table source': 'SELECT abs(count(*) - 1) FROM source',
  'the next ids are in use': `SELECT nextUser <= (SELECT coalesce(max(id), -1) FROM users)
    OR nextBoard <= (SELECT coalesce(max(id), -1) FROM boards)
    OR nextPin <= (SELECT coalesce(max(id), -1) FROM pins) FROM source`,
  'the change log does not end at its position':
    'SELECT position <> (SELECT coalesce(max(position), 0) FROM events) FROM source',
};

/**
 * Reads the whole database of a server, and returns its faults, none if it is sound: structure, order and types of all tables, each
 * index against its table, and references. Text and numbers that no index repeats are not covered: only the file system
 * can notice a flipped bit there. One read transaction a table, so that the write-ahead log can be emptied between two.
 * O(rows), about 2 µs each.
 */
export function checkDatabase(folder: DataFolder): string[] {
  const faults: string[] = [];
  const attempt = (check: () => void): void => {
    try {
      check();
    } catch (error) {
      faults.push(messageOf(error));
    }
  };
  let database: Database | undefined;
  attempt(() => (database = openServedReadOnly(folder)));
  const open = database;
  if (open === undefined) return faults;
  attempt(() => {
    const tables = open
      .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
      .pluck()
      .all();
    for (const table of tables) attempt(() => faults.push(...faultsOf(open, `integrity_check(${table})`)));
  });
  attempt(() => {
    const rows = open.pragma('foreign_key_check') as unknown[];
    if (rows.length > 0) faults.push(`${rows.length} rows refer to rows that do not exist`);
  });
  for (const [fault, sql] of Object.entries(ownChecks)) {
    attempt(() => {
      const count = open.prepare<[], number>(sql).pluck().get();
      if (count !== 0) faults.push(`${fault}: ${count}`);
    });
  }
  open.close();
  return [...new Set(faults)].slice(0, faultsMax);
}

function faultsOf(database: Database, check: string): string[] {
  const rows = database.pragma(check) as { integrity_check: string }[];
  return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
}
