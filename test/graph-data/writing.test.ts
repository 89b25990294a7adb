import SqliteDatabase from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openDatabase, readChanges } from '../../graph-data/database/index.ts';
import { migrations } from '../../graph-data/database/schema.ts';
import {
  type Change,
  type WriteRequest,
  SaveWriter,
  buildSnapshot,
  loadSnapshot,
  readPosition,
} from '../../graph-data/index.ts';
import { dropChanges } from '../../graph-data/database/change-log.ts';
import { assertTextIndexIsRight, importSaves, temporaryDataFolder } from '../data-folders.ts';
import { storedSaves } from './plain-saves.ts';
import { ids, openWriter, reading, request, save, time, unsave } from './writers.ts';

const day = 86_400_000;

test('a refused request writes nothing and does not affect others; with isWhole false, valid changes are made', () => {
  const { folder, writer } = openWriter();
  const bad = [save('ann pasta basil'), save('ben pasta tomato'), save('ben salad tomato')];
  const { outcomes } = writer.apply([
    request(save('ann pasta egg')),
    request(...bad),
    { changes: bad, time, isWhole: false },
  ]);
  const refused = [{ index: 1, field: 'board', reason: 'board "pasta" belongs to another user' }];
  expect(outcomes).toEqual([
    { state: 'done', results: ['added'], refused: [] },
    { state: 'refused', refused },
    { state: 'done', results: ['added', null, 'added'], refused },
  ]);
  expect(ids(folder, 'pins').map(([pin]) => pin)).toEqual(['egg', 'basil', 'tomato']);
});

test('reports a save as present wherever it stands in a long request, and logs only the added ones', () => {
  const { folder, writer } = openWriter();
  const pins = Array.from({ length: 40 }, (_, i) => `pin${i}`);
  writer.apply([request(...pins.map((pin) => save(`ann all ${pin}`)))]);
  for (const at of [0, 1, 14, 15, 16, 17, 31, 39]) {
    const saves = pins.map((pin) => save(`ann board${at} ${pin}`));
    const before = writer.apply([request(saves[at]!)]).position;
    const { outcomes, position } = writer.apply([request(...saves, saves[0]!)]);
    const results = [...pins.map((_, i) => (i === at ? 'present' : 'added')), 'present'];
    expect(outcomes).toEqual([{ state: 'done', results, refused: [] }]);
    expect(position - before).toBe(39);
  }
  const saved = reading(folder, (database) => storedSaves(database));
  expect(saved.length).toBe(9 * 40);
});

test('a new board needs an owner, and no board changes its owner', () => {
  const { writer } = openWriter();
  const board = (owner?: string): Change => ({
    kind: 'put',
    nodeKind: 'boards',
    key: 'pasta',
    owner,
    title: 't',
  });
  const [nobodys, anns, again, bens] = writer.apply([
    request(board()),
    request(board('ann')),
    request(board()),
    request(board('ben')),
  ]).outcomes;
  expect(nobodys).toMatchObject({ state: 'refused', refused: [{ index: 0, field: 'owner' }] });
  expect(anns).toMatchObject({ results: ['created'] });
  expect(again).toMatchObject({ results: ['replaced'] });
  expect(bens).toMatchObject({ state: 'refused', refused: [{ index: 0, field: 'owner' }] });
});

test('a put replaces all attributes, and searches find only the new text', () => {
  const { folder, writer } = openWriter();
  const all = {
    title: 'Basil',
    text: 'green',
    url: 'u',
    imageUrl: 'i',
    createdAt: 7,
    attributes: { a: 1 },
  };
  writer.apply([request({ kind: 'put', nodeKind: 'pins', key: 'basil', ...all })]);
  writer.apply([request({ kind: 'put', nodeKind: 'pins', key: 'basil', title: 'Basilico' })]);
  reading(folder, (database) => {
    expect(database.prepare('SELECT * FROM pins').get()).toEqual({
      id: 0,
      key: 'basil',
      title: 'Basilico',
      text: null,
      url: null,
      imageUrl: null,
      createdAt: null,
      attributes: null,
    });
    const find = database.prepare('SELECT rowid FROM pins_text WHERE pins_text MATCH ?').pluck();
    expect([find.get('green'), find.get('basilico')]).toEqual([undefined, 0]);
  });
  assertTextIndexIsRight(folder);
});

