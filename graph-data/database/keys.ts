import { hash } from 'node:crypto';
import type { DataFolder } from '../data-folder.ts';
import { DataError } from '../errors.ts';
import { ChangeLog } from './change-log.ts';
import { readNextIds } from './counts.ts';
import { type Database, openDatabase, openDatabaseReadOnly } from './open-database.ts';

/** What an API key permits; each scope includes the ones before it. */
export const keyScopes = ['read', 'write', 'admin'] as const;
export type KeyScope = (typeof keyScopes)[number];

/** A stored API key. Times are milliseconds since 1970. */
export interface KeyRow {
  /** The public part, shown in lists and logs. */
  readonly id: string;
  readonly name: string | null;
  readonly scope: KeyScope;
  /** SHA-256 of the secret part (32 bytes). */
  readonly hash: Buffer;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

const idBytes = 6;
const secretBytes = 32;
const columns = 'id, name, scope, hash, createdAt, revokedAt';

/**
 * Creates a key and returns its text, `pw_<id>_<secret>`, which is never stored. `randomBytes` must be
 * cryptographically secure; `createdAt` is milliseconds since 1970.
 */
export function createKey(
  folder: DataFolder,
  { name, scope }: { readonly name?: string | undefined; readonly scope: KeyScope },
  randomBytes: (count: number) => Buffer,
  createdAt: number,
): { readonly row: KeyRow; readonly key: string } {
  const id = randomBytes(idBytes).toString('hex');
  const secret = randomBytes(secretBytes).toString('base64url');
  const row = { id, name: name ?? null, scope, hash: hashSecret(secret), createdAt, revokedAt: null };
  withDatabase(folder, id, (database) => {
    database
      .prepare('INSERT INTO keys (id, name, scope, hash, createdAt) VALUES (?, ?, ?, ?, ?)')
      .run(row.id, row.name, row.scope, row.hash, row.createdAt);
  });
  return { row, key: `pw_${id}_${secret}` };
}

/**
 * SHA-256 of a key's secret part. A slow password hash would add no protection, since 256 random bits cannot be
 * guessed, and every request would pay for it.
 */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** Splits a key into id and secret; undefined if the text is not formatted as a key. */
export function parseKey(text: string): { readonly id: string; readonly secret: string } | undefined {
  const [, id, secret] = /^pw_([0-9a-f]{12})_([\w-]{43})$/.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Every key ever created, revoked ones included, oldest first. Empty if the folder has no database. */
export function listKeys(folder: DataFolder): KeyRow[] {
  const database = openDatabaseReadOnly(folder);
  try {
    return database === undefined ? [] : readKeys(database);
  } finally {
    database?.close();
  }
}

/** {@link listKeys} on an open database; takes microseconds. */
export function readKeys(database: Database): KeyRow[] {
  return database.prepare<[], KeyRow>(`SELECT ${columns} FROM keys ORDER BY createdAt, id`).all();
}

/** Revokes a key permanently; a key revoked earlier keeps its time. Throws `key-unknown`. */
export function revokeKey(folder: DataFolder, id: string, revokedAt: number): KeyRow {
  return withDatabase(folder, id, (database) => {
    const row = database
      .prepare<[number, string], KeyRow>(
        `UPDATE keys SET revokedAt = coalesce(revokedAt, ?) WHERE id = ? RETURNING ${columns}`,
      )
      .get(revokedAt, id);
    if (row === undefined) {
      throw new DataError(
        'key-unknown',
        `there is no key ${JSON.stringify(id)}; list the ids with pinwalk keys list`,
      );
    }
    return row;
  });
}

/** Changes the key of an id, and logs that for replicas, in one transaction. */
function withDatabase<Result>(folder: DataFolder, id: string, work: (database: Database) => Result): Result {
  const database = openDatabase(folder);
  try {
    const change = database.transaction(() => {
      const result = work(database);
      const log = new ChangeLog(database);
      log.appendKeyed('key', 0, 0, id);
      log.flush(readNextIds(database));
      return result;
    });
    return change.immediate();
  } finally {
    database.close();
  }
}
