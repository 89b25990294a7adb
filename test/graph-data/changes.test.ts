import { randomBytes } from 'node:crypto';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrations } from '../../graph-data/database/schema.ts';
import { ChangeReader, createKey, hasUnfinishedErasure, revokeKey } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { openWriter, reading, request, save, time, unsave } from './writers.ts';

const at = new Date(time).toISOString();

/** The changes after a position, without their marks, or why there are none. */
function changes(folder: Parameters<typeof reading>[0], after = 0, max = 100, mark?: string): unknown {
  return reading(folder, (database) => {
    const read = new ChangeReader(database).read(after, max, mark);
    if (typeof read === 'string') return read;
    const lines = read.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(read.upTo).toBe(lines.at(-1)?.['position'] ?? after);
    return lines.map(({ mark: _mark, ...line }) => line);
  });
}

test('changes have keys, times, weights, attributes and ids', () => {
  const { folder, writer } = openWriter();
  writer.apply([request(save('ann pasta basil', { weight: 2 }))]);
  const vectors = { words: { model: 'm', values: [1, -1] } };
  writer.apply([
    request({ kind: 'put', nodeKind: 'pins', key: 'basil', title: 'Basil', attributes: { a: 1 }, vectors }),
    request({ kind: 'put', nodeKind: 'boards', key: 'pasta', title: 'Pasta' }),
    request({ kind: 'put', nodeKind: 'users', key: 'ann', attributes: { b: [2] } }),
    request({ kind: 'hideInterest', user: 'ann', interest: 'abcdefgh', isHidden: true }),
  ]);
  const user = { kind: 'user', user: 'ann', attributes: { b: [2] }, hiddenInterests: ['abcdefgh'] };
  const board = { kind: 'board', board: 'pasta', user: 'ann', title: 'Pasta', attributes: {} };
  const none = { text: null, url: null, imageUrl: null, createdAt: null };
  const int8 = Buffer.from(Int8Array.of(127, -127).buffer).toString('base64');
  const stored = { attributes: { a: 1 }, vectors: { words: { model: 'm', int8 } } };
  const pin = { kind: 'pin', pin: 'basil', title: 'Basil', ...none, ...stored, ids: { pin: 0 } };
  expect(changes(folder)).toEqual([
    { position: 1, ...user, isNew: true, ids: { user: 0 } },
    { position: 2, ...board, isNew: true, ids: { board: 0, user: 0 } },
    { position: 3, ...pin, isNew: true },
    {
      position: 4,
      kind: 'save',
      user: 'ann',
      board: 'pasta',
      pin: 'basil',
      savedAt: at,
      weight: 2,
      ids: { user: 0, board: 0, pin: 0 },
    },
    { position: 5, ...pin, isNew: false },
    { position: 6, ...board, isNew: false, ids: { board: 0, user: 0 } },
    { position: 7, ...user, isNew: false, ids: { user: 0 } },
    { position: 8, ...user, isNew: false, ids: { user: 0 } },
  ]);
});

test('followers share the lines that the first one read, until a person is erased', () => {
  const { folder, writer } = openWriter();
  writer.apply([request(save('ann pasta basil')), request(save('bea salad basil'))]);
  reading(folder, (database) => {
    const reader = new ChangeReader(database, 10_000);
    const first = reader.read(0, 500);
    writer.apply([request({ kind: 'put', nodeKind: 'pins', key: 'basil', title: 'Basil' })]);
    expect(reader.read(0, 500)).toBe(first);
    // Fewer than are kept.
    expect(reader.read(0, 3)).toMatchObject({ upTo: 3 });
    expect(reader.read(7, 500)).toMatchObject({ upTo: 8, whole: { lines: 1, upTo: 8 } });
    expect(reader.read(8, 500)).toMatchObject({ lines: [], upTo: 8 });
    writer.erase('ann', time);
    const after = reader.read(0, 500) as { readonly lines: readonly string[] };
    expect(after.lines.filter((line) => line.includes('ann'))).toEqual([
      expect.stringContaining('"user-gone"'),
    ]);
  });
});

test('many changes are kept in parts, the oldest are dropped, and a follower far behind gets the rest', () => {
  const { folder, writer } = openWriter();
  const saves = (from: number, count: number) =>
    request(...Array.from({ length: count }, (_, i) => save(`ann pasta pin${from + i}`)));
  writer.apply([saves(0, 2)]);
  reading(folder, (database) => {
    const reader = new ChangeReader(database, 100_000);
    const short = reader.read(0, 500);
    expect(short).toMatchObject({ upTo: 6 });
    writer.apply([saves(2, 700)]);
    const full = reader.read(0, 500);
    expect(full).toMatchObject({ upTo: 500 });
    expect(reader.read(0, 500)).toBe(full);
    expect(reader.read(6, 500)).toMatchObject({ upTo: 500 });
    for (let next = 500; next < 1_406;) next = (reader.read(next, 500) as { readonly upTo: number }).upTo;
    const again = reader.read(0, 500);
    expect(again).toEqual(full);
    expect(again).not.toBe(full);
  });
});

