import { hash } from 'node:crypto';
import type { DataFolder } from '../data-folder.ts';
import { DataError } from '../errors.ts';
import { type Database, openDatabase, openDatabaseReadOnly } from './open-database.ts';

/** What a key allows; each scope includes those before it. */
export const keyScopes = ['read', 'write', 'admin'] as const;
export type KeyScope = (typeof keyScopes)[number];

/** An API key as it is stored. Times in milliseconds since 1970. */
export interface KeyRow {
  /** The public part, for lists and logs. */
  readonly id: string;
  readonly name: string | null;
  readonly scope: KeyScope;
  /** SHA-256 of the secret part, 32 bytes. */
  readonly hash: Buffer;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

const idBytes = 6;
const secretBytes = 32;
const columns = 'id, name, scope, hash, createdAt, revokedAt';

/**
 * Makes a key and returns its text, `pw_<id>_<secret>`, which is stored nowhere. `randomBytes` has to be fit for
 * secrets; `createdAt` is in milliseconds since 1970.
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
  withDatabase(folder, (database) => {
    database
      .prepare('INSERT INTO keys (id, name, scope, hash, createdAt) VALUES (?, ?, ?, ?, ?)')
      .run(row.id, row.name, row.scope, row.hash, row.createdAt);
  });
  return { row, key: `pw_${id}_${secret}` };
}

/**
 * SHA-256 of a key's secret part. A slow password hash would protect nothing more: the secret is 256 random bits,
 * which nobody guesses, and each request would pay for it.
 */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** Id and secret of a text in the form of a key. */
export function parseKey(text: string): { readonly id: string; readonly secret: string } | undefined {
  const [, id, secret] = /^pw_([0-9a-f]{12})_([\w-]{43})$/.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** All keys that were ever made, oldest first. None when nothing was ever stored in the folder. */
export function listKeys(folder: DataFolder): KeyRow[] {
  const database = openDatabaseReadOnly(folder);
  try {
    return database === undefined ? [] : readKeys(database);
  } finally {
    database?.close();
  }
}

/** As {@link listKeys}, of a database that is open: some microseconds. */
export function readKeys(database: Database): KeyRow[] {
  return database.prepare<[], KeyRow>(`SELECT ${columns} FROM keys ORDER BY createdAt, id`).all();
}

function findKey(database: Database, id: string): KeyRow | undefined {
  return database.prepare<[string], KeyRow>(`SELECT ${columns} FROM keys WHERE id = ?`).get(id);
}

/** Revokes a key for good; one that was revoked before keeps its time. Throws `key-unknown`. */
export function revokeKey(folder: DataFolder, id: string, revokedAt: number): KeyRow {
  return withDatabase(folder, (database) => {
    database.prepare('UPDATE keys SET revokedAt = ? WHERE id = ? AND revokedAt IS NULL').run(revokedAt, id);
    const row = findKey(database, id);
    if (row === undefined) {
      throw new DataError(
        'key-unknown',
        `there is no key ${JSON.stringify(id)}: pinwalk keys list has the ids`,
      );
    }
    return row;
  });
}

function withDatabase<Result>(folder: DataFolder, work: (database: Database) => Result): Result {
  const database = openDatabase(folder);
  try {
    return work(database);
  } finally {
    database.close();
  }
}
