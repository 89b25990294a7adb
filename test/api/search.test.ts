import { beforeAll, describe, expect, test } from 'vitest';
import { randomStream } from '../../engine/index.ts';
import { type DataFolder, importFiles } from '../../graph-data/index.ts';
import { importSaves, writeInput } from '../data-folders.ts';
import { typoOf } from '../../scripts/bench/typo.ts';
import { serveForSuite } from './server.ts';

/** Pins by their number of boards; `morgan` and `jade` share some with express. */
const boardsOf: Readonly<Record<string, number>> = {
  'express-obscure': 1,
  'express-session': 20,
  express: 50,
  expresso: 5,
  'node-express': 30,
  'body-parser': 10,
  '@scope/name': 2,
  'lodash.merge': 3,
  titled: 1,
  famous: 60,
};

const fill = async (folder: DataFolder): Promise<void> => {
  const saves = Object.entries(boardsOf).flatMap(([pin, boards]) =>
    Array.from({ length: boards }, (_, i) => ({ user: `user${i % 7}`, board: `${pin} ${i}`, pin })),
  );
  const beside = [0, 1, 2].flatMap((i) => [
    { user: `user${i}`, board: `express ${i}`, pin: 'morgan' },
    { user: `user${i}`, board: `express ${i}`, pin: 'jade' },
  ]);
  const lines = [...saves, ...beside].map((row) => JSON.stringify(row)).join('\n');
  const pins =
    'pin,title,text\ntitled,Express,\nfamous,,a text that tells of express\nlonely,Crème brûlée,\n';
  await importFiles(folder, [
    writeInput(folder, 'saves.jsonl', lines),
    writeInput(folder, 'pins.csv', pins),
    writeInput(folder, 'boards.csv', 'board,title\nexpress 3,Servers\nfamous 1,servers of old\n'),
  ]);
};
const server = serveForSuite(fill);
const withoutGraph = serveForSuite(fill, { isLoaded: false });

const search = (q: string, rest = '') => server.get(`/v1/search?q=${encodeURIComponent(q)}${rest}`);
const names = (response: { body: { items: Record<string, string>[] } }) =>
  response.body.items.map(({ pin, board, user }) => pin ?? board ?? user);

beforeAll(async () => {
  // Searches are answered before the index of texts is ready.
  while ((await search('express')).body.index === 'building') await new Promise(setImmediate);
});

