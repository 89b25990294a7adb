import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { onTestFinished, expect, test } from 'vitest';
import { InteractionThread, WriteThread } from '../../api/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import {
  type DataFolder,
  type RecordBlock,
  SaveWriter,
  eraseFromRejects,
  readConsumed,
  readInteractions,
  recordsIn,
  removeUnstoredRejects,
} from '../../graph-data/index.ts';
import type { GraphRole } from '../../api/index.ts';
import { parseRecords } from '../../api/runtime/writing/parse-records.ts';
import { packRecords } from '../../api/runtime/stream/record-packer.ts';
import { temporaryDataFolder } from '../data-folders.ts';
import { blockOf, fetched } from './topic-records.ts';

const today = Date.UTC(2026, 10, 30);
const queued = { changes: 10, client: 'kafka:', isOfStream: true };

/** Writes as the thread does, which takes a second to start. */
function writer(folder: DataFolder): (records: RecordBlock<GraphRole>) => unknown {
  const saves = SaveWriter.open(folder, { busyMs: 100 });
  onTestFinished(() => saves.close());
  return (records) => {
    const { request, outcomeOf } = parseRecords(folder, { records, time: today });
    return outcomeOf(saves.apply([request]).outcomes[0]!).consumed;
  };
}

function writerThread(folder: DataFolder): (block: RecordBlock<GraphRole>) => Promise<unknown> {
  const thread = new WriteThread(folder, { onFault: () => {} });
  onTestFinished(async () => thread.close());
  return async (records) => (await thread.writeRecords({ records, time: today }, queued)).consumed;
}

function rows<Row>(folder: DataFolder, sql: string): Row[] {
  const database = openDatabase(folder);
  try {
    return database.prepare<[], Row>(sql).all();
  } finally {
    database.close();
  }
}

const savesSql = `SELECT users.key AS user, boards.key AS board, pins.key AS pin, savedAt, weight FROM saves
  JOIN boards ON boards.id = board JOIN users ON users.id = owner JOIN pins ON pins.id = pin ORDER BY pins.key`;

function rejectsOf(folder: DataFolder): unknown[] {
  return readdirSync(folder.rejects).flatMap((name) =>
    readFileSync(`${folder.rejects}/${name}`, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => Object.assign(JSON.parse(line) as object, { file: name })),
  );
}

const save = (value: object) => ({ value: JSON.stringify(value), time: 1_700_000_000_000 });

test('records of saves are stored, and removed by a header or a topic of removals, in their order', () => {
  const folder = temporaryDataFolder();
  const write = writer(folder);
  const block = blockOf('saves', [
    save({ user: 'ann', board: 'pasta', pin: 'basil', weight: 2 }),
    save({ user: 'ann', pin: 'mint', savedAt: '2026-05-17T09:30:00Z' }),
    save({ user: 'ann', board: 'pasta', pin: 'thyme' }),
    { ...save({ user: 'ann', board: 'pasta', pin: 'thyme' }), headers: { method: 'DELETE' } },
    save({ user: 'bé', board: 'süß', pin: '薄荷' }),
  ]);
  expect(write(block)).toEqual({ rejected: 0 });
  expect(rows(folder, savesSql)).toEqual([
    { user: 'ann', board: 'pasta', pin: 'basil', savedAt: 1_700_000_000_000, weight: 2 },
    { user: 'ann', board: 'ann', pin: 'mint', savedAt: Date.UTC(2026, 4, 17, 9, 30), weight: null },
    { user: 'bé', board: 'süß', pin: '薄荷', savedAt: 1_700_000_000_000, weight: null },
  ]);
  const removals = blockOf('deletes', [save({ user: 'ann', board: 'pasta', pin: 'basil' })]);
  expect(write(removals)).toEqual({ rejected: 0 });
  expect(rows(folder, savesSql)).toHaveLength(2);
});

test('records of pins, boards and users put attributes by their key, and one without a value removes its pin', () => {
  const folder = temporaryDataFolder();
  const write = writer(folder);
  const pins = [
    { key: 'basil', value: '{"title": "Basil", "attributes": {"season": "summer"}}' },
    { key: 'mint', value: '{}' },
    { key: 'mint' },
  ];
  write(blockOf('pins', pins));
  write(blockOf('boards', [{ key: 'pasta', value: '{"owner": "ann", "title": "Pasta"}' }]));
  write(blockOf('users', [{ key: 'ann', value: '{"attributes": {"language": "en"}}' }]));
  expect(rows(folder, 'SELECT key, title, attributes FROM pins')).toEqual([
    { key: 'basil', title: 'Basil', attributes: '{"season":"summer"}' },
  ]);
  expect(rows(folder, 'SELECT key, title FROM boards')).toEqual([{ key: 'pasta', title: 'Pasta' }]);
  expect(rows(folder, 'SELECT key, attributes FROM users')).toEqual([
    { key: 'ann', attributes: '{"language":"en"}' },
  ]);
});

