import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import { migrations } from '../../graph-data/database/schema.ts';
import {
  type Change,
  type DataFolder,
  type Database,
  type WriteRequest,
  SaveWriter,
  buildSnapshot,
  loadSnapshot,
  openDatabaseReadOnly,
  readChanges,
  readPosition,
} from '../../graph-data/index.ts';
import { dropChanges } from '../../graph-data/database/change-log.ts';
import { assertTextIndexIsRight, importSaves, temporaryDataFolder } from '../data-folders.ts';
import { PlainGraph, PlainSaves, storedGraph, storedSaves } from './plain-saves.ts';

const time = Date.UTC(2026, 4, 17);
const day = 86_400_000;

function openWriter(folder: DataFolder = temporaryDataFolder()): { folder: DataFolder; writer: SaveWriter } {
  const writer = SaveWriter.open(folder, { busyMs: 0 });
  onTestFinished(() => writer.close());
  return { folder, writer };
}

function reading<Result>(folder: DataFolder, read: (database: Database) => Result): Result {
  const database = openDatabaseReadOnly(folder)!;
  try {
    return read(database);
  } finally {
    database.close();
  }
}

const request = (...changes: Change[]): WriteRequest => ({ changes, time });
const save = (text: string, more: object = {}): Change => {
  const [user = '', board = '', pin = ''] = text.split(' ');
  return { kind: 'save', user, board, pin, ...more };
};
const unsave = (text: string): Change => ({ ...save(text), kind: 'unsave' }) as Change;
const ids = (folder: DataFolder, kind: string): [string, number][] =>
  reading(folder, (database) =>
    database.prepare<[], [string, number]>(`SELECT key, id FROM ${kind} ORDER BY id`).raw().all(),
  );

const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'é😀');
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        kind: fc.constant('save' as const),
        user: key,
        board: key,
        pin: key,
        savedAt: fc.nat(1_000),
        weight: fc.constantFrom(0.5, 2),
      },
      { requiredKeys: ['kind', 'user', 'pin'] },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      { kind: fc.constant('unsave' as const), user: key, board: key, pin: key },
      { requiredKeys: ['kind', 'user', 'pin'] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('removePin' as const), key }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      nodeKind: fc.constant('pins' as const),
      key,
      title: key,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        kind: fc.constant('put' as const),
        nodeKind: fc.constant('boards' as const),
        key,
        owner: key,
        title: key,
      },
      { requiredKeys: ['kind', 'nodeKind', 'key'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('put' as const), nodeKind: fc.constant('users' as const), key }),
  },
);
const anyRequest: fc.Arbitrary<WriteRequest> = fc.record({
  changes: fc.array(anyChange, { minLength: 1, maxLength: 5 }),
  time: fc.constant(time),
  isWhole: fc.boolean(),
});

describe('apply', () => {
  test('does what a plain model does; the log brings a plain graph from anywhere to the present', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anyRequest, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        (commits, which) => {
          const folder = temporaryDataFolder();
          const database = openDatabase(folder);
          const writer = new SaveWriter(database, folder);
          try {
            const model = new PlainSaves();
            const live = new PlainGraph();
            const copies: { position: number; graph: PlainGraph }[] = [
              { position: 0, graph: new PlainGraph() },
            ];
            for (const requests of commits) {
              const before = readPosition(database);
              const { outcomes, position } = writer.apply(requests);
              expect(outcomes).toEqual(requests.map((each) => model.do(each)));
              expect(position).toBe(readPosition(database));
              expect(readChanges(database, before, (kind, a, b) => live.take(kind, a, b))).toBe(position);
              copies.push({ position, graph: live.copy() });
            }
            expect(storedSaves(database)).toEqual(model.saves());
            expect(live.told()).toEqual(storedGraph(database));
            expect(database.pragma('foreign_key_check')).toEqual([]);
            const { position, graph } = copies[which % copies.length]!;
            const reached = readChanges(database, position, (kind, a, b) => graph.take(kind, a, b));
            expect(reached).toBe(readPosition(database));
            expect(graph.told()).toEqual(storedGraph(database));
          } finally {
            writer.close();
          }
          assertTextIndexIsRight(folder);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a refused request writes nothing and stops no other; one that is not whole does the rest', () => {
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

  test('a board that is new needs an owner, and none changes hands', () => {
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

  test('attributes take the place of those before, and searches find the new text alone', () => {
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
});

describe('ids', () => {
  test('of what was deleted are not given again, by writer, import or build', async () => {
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

  test('go on where a database from before the log was', () => {
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

  test('of importer and writer in turn, and of two writers, are apart', async () => {
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

describe('the log', () => {
  test('does not reach back over an import, nor over what was dropped', async () => {
    const { folder, writer } = openWriter();
    await importSaves(folder, ['ann b1 p1']);
    const { position } = writer.apply([request(save('ann b1 p2'))]);
    const events = (after: number): string[] | undefined =>
      reading(folder, (database) => {
        const told: string[] = [];
        const reached = readChanges(database, after, (kind, a, b) => told.push(`${kind} ${a} ${b}`));
        return reached === undefined ? undefined : told;
      });
    expect(position).toBe(6);
    expect(events(3)).toBeUndefined();
    expect(events(4)).toEqual(['pin 1 0', 'save 0 1']);
    expect(events(6)).toEqual([]);
    expect(events(7)).toBeUndefined();
    writer.apply([request(unsave('ann b1 p1'))]);
    const database = openDatabase(folder);
    expect(dropChanges(database, 6)).toBe(3);
    database.close();
    expect(events(4)).toBeUndefined();
    expect(events(6)).toEqual(['save-gone 0 0']);
    // An import that brings nothing new changes nothing.
    await importSaves(folder, ['ann b1 p2']);
    expect(events(6)).toEqual(['save-gone 0 0']);
  });
});

describe('a request with a key', () => {
  const withKey = (name: string, body: string, at: number, ...changes: Change[]): WriteRequest => ({
    changes,
    time: at,
    idempotency: { key: Buffer.from(name), request: Buffer.from(body) },
  });

  test('is done once within 24 hours, and the key is of no other request', () => {
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

  test('that was refused is tried again', () => {
    const { writer } = openWriter();
    writer.apply([request(save('ben pasta basil'))]);
    const wish = withKey('k', 'one', time, save('ann pasta basil'));
    expect(writer.apply([wish]).outcomes[0]).toMatchObject({ state: 'refused' });
    expect(writer.apply([wish]).outcomes[0]).toMatchObject({ state: 'refused' });
    expect(writer.apply([{ ...wish, isWhole: false }]).outcomes[0]).toMatchObject({ results: [null] });
  });
});

test('a commit waits for the disk: no kill of a process can show that, only the setting', () => {
  const database = openDatabase(temporaryDataFolder());
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
  const full = 2;
  expect(database.pragma('synchronous', { simple: true })).toBe(full);
  database.close();
});

describe('when the database cannot be written', () => {
  test('nothing of it is there, and the next write goes on from where it was', () => {
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

  test('as another one is writing, that is said', () => {
    const { folder, writer } = openWriter();
    const other = openDatabase(folder);
    other.exec('BEGIN IMMEDIATE');
    expect(() => writer.apply([request(save('ann pasta basil'))])).toThrow(/another process is writing/);
    other.exec('ROLLBACK');
    other.close();
    expect(writer.apply([request(save('ann pasta basil'))]).position).toBe(4);
  });
});