describe('ids', () => {
  test('writer, import and build never reuse the id of a deleted node', async () => {
    const { folder, writer } = openWriter();
    writer.apply([request(save('ann pasta basil'), save('ann pasta tomato'))]);
    writer.apply([request({ kind: 'removePin', key: 'tomato' })]);
    writer.apply([request(save('ann pasta egg'))]);
    expect(ids(folder, 'pins')).toEqual([
      ['basil', 0],
      ['egg', 2],
    ]);
    writer.apply([request({ kind: 'removePin', key: 'egg' })]);
    await importSaves(folder, ['ann pasta garlic']);
    expect(ids(folder, 'pins').at(-1)).toEqual(['garlic', 3]);
    writer.apply([request({ kind: 'removePin', key: 'garlic' })]);
    const { version, pins } = await buildSnapshot(folder, () => 0);
    expect(pins).toBe(4);
    expect(loadSnapshot(folder, version).header.counts).toMatchObject({ pins: 4, saves: 1 });
  });

  test('a migrated database without a change log continues its ids and position', () => {
    const folder = temporaryDataFolder();
    const old = new SqliteDatabase(folder.database);
    for (const migration of migrations.slice(0, 3)) old.exec(migration);
    old.pragma('user_version = 3');
    old.pragma('application_id = 0x70696e77');
    old.exec(`INSERT INTO users (id, key) VALUES (0, 'ann'); INSERT INTO pins (id, key) VALUES (6, 'basil');
      INSERT INTO boards (id, key, owner) VALUES (4, 'pasta', 0); UPDATE source SET position = 20`);
    old.close();
    const { writer } = openWriter(folder);
    expect(writer.apply([request(save('ben salad tomato'))]).position).toBe(24);
    expect([...ids(folder, 'users'), ...ids(folder, 'boards'), ...ids(folder, 'pins')]).toEqual([
      ['ann', 0],
      ['ben', 1],
      ['pasta', 4],
      ['salad', 5],
      ['basil', 6],
      ['tomato', 7],
    ]);
    const reached = (after: number) => reading(folder, (database) => readChanges(database, after, () => {}));
    expect([reached(19), reached(20)]).toEqual([undefined, 24]);
  });

  test('importer and writer, or two writers, never assign the same id', async () => {
    const { folder, writer } = openWriter();
    const other = openWriter(folder).writer;
    writer.apply([request(save('ann b1 p1'))]);
    await importSaves(folder, ['ben b2 p2', 'ann b1 p3']);
    writer.apply([request(save('cem b3 p4'), save('ben b2 p1'))]);
    other.apply([request(save('dan b4 p5'))]);
    writer.apply([request(save('eve b5 p6'), save('dan b4 p6'))]);
    expect(ids(folder, 'users').map(([name]) => name)).toEqual(['ann', 'ben', 'cem', 'dan', 'eve']);
    expect(ids(folder, 'boards').map(([, id]) => id)).toEqual([0, 1, 2, 3, 4]);
    expect(ids(folder, 'pins').map(([, id]) => id)).toEqual([0, 1, 2, 3, 4, 5]);
    reading(folder, (database) => {
      expect(database.pragma('foreign_key_check')).toEqual([]);
      // 5 users, 5 boards, 6 pins and 8 saves.
      expect(readPosition(database)).toBe(24);
    });
  });
});

