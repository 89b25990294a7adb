import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  type DataFolder,
  type Interaction,
  InteractionWriter,
  type Month,
  backUp,
  exportTo,
  importInteractions,
  listMonths,
  monthFile,
  openDataFolder,
  readClickedSearches,
  readInteractions,
  readMonth,
  restore,
} from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder, temporaryFolder, writeInput } from '../data-folders.ts';

const now = Date.UTC(2026, 10, 20);
const plain = (folder: DataFolder): unknown[] =>
  [...readInteractions(folder)].map((row) => JSON.parse(JSON.stringify(row)) as unknown);

function write(folder: DataFolder, rows: readonly Interaction[]): string[] {
  const writer = new InteractionWriter(folder, 1_000);
  try {
    return writer.apply([{ rows, time: now }])[0]!;
  } finally {
    writer.close();
  }
}

const full: Interaction = {
  kind: 'impression',
  user: 'ann, "the cook"',
  pin: 'basil\n1',
  at: Date.UTC(2026, 9, 31, 23, 59, 59, 999),
  recommendationId: 'r1',
  surface: 'feed',
  pipeline: 'fresh',
  arm: 'b',
  rank: 3,
  score: 0.1 + 0.2,
  propensity: 1 / 3,
};
const rows = [
  full,
  { ...full, user: 'pin', pin: 'pin', at: Date.UTC(2026, 10, 1), query: '0 "rock", \n東京' },
  { id: 'é'.repeat(128), kind: 'purchase', user: 'ann', pin: 'x', at: now, value: 12.5 },
  { kind: 'unsubscribe', user: 'ben', at: now },
] satisfies Interaction[];

test.each(['csv', 'jsonl.gz', 'parquet'])(
  'what is exported as %s is imported again, once',
  async (ending) => {
    const folder = temporaryDataFolder();
    await importSaves(folder, ['ann pasta basil']);
    expect(write(folder, rows)).toEqual(['added', 'added', 'added', 'added']);
    const file = path.join(temporaryFolder(), `interactions.${ending}`);
    expect(await exportTo(folder, file)).toEqual([{ file, table: 'interactions', rows: 4 }]);
    const copy = temporaryDataFolder();
    expect(await importInteractions(copy, [file], now)).toMatchObject([{ read: 4, new: 4, rejected: 0 }]);
    expect(plain(copy)).toEqual(plain(folder));
    expect(plain(copy)).toHaveLength(4);
    expect(await importInteractions(copy, [file], now)).toMatchObject([{ read: 4, new: 0, duplicate: 4 }]);
    expect(await importInteractions(folder, [file], now)).toMatchObject([{ new: 0, duplicate: 4 }]);
  },
);

test('a published log of flags becomes impressions and actions; faulty rows are rejected with their line', async () => {
  const folder = temporaryDataFolder();
  const log = writeInput(
    folder,
    'log.csv',
    `user_id,video_id,time_ms,tab,is_click,is_like,duration_ms
7,9,1650812741436,1,1,0,5
7,8,1650812741500,1,1,1,5
,8,1650812741500,1,1,1,5
7,8,never,1,1,1,5
7,8,1900000000000,1,1,1,5
`,
  );
  const [report] = await importInteractions(folder, [log], now);
  expect(report).toMatchObject({ kind: 'interactions', read: 5, new: 5, duplicate: 0, rejected: 3 });
  expect(report!.ignoredColumns).toEqual(['duration_ms']);
  expect(report!.firstRejects).toEqual([
    { line: 4, reason: 'user is missing' },
    { line: 5, reason: 'at is neither an ISO 8601 date nor a Unix time (--date-format reads others)' },
    { line: 6, reason: 'at is in the future' },
  ]);
  expect(readFileSync(report!.rejectsFile!, 'utf8').split('\n')).toHaveLength(4);
  const at = 1650812741500;
  expect(plain(folder)).toEqual(
    expect.arrayContaining(
      ['impression', 'click', 'like'].map((kind) => ({ kind, user: '7', pin: '8', at, surface: '1' })),
    ),
  );
});