test('records that were consumed before, and such that leave others out, change nothing', () => {
  const folder = temporaryDataFolder();
  const write = writer(folder);
  const put = (title: string) => ({ key: 'basil', value: JSON.stringify({ title }) });
  const changes = () => rows<{ position: number }>(folder, 'SELECT position FROM source')[0]!.position;
  const first = blockOf('pins', [put('one'), put('two')], { from: 7 });
  expect(write(first)).toEqual({ rejected: 0 });
  expect(changes()).toBe(2);
  expect(write(blockOf('pins', [put('one'), put('two')], { from: 7 }))).toBeUndefined();
  expect(write(blockOf('pins', [put('two')], { from: 8 }))).toBeUndefined();
  expect(write(blockOf('pins', [put('four')], { from: 10 }))).toBeUndefined();
  expect(changes()).toBe(2);
  expect(write(blockOf('pins', [put('three')], { from: 9 }))).toEqual({ rejected: 0 });
  expect(changes()).toBe(3);
  const database = openDatabase(folder);
  onTestFinished(() => void database.close());
  expect(readConsumed(database)).toEqual([{ topic: 'id of pins', name: 'app.pins', partition: 0, next: 10 }]);
});

test('invalid and refused records are rejects with topic, partition, offset and reason, and the others are stored', () => {
  const folder = temporaryDataFolder();
  const write = writer(folder);
  write(blockOf('saves', [save({ user: 'ann', board: 'pasta', pin: 'basil' })]));
  const block = blockOf(
    'saves',
    [
      { value: '{"user": "ann"' },
      { key: 'ann', value: '{"user": "ann", "pin": 7}' },
      {},
      { value: Uint8Array.of(0x22, 0xff, 0x22) },
      save({ user: 'bea', board: 'pasta', pin: 'basil' }),
      save({ user: 'ann', board: 'pasta', pin: 'mint' }),
    ],
    { from: 1 },
  );
  expect(write(block)).toEqual({ rejected: 5 });
  expect(rows(folder, savesSql)).toHaveLength(2);
  const file = 'kafka.app.saves.0.1.rejects.jsonl';
  const at = (offset: number) => ({ file, topic: 'app.saves', partition: 0, offset });
  expect(rejectsOf(folder)).toEqual([
    { ...at(1), reason: 'is not valid JSON', text: '{"user": "ann"' },
    {
      ...at(2),
      reason: expect.stringMatching(/^\/pin: .* \(key "ann"\)$/),
      text: '{"user": "ann", "pin": 7}',
    },
    { ...at(3), reason: expect.stringContaining('has no value'), text: '' },
    { ...at(4), reason: 'is not valid UTF-8', text: '"\uFFFD"' },
    { ...at(5), reason: 'board "pasta" belongs to another user', text: expect.stringContaining('bea') },
  ]);
  const others = blockOf('users', [{ value: '{}' }, { key: 'ann' }]);
  expect(write(others)).toEqual({ rejected: 2 });
  expect(write(blockOf('boards', [{ key: 'pasta' }]))).toEqual({ rejected: 1 });
});

test('rejects of a block that is consumed again, cut elsewhere, are in the files once', () => {
  const folder = temporaryDataFolder();
  const records = [save({ user: 'ann', pin: 'basil' }), { value: 'no JSON' }];
  writeFileSync(`${folder.root}/unused`, '');
  const write = writer(folder);
  write(blockOf('saves', records));
  // As after a kill between the file and the commit.
  const database = openDatabase(folder);
  database.exec('DELETE FROM consumed');
  database.close();
  write(blockOf('saves', records.slice(0, 1)));
  expect(rejectsOf(folder)).toEqual([]);
  write(blockOf('saves', records.slice(1), { from: 1 }));
  expect(rejectsOf(folder)).toMatchObject([{ offset: 1 }]);
});