test('readChanges returns nothing from before an import or before dropped changes', async () => {
  const { folder, writer } = openWriter();
  await importSaves(folder, ['ann b1 p1']);
  const { position } = writer.apply([request(save('ann b1 p2'))]);
  const changes = (after: number): string[] | undefined =>
    reading(folder, (database) => {
      const read: string[] = [];
      const reached = readChanges(database, after, (kind, a, b) => read.push(`${kind} ${a} ${b}`));
      return reached === undefined ? undefined : read;
    });
  expect(position).toBe(6);
  expect(changes(3)).toBeUndefined();
  expect(changes(4)).toEqual(['pin 1 0', 'save 0 1']);
  expect(changes(6)).toEqual([]);
  expect(changes(7)).toBeUndefined();
  writer.apply([request(unsave('ann b1 p1'))]);
  const database = openDatabase(folder);
  expect(dropChanges(database, 6)).toBe(3);
  database.close();
  expect(changes(4)).toBeUndefined();
  expect(changes(6)).toEqual(['save-gone 0 0']);
  // An import that brings nothing new changes nothing.
  await importSaves(folder, ['ann b1 p2']);
  expect(changes(6)).toEqual(['save-gone 0 0']);
});

describe('Idempotency-Key', () => {
  const withKey = (name: string, body: string, at: number, ...changes: Change[]): WriteRequest => ({
    changes,
    time: at,
    idempotency: { key: Buffer.from(name), request: Buffer.from(body) },
  });

  test('an Idempotency-Key executes its request once within 24 hours, and refuses another request', () => {
    const { writer } = openWriter();
    const first = withKey('k', 'one', time, save('ann pasta basil'));
    const done = { state: 'done', results: ['added'], refused: [] };
    // In one commit and in another.
    expect(writer.apply([first, first]).outcomes).toEqual([done, done]);
    const later = { ...first, time: time + day };
    const other = withKey('k', 'two', time, save('ann pasta egg'));
    expect(writer.apply([later, other]).outcomes).toEqual([done, { state: 'key-taken' }]);
    const muchLater = { ...first, time: time + day + 1 };
    expect(writer.apply([muchLater]).outcomes).toEqual([{ ...done, results: ['present'] }]);
  });

  test('a refused request with an Idempotency-Key is tried again', () => {
    const { writer } = openWriter();
    writer.apply([request(save('ben pasta basil'))]);
    const wish = withKey('k', 'one', time, save('ann pasta basil'));
    expect(writer.apply([wish]).outcomes[0]).toMatchObject({ state: 'refused' });
    expect(writer.apply([wish]).outcomes[0]).toMatchObject({ state: 'refused' });
    expect(writer.apply([{ ...wish, isWhole: false }]).outcomes[0]).toMatchObject({ results: [null] });
  });
});

test('commits are synchronous (checked by setting, since no kill of a process can show it)', () => {
  const database = openDatabase(temporaryDataFolder());
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
  const full = 2;
  expect(database.pragma('synchronous', { simple: true })).toBe(full);
  database.close();
});

test('a write to a full disk leaves nothing behind, and the next one succeeds', () => {
  const folder = temporaryDataFolder();
  const database = openDatabase(folder);
  const writer = new SaveWriter(database, folder);
  writer.apply([request(save('ann pasta basil'))]);
  const pages = Number(database.pragma('page_count', { simple: true }));
  database.pragma(`max_page_count = ${pages}`);
  const many = Array.from({ length: 5_000 }, (_, i) => save(`ann pasta pin${i}`));
  expect(() => writer.apply([request(save('ben salad egg')), request(...many)])).toThrow(/disk is full/);
  expect(storedSaves(database)).toEqual(['ann pasta basil']);
  database.pragma('max_page_count = 1000000');
  expect(writer.apply([request(save('ben salad egg'))]).position).toBe(8);
  expect(ids(folder, 'boards')).toEqual([
    ['pasta', 0],
    ['salad', 1],
  ]);
  writer.close();
  assertTextIndexIsRight(folder);
});

test('a write fails with a message while another connection is writing', () => {
  const { folder, writer } = openWriter();
  const other = openDatabase(folder);
  other.exec('BEGIN IMMEDIATE');
  expect(() => writer.apply([request(save('ann pasta basil'))])).toThrow(/another process is writing/);
  other.exec('ROLLBACK');
  other.close();
  expect(writer.apply([request(save('ann pasta basil'))]).position).toBe(4);
});