describe('pins by text', () => {
  test('ranks the exact key first, then the title, then keys with the prefix, popular before obscure', async () => {
    const response = await search('express');
    expect(names(response)).toEqual([
      'express',
      'titled',
      'express-session',
      'expresso',
      'express-obscure',
      'node-express',
      'famous',
    ]);
    expect(response.body).toMatchObject({
      q: 'express',
      kind: 'pins',
      graphVersion: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
    expect(response.body.items[0]).toEqual({
      rank: 1,
      pin: 'express',
      title: null,
      boards: 50,
      source: 'text',
    });
    expect(response.body.items[1]).toMatchObject({ rank: 2, title: 'Express', boards: 1 });
    expect((await search('express')).body).toEqual(response.body);
    expect(names(await search('express', '&limit=2'))).toEqual(['express', 'titled']);
  });

  test.each([
    ['expr', 'express'],
    ['EXPRESS', 'express'],
    ['e', 'express'],
    ['body-par', 'body-parser'],
    ['parser', 'body-parser'],
    ['@scope/name', '@scope/name'],
    ['name', '@scope/name'],
    ['lodash.merge', 'lodash.merge'],
    ['merge', 'lodash.merge'],
    ['creme bru', 'lonely'],
    [' express ', 'express'],
  ])('the search for %j finds %s first', async (q, first) => {
    expect(names(await search(q))[0]).toBe(first);
  });

  test('searches without a graph, then without popularity', async () => {
    const response = await withoutGraph.get('/v1/search?q=express');
    expect(response).toMatchObject({ status: 200, body: { graphVersion: null } });
    expect(response.body.items[0]).toMatchObject({ pin: 'express', boards: 50 });
    expect(new Set(names(response))).toEqual(new Set(names(await search('express'))));
  });

  test('finds a pin added after the build', async () => {
    await importSaves(server.folder, ['dan late newcomer']);
    expect((await search('newcomer')).body.items).toMatchObject([{ pin: 'newcomer', boards: 0 }]);
    expect((await search('newcomer', '&expand=true')).body.items).toHaveLength(1);
  });
});

describe('typos', () => {
  const words = [
    'express',
    'mongoose',
    'underscore',
    'body-parser',
    '@types/node',
    'Crème brûlée',
    'grunt-cli',
  ];
  const typoServer = serveForSuite(async (folder) => {
    const rare = Array.from({ length: 300 }, (_, i) => `module-${(i * 7919) % 9973}`);
    const saves = [...words, ...rare].map((pin, i) => `u${i % 50} board${i % 50} ${pin.replace(' ', '_')}`);
    await importSaves(folder, [...saves, 'u99 servers express', 'u98 pantry mongodb', 'u98 pantry exprese']);
    const titles = 'pin,title\nmovie-1,The Toy Story\nmovie-2,Garden State\n';
    await importFiles(folder, [writeInput(folder, 'titles.csv', titles)]);
  });
  const find = async (q: string, rest = '') => {
    const response = await typoServer.get(`/v1/search?q=${encodeURIComponent(q)}${rest}`);
    return response.body.items.map(({ pin, board, user, source }: Record<string, string>) => {
      return `${pin ?? board ?? user} ${source}`;
    }) as string[];
  };

  test.each([
    ['mongose', 'mongoose typo'],
    ['expresss', 'express typo'],
    ['xepress', 'express typo'],
    ['xpress', 'express typo'],
    ['UNDERSCROE', 'underscore typo'],
    ['bodyparser', 'body-parser typo'],
    ['@type/node', '@types/node typo'],
    ['undersxo', 'underscore typo'],
    ['toy stroy', 'movie-1 typo'],
    ['gaden stat', 'movie-2 typo'],
    ['express', 'express text'],
  ])('the search for %j finds %s first', async (q, first) => {
    expect((await find(q))[0]).toBe(first);
  });

  test('a key with one edit is among the first 10 in nine of ten cases', async () => {
    const keys = [
      ...words.slice(0, 5),
      ...Array.from({ length: 25 }, (_, i) => `module-${(i * 7919) % 9973}`),
    ];
    const stream = randomStream(16);
    let found = 0;
    for (const key of keys) {
      const hits = await find(typoOf(key, stream), '&limit=10');
      found += Number(hits.some((hit) => hit.startsWith(`${key} `)));
    }
    expect(found / keys.length).toBeGreaterThanOrEqual(0.9);
  });

  test('typos are looked for only below five hits, and follow them if they are more popular', async () => {
    const many = await find('module');
    expect(many).toHaveLength(20);
    expect(many.every((hit) => hit.endsWith(' text'))).toBe(true);
    expect(await find('mongo')).toEqual(['mongodb text', 'mongoose text']);
    expect(await find('mongodb')).toEqual(['mongodb text']);
    // Both are keys, one edit apart; express is on more boards.
    expect(await find('exprese')).toEqual(['exprese text', 'express typo']);
    expect(await find('express')).toEqual(['express text']);
    expect(await find('abc')).toEqual([]);
  });

  test('finds boards and users with a typo', async () => {
    expect(await find('severs', '&kind=boards')).toEqual(['servers typo']);
    expect((await find('boerd1', '&kind=boards'))[0]).toBe('board1 typo');
    expect(await find('u9xy', '&kind=users')).toEqual([]);
  });

  test('finds a pin written just now, and not one that was removed', async () => {
    const save = { user: 'ann', board: 'new', pin: 'newcomer' };
    await typoServer.post('/v1/saves', save);
    expect(await find('newcmoer')).toEqual(['newcomer typo']);
    await typoServer.get('/v1/pins/newcomer', { method: 'DELETE' });
    expect(await find('newcmoer')).toEqual([]);
  });
});

describe('a walk from the hits', () => {
  test('expand fills at least half of the list from a walk, without repeats', async () => {
    const { items } = (await search('express-s', '&expand=true&limit=3')).body;
    expect(items.map(({ source }: { source: string }) => source)).toEqual(['text', 'text', 'walk']);
    expect(items[0]).toMatchObject({ pin: 'express-session' });
    const wide = (await search('express', '&expand=true&limit=4')).body;
    expect(wide.items.map(({ pin, source }: { pin: string; source: string }) => [pin, source])).toEqual([
      ['express', 'text'],
      ['titled', 'text'],
      [expect.stringMatching(/^(morgan|jade)$/), 'walk'],
      [expect.stringMatching(/^(morgan|jade)$/), 'walk'],
    ]);
    expect(wide.items[2]).toMatchObject({ rank: 3, title: null, boards: 3 });
    const { items: all } = (await search('express', '&expand=true&limit=100')).body;
    expect(new Set(all.map(({ pin }: { pin: string }) => pin)).size).toBe(all.length);
  });

  test('expand needs a graph, even without hits', async () => {
    const response = await withoutGraph.get('/v1/search?q=nothing-at-all&expand=true');
    expect(response).toMatchObject({ status: 503, body: { code: 'graph-not-ready' } });
  });

  test('expand without hits returns no items', async () => {
    expect(await search('nothing-at-all', '&expand=true')).toMatchObject({
      status: 200,
      body: { items: [] },
    });
  });
});

describe('boards and users', () => {
  test('finds boards by the start of key and title', async () => {
    const response = await search('servers', '&kind=boards');
    expect(response.body.items).toEqual([
      { rank: 1, board: 'express 3', title: 'Servers', pins: 1, source: 'text' },
      { rank: 2, board: 'famous 1', title: 'servers of old', pins: 1, source: 'text' },
    ]);
    // Of equal matches the board with more pins comes first.
    expect(names(await search('Express', '&kind=boards&limit=3'))).toEqual([
      'express 0',
      'express 1',
      'express 2',
    ]);
    expect((await withoutGraph.get('/v1/search?q=express+0&kind=boards')).body.items).toMatchObject([
      { board: 'express 0', pins: 3 },
    ]);
  });

  test('finds users by the start of their key', async () => {
    const response = await search('user', '&kind=users&limit=2');
    expect(response.body.items).toEqual([
      { rank: 1, user: 'user0', boards: expect.any(Number) as number, source: 'text' },
      { rank: 2, user: 'user1', boards: expect.any(Number) as number, source: 'text' },
    ]);
  });
});

describe('text of any kind', () => {
  test.each([
    '"',
    '""',
    "'",
    '*',
    '-',
    '^',
    '(',
    'NEAR(a b)',
    'express NOT session',
    'key:express',
    '{key}: x',
    'a\0b',
    '\0',
    '\u{1F600}',
    '😀 express',
    '%',
    '_',
    '\\',
    'é'.repeat(200),
    'x '.repeat(100),
    '\u0301',
    ' ',
  ])('accepts the text %j', async (q) => {
    for (const kind of ['pins', 'boards', 'users']) {
      expect((await search(q, `&kind=${kind}`)).status).toBe(200);
    }
  });

  test('takes a % that escapes nothing for text', async () => {
    expect((await server.get('/v1/search?q=%zz')).status).toBe(200);
  });

  test.each([
    ['', '/q'],
    ['q=', '/q'],
    [`q=${'x'.repeat(201)}`, '/q'],
    [`q=${'x'.repeat(10_000)}`, '/q'],
    ['q=a&q=b', '/q'],
    ['q=a&limit=101', '/limit'],
    ['q=a&kind=saves', '/kind'],
    ['q=a&expand=yes', '/expand'],
    ['q=a&kind=users&expand=true', '/expand'],
    ['q=a&fields=title', '/fields'],
  ])('the problem for the query string %s points at %s', async (query, pointer) => {
    const response = await server.get(`/v1/search?${query}`);
    expect(response).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });
});