test('changes of a removed node have its ids, and the last change has the key', () => {
  const { folder, writer } = openWriter();
  writer.apply([request(save('ann pasta basil'), save('ann pasta olive'))]);
  writer.apply([request(unsave('ann pasta olive'), { kind: 'removePin', key: 'basil' })]);
  const ids = { user: 0, board: 0 };
  expect((changes(folder) as unknown[]).slice(2)).toEqual([
    { position: 3, kind: 'pin', isNew: true, pin: null, ids: { pin: 0 } },
    expect.objectContaining({ position: 4, kind: 'pin', pin: 'olive' }),
    { position: 5, kind: 'save', user: 'ann', board: 'pasta', pin: null, ids: { ...ids, pin: 0 } },
    { position: 6, kind: 'save', user: 'ann', board: 'pasta', pin: 'olive', ids: { ...ids, pin: 1 } },
    { position: 7, kind: 'save-gone', user: 'ann', board: 'pasta', pin: 'olive', ids: { ...ids, pin: 1 } },
    { position: 8, kind: 'save-gone', user: 'ann', board: 'pasta', pin: 'basil', ids: { ...ids, pin: 0 } },
    { position: 9, kind: 'pin-gone', pin: 'basil', ids: { pin: 0 } },
  ]);
});

test('an erasure names the person until the log is dropped, and earlier changes name nobody', () => {
  const { folder, writer } = openWriter();
  const { position } = writer.apply([request(save('ann pasta basil'))]);
  writer.erase('ann', time);
  expect(JSON.stringify(changes(folder)).match(/"ann"|"pasta"/g)).toEqual(['"pasta"', '"ann"']);
  expect(changes(folder, position)).toEqual([
    {
      position: 5,
      kind: 'save-gone',
      user: null,
      board: null,
      pin: 'basil',
      ids: { user: null, board: 0, pin: 0 },
    },
    { position: 6, kind: 'board-gone', board: 'pasta', ids: { board: 0 } },
    { position: 7, kind: 'user-gone', user: 'ann', ids: { user: 0 } },
  ]);
  const unfinished = (): number => reading(folder, (database) => Number(hasUnfinishedErasure(database)));
  // Not complete while the log names her.
  expect([writer.truncateWal(), unfinished()]).toEqual([true, 1]);
  writer.scrub(7);
  expect([writer.truncateWal(), unfinished()]).toEqual([true, 0]);
  expect(changes(folder, position)).toBe('dropped');
  expect(changes(folder, 7)).toEqual([]);
  const rows = reading(folder, (database) => database.prepare('SELECT kind, a, b, key FROM events').all());
  expect(rows).toEqual([{ kind: 'bulk', a: 0, b: 0, key: null }]);
});

test('changes end before an import, and none follow from there', async () => {
  const { folder, writer } = openWriter();
  writer.apply([request(save('ann pasta basil'))]);
  await importSaves(folder, ['ann pasta olive', 'ben salad olive']);
  writer.apply([request(save('ann pasta egg'))]);
  const kinds = (after: number, max?: number): unknown => {
    const read = changes(folder, after, max);
    return Array.isArray(read) ? read.map((line) => (line as { kind: string }).kind) : read;
  };
  expect(kinds(0)).toEqual(['user', 'board', 'pin', 'save']);
  expect(kinds(0, 5)).toEqual(['user', 'board', 'pin', 'save']);
  // Within the positions of the import, too.
  for (const after of [4, 5, 8]) expect(kinds(after, 1)).toBe('bulk');
  expect(kinds(9)).toEqual(['pin', 'save']);
  expect(kinds(12)).toBe('other-history');
});

test('the random marks of two histories with the same positions differ', () => {
  const folders = ['basil', 'olive'].map((pin) => {
    const { folder, writer } = openWriter();
    writer.apply([request(save(`ann pasta ${pin}`))]);
    writer.apply([request(save(`ann pasta egg`))]);
    return folder;
  });
  const [own, other] = folders.map((folder) =>
    reading(folder, (database) =>
      database.prepare('SELECT mark FROM events WHERE position = 4').pluck().get(),
    ),
  ) as [string, string];
  expect(changes(folders[0]!, 4, 100, own)).toHaveLength(2);
  expect(changes(folders[0]!, 4, 100, other)).toBe('other-history');
  // No commit ends there.
  expect(changes(folders[0]!, 5, 100, other)).toHaveLength(1);
});

test('API keys are changes, without their secrets', () => {
  const folder = temporaryDataFolder();
  const { key, row } = createKey(folder, { scope: 'read', name: 'app' }, randomBytes, time);
  revokeKey(folder, row.id, time + 1);
  const shown = { id: row.id, name: 'app', scope: 'read', hash: row.hash.toString('hex'), createdAt: time };
  expect(changes(folder)).toEqual([
    { position: 1, kind: 'key', key: { ...shown, revokedAt: time + 1 } },
    { position: 2, kind: 'key', key: { ...shown, revokedAt: time + 1 } },
  ]);
  expect(JSON.stringify(changes(folder))).not.toContain(key.slice(-20));
});

test('the log of a database of schema 10 is kept by the migration', () => {
  const folder = temporaryDataFolder();
  const old = new SqliteDatabase(folder.database);
  for (const migration of migrations.slice(0, 10)) old.exec(migration);
  old.pragma('user_version = 10');
  old.pragma('application_id = 0x70696e77');
  old.exec(`INSERT INTO users (id, key) VALUES (0, 'ann'); INSERT INTO pins (id, key) VALUES (0, 'basil');
    INSERT INTO events (position, kind, a, b, mark) VALUES (1, 'user', 0, 0, NULL), (2, 'pin', 0, 0, 'ab');
    UPDATE source SET position = 2, nextUser = 1, nextPin = 1`);
  old.close();
  const { writer } = openWriter(folder);
  expect(writer.apply([request(save('ann pasta basil'))]).position).toBe(4);
  const read = changes(folder) as { kind: string }[];
  expect(read.map(({ kind }) => kind)).toEqual(['user', 'pin', 'board', 'save']);
});