test('logs in the forms of Open Bandit, Hillstrom and KuaiRand are imported by their columns', async () => {
  const folder = temporaryDataFolder();
  // Without users; positions; propensities.
  const bandit = writeInput(
    folder,
    'random.csv',
    `,timestamp,item_id,position,click,propensity_score,user_feature_0
0,2019-11-24 00:00:13.534975+00:00,23,3,0,0.029411764705882353,cef3
1,2019-11-24 00:00:25.004112+00:00,64,1,1,0.029411764705882353,cef3
`,
  );
  const columns = ['is_click=click'];
  const options = { columns, isVisitorPerRow: true, constants: { surface: 'women', pipeline: 'random' } };
  expect(await importInteractions(folder, [bandit], now, options)).toMatchObject([
    { read: 2, new: 3, rejected: 0, ignoredColumns: ['user_feature_0'] },
  ]);
  expect(await importInteractions(folder, [bandit], now, options)).toMatchObject([{ new: 0, duplicate: 3 }]);
  const shown = { pin: '64', rank: 1, propensity: 1 / 34, surface: 'women', pipeline: 'random' };
  const at = Date.UTC(2019, 10, 24, 0, 0, 25, 4);
  const visitor = { ...shown, user: 'random.csv:3', at };
  expect(plain(folder)).toEqual(
    expect.arrayContaining([
      { ...visitor, kind: 'impression' },
      { ...visitor, kind: 'click' },
    ]),
  );
  // A row a customer, with an arm, flags, and money of one of them; without pins and times.
  const mails = writeInput(
    folder,
    'mails.csv',
    'recency,segment,visit,conversion,spend\n10,Mens E-Mail,1,1,29.99\n6,No E-Mail,0,0,0\n2,Mens E-Mail,1,0,0\n',
  );
  const [report] = await importInteractions(folder, [mails], now, {
    columns: ['arm=segment', 'is_visit=visit', 'is_conversion=conversion', 'value_conversion=spend'],
    isVisitorPerRow: true,
    constants: { pin: 'e-mail', surface: 'e-mail', at: '2008-03-20' },
  });
  expect(report).toMatchObject({ read: 3, new: 6, rejected: 0, ignoredColumns: ['recency'] });
  const mail = { pin: 'e-mail', surface: 'e-mail', at: Date.UTC(2008, 2, 20), arm: 'Mens E-Mail' };
  expect(plain(folder)).toEqual(
    expect.arrayContaining([
      { ...mail, user: 'mails.csv:2', kind: 'conversion', value: 29.99 },
      { ...mail, user: 'mails.csv:4', kind: 'visit' },
    ]),
  );
  const videos = writeInput(
    folder,
    'videos.tsv',
    'user_id\tvideo_id\ttime_ms\ttab\tis_click\tlong_view\tplay_time_ms\n7\t9\t1650812741436\t1\t1\t1\t5300\n',
  );
  await importInteractions(folder, [videos], now, {
    columns: ['is_longView=long_view', 'value_longView=play_time_ms'],
  });
  const watched = { user: '7', pin: '9', surface: '1', at: 1650812741436 };
  expect(plain(folder)).toEqual(
    expect.arrayContaining([
      { ...watched, kind: 'click' },
      { ...watched, kind: 'longView', value: 5300 },
    ]),
  );
});

test('an import of a log without users, or with a constant for an unknown field, reports the fault', async () => {
  const folder = temporaryDataFolder();
  const log = writeInput(folder, 'log.csv', 'item_id,timestamp,is_click\n1,2026-05-17,1\n2,2026-05-17,0\n');
  const refused = (options: object): Promise<unknown> => importInteractions(folder, [log], now, options);
  await expect(refused({})).rejects.toThrow('no column of item_id, timestamp, is_click is the user');
  await expect(refused({ isVisitorPerRow: true, constants: { price: '5' } })).rejects.toThrow(
    'no field price',
  );
  expect(await refused({ constants: { user: 'ann' } })).toMatchObject([{ new: 3 }]);
});