test('rejects of two blocks that were to be stored together are in the files once when both are read again as one', () => {
  const folder = temporaryDataFolder();
  const write = writer(folder);
  const records = [{ value: 'no JSON' }, { value: 'nor this' }];
  write(blockOf('saves', [{ value: 'stored' }]));
  write(blockOf('saves', records.slice(0, 1), { from: 1 }));
  write(blockOf('saves', records.slice(1), { from: 2 }));
  // As after a kill before the commit of both.
  const database = openDatabase(folder);
  database.exec('UPDATE consumed SET next = 1');
  removeUnstoredRejects(folder, ['app.pins'], readConsumed(database));
  expect(rejectsOf(folder)).toHaveLength(3);
  removeUnstoredRejects(folder, ['app.saves'], readConsumed(database));
  database.close();
  expect(rejectsOf(folder)).toMatchObject([{ offset: 0 }]);
  write(blockOf('saves', records, { from: 1 }));
  expect(rejectsOf(folder)).toMatchObject([{ offset: 0 }, { offset: 1 }, { offset: 2 }]);
});

test('when rejects cannot be written, nothing of the block is, and it can be repeated', async () => {
  const folder = temporaryDataFolder();
  const write = writerThread(folder);
  writeFileSync(folder.rejects, 'a file where the folder belongs');
  const block = () => blockOf('saves', [save({ user: 'ann', pin: 'basil' }), { value: 'no JSON' }]);
  await expect(write(block())).rejects.toMatchObject({ code: 'storage-unavailable' });
  expect(rows(folder, savesSql)).toEqual([]);
  expect(rows(folder, 'SELECT * FROM consumed')).toEqual([]);
});

test('erasing a person erases their rejected records, by their key too', () => {
  const folder = temporaryDataFolder();
  const write = writer(folder);
  write(
    blockOf('users', [
      { key: 'ann', value: 'no JSON' },
      { key: 'bea', value: 'no JSON' },
    ]),
  );
  write(blockOf('saves', [{ value: '{"user": "ann", "pin": ""}' }]));
  expect(eraseFromRejects(folder, ['ann'])).toEqual({ rows: 2, files: 1 });
  expect(rejectsOf(folder)).toMatchObject([{ reason: expect.stringContaining('"bea"') }]);
});

test('records of interactions are stored once, with the time of their record', async () => {
  const folder = temporaryDataFolder();
  const thread = new InteractionThread(folder, { onFault: () => {} });
  onTestFinished(async () => thread.close());
  const click = { kind: 'click', user: 'ann', pin: 'basil' };
  const block = () =>
    blockOf('interactions', [
      { value: JSON.stringify(click), time: today - 5_000 },
      { value: JSON.stringify({ ...click, at: today - 7_000 }), time: today },
      { value: JSON.stringify({ kind: 'impression', user: 'ann' }), time: today },
      { value: JSON.stringify(click), time: today - 90 * 86_400_000 },
    ]);
  const write = async (now: number) =>
    thread.writeLines({ records: block(), time: now, from: today - 30 * 86_400_000 }, queued);
  expect(await write(today)).toMatchObject({
    results: ['added', 'added'],
    rejects: [{ line: 2 }, { line: 3 }],
  });
  // Read again later, as after a kill before the offsets were stored.
  expect(await write(today + 3_600_000)).toMatchObject({ results: ['present', 'present'] });
  expect([...readInteractions(folder)].map(({ at }) => at - today).toSorted((a, b) => a - b)).toEqual([
    -7_000, -5_000,
  ]);
  expect(rejectsOf(folder)).toMatchObject([
    { offset: 2, reason: expect.stringContaining('/pin') },
    { offset: 3, reason: expect.stringContaining('older than interactions are kept') },
  ]);
});

test('a block has its records again, whatever is null or no ASCII', () => {
  const records = [
    { key: 'a', value: 'b' },
    { value: '' },
    { key: '' },
    { key: 'ü', value: '字', headers: { method: 'DELETE' }, time: 5 },
    { headers: { method: 'PUT', other: 'DELETE' } },
  ];
  const parts = [0, 1].map((partition) => ({
    part: { role: 'saves', name: 'app.saves', topic: 'id', partition, from: 0 } as const,
    fetched: fetched(records.slice(0, 3 + 2 * partition)),
  }));
  const read = [...recordsIn(packRecords(parts))].map(({ part, offset, key, text, time, isDelete }) => {
    return [part.partition, offset, key, text, time, isDelete];
  });
  const expected = records.map(({ key, value, time, headers }, i) => {
    return [1, i, key, value, time, headers?.['method'] === 'DELETE'];
  });
  expect(read).toEqual([...expected.slice(0, 3).map((of) => of.with(0, 0)), ...expected]);
});