test('old months are dropped as files, the days of the month in between row by row', () => {
  const folder = temporaryDataFolder();
  const at = (month: number, day: number, user = 'u'): Interaction => ({
    kind: 'click',
    user,
    pin: 'p',
    at: Date.UTC(2026, month - 1, day, 12),
  });
  write(folder, [at(8, 31), at(9, 1), at(9, 30), at(10, 14, 'early'), at(10, 15), at(10, 31), at(11, 2)]);
  const writer = new InteractionWriter(folder, 1_000);
  expect(writer.dropBefore(Date.UTC(2026, 9, 15, 18))).toEqual({ months: 2, rows: 1 });
  expect(listMonths(folder)).toEqual(['2026-10', '2026-11']);
  expect(
    [...readInteractions(folder)].map(({ at: time }) => new Date(time).toISOString().slice(5, 10)),
  ).toEqual(['10-15', '10-31', '11-02']);
  expect(readFileSync(monthFile(folder, '2026-10')).includes('early')).toBe(false);
  // The writer stays usable: its caches know nothing of what is gone.
  expect(writer.apply([{ rows: [at(9, 1), at(10, 20, 'early')], time: now }])).toEqual([['added', 'added']]);
  expect(writer.dropBefore(0)).toEqual({ months: 0, rows: 0 });
  writer.close();
  expect([...readInteractions(folder)]).toHaveLength(5);
});

test('two writers of one month agree on ids', () => {
  const folder = temporaryDataFolder();
  const [a, b] = [new InteractionWriter(folder, 1_000), new InteractionWriter(folder, 1_000)];
  const row = (n: number): Interaction => ({
    kind: `k${n % 3}`,
    user: `u${n % 5}`,
    pin: `p${n % 7}`,
    at: now - n,
  });
  const expected: unknown[] = [];
  for (let n = 0; n < 60; n++) {
    (n % 2 === 0 ? a : b).apply([{ rows: [row(n)], time: now }]);
    expected.push(row(n));
  }
  a.close();
  b.close();
  expect(plain(folder)).toEqual(expect.arrayContaining(expected));
  expect(plain(folder)).toHaveLength(60);
});

test('a backup has the interactions; restoring it replaces other months, and without any it deletes them', async () => {
  const source = temporaryDataFolder();
  await importSaves(source, ['ann pasta basil']);
  const root = temporaryFolder();
  const [without, backup] = [path.join(root, 'without.tar'), path.join(root, 'with.tar')];
  const origin = { pinwalk: '1.2.3', createdAt: new Date(0) };
  await backUp(source, without, origin);
  write(source, rows);
  await backUp(source, backup, origin);

  const target = openDataFolder(path.join(root, 'target'));
  await importSaves(target, ['ben salad leek']);
  write(target, [
    { kind: 'click', user: 'old', pin: 'p', at: Date.UTC(2026, 6, 1) },
    { kind: 'click', user: 'old', pin: 'p', at: now },
  ]);
  await restore(target.root, backup, { force: true });
  expect(plain(target)).toEqual(plain(source));
  expect(listMonths(target)).toEqual(['2026-10', '2026-11']);
  expect(write(target, [{ kind: 'click', user: 'new', pin: 'p', at: Date.UTC(2026, 6, 1) }])).toEqual([
    'added',
  ]);
  await restore(target.root, without, { force: true });
  expect(plain(target)).toEqual([]);
  expect(listMonths(target)).toEqual([]);
});

test('a typed query belongs to a list: the first one stays, and only months with queries have a schema of their own', () => {
  const folder = temporaryDataFolder();
  const shown = { ...full, at: now, recommendationId: 'searched' };
  write(folder, [full, { ...shown, query: 'red lamp' }]);
  write(folder, [
    { ...shown, rank: 4, query: 'blue lamp' },
    { kind: 'click', user: 'ben', pin: shown.pin, recommendationId: 'searched', at: now },
  ]);
  const version = (month: Month): unknown => {
    const database = readMonth(folder, month);
    const found = database.pragma('user_version', { simple: true });
    database.close();
    return found;
  };
  expect(listMonths(folder).map((month) => [month, version(month)])).toEqual([
    ['2026-10', 1],
    ['2026-11', 2],
  ]);
  expect(Array.from(readInteractions(folder), ({ user, rank, query }) => ({ user, rank, query }))).toEqual(
    expect.arrayContaining([
      { user: full.user, rank: 3, query: undefined },
      { user: full.user, rank: 3, query: 'red lamp' },
      { user: full.user, rank: 4, query: 'red lamp' },
      { user: 'ben', rank: undefined, query: undefined },
    ]),
  );
  expect(readClickedSearches(folder, 10)).toEqual([
    { user: full.user, query: 'red lamp', ranks: new Map([[full.pin, 4]]), clicked: new Set([full.pin]) },
  ]);
});
